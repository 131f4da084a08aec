// Signing in, refreshing, signing out.
#include <future>

#include "services/identity/tests/service/identity_fixture.h"
#include "services/identity/usecases/create_tenant.h"

namespace karez::identity {
namespace {

using testing::FailsWith;
using testing::RefusesField;
using testing::Succeeds;
using AuthStub = v1::AuthService::Stub;

using SessionTest = IdentityTest;

TEST_F(SessionTest, BootstrapASecondTimeChangesNothing) {
  const auto again =
      usecases::BootstrapPlatform(service().host().pool(), clock(), "another-password-for-it");
  ASSERT_THAT(again, Succeeds());
  EXPECT_FALSE(*again);
  EXPECT_THAT(SignIn("platform", "admin", kPlatformPassword), Succeeds());
  EXPECT_THAT(usecases::BootstrapPlatform(service().host().pool(), clock(), "short"),
              RefusesField("KAREZ_BOOTSTRAP_PASSWORD_FILE"));
}

TEST_F(SessionTest, SignInAnswersWhoTheCallerIs) {
  const auto tenant = NewUtility();
  const auto signed_in = SignIn(tenant.code(), "admin", kPassword);
  ASSERT_THAT(signed_in, Succeeds());
  EXPECT_EQ(signed_in->expires_in_seconds(), 300);
  EXPECT_EQ(signed_in->session().tenant_id(), tenant.tenant_id());
  EXPECT_EQ(signed_in->session().tenant_code(), tenant.code());
  EXPECT_EQ(signed_in->session().staff_name(), "admin");
  EXPECT_TRUE(signed_in->session().all_branches());
  const auto session =
      service().Call(Caller(*signed_in), &AuthStub::GetSession, v1::GetSessionRequest());
  ASSERT_THAT(session, Succeeds());
  EXPECT_EQ(session->SerializeAsString(), signed_in->session().SerializeAsString());
}

TEST_F(SessionTest, UnknownUtilityNameAndPasswordGiveOneAnswer) {
  const auto tenant = NewUtility();
  const auto wrong_password = SignIn(tenant.code(), "admin", "wrong-password");
  const auto wrong_name = SignIn(tenant.code(), "nobody", kPassword);
  const auto wrong_tenant = SignIn("nowhere", "admin", kPassword);
  // An administrator of the platform is no way into a utility that does not exist.
  const auto platform_password = SignIn("nowhere", "admin", kPlatformPassword);
  for (const auto& refused : {wrong_password, wrong_name, wrong_tenant, platform_password}) {
    ASSERT_THAT(refused, FailsWith(Code::kUnauthenticated, "INVALID_CREDENTIALS"));
    EXPECT_EQ(refused.error().message, wrong_password.error().message);
  }
  EXPECT_THAT(SignIn("", "admin", kPassword), RefusesField("tenant_code"));
  EXPECT_THAT(SignIn(tenant.code(), "admin", ""), RefusesField("password"));
}

TEST_F(SessionTest, TheSixthAttemptIsRefusedEvenWithTheRightPassword) {
  const auto tenant = NewUtility();
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(SignIn(tenant.code(), "admin", "wrong-password"));
  }
  EXPECT_THAT(SignIn(tenant.code(), "admin", kPassword),
              FailsWith(Code::kUnauthenticated, "INVALID_CREDENTIALS"));
  clock().Advance(std::chrono::minutes(15));
  EXPECT_THAT(SignIn(tenant.code(), "admin", kPassword), Succeeds());
}

TEST_F(SessionTest, GuessesAtOnceCountEachOne) {
  const auto tenant = NewUtility();
  std::vector<std::future<bool>> guesses;
  for (int i = 0; i < 8; ++i) {
    guesses.push_back(std::async(std::launch::async, [&, i] {
      return SignIn(tenant.code(), "admin", "wrong-password-" + std::to_string(i)).has_value();
    }));
  }
  for (auto& guess : guesses) EXPECT_FALSE(guess.get());
  EXPECT_FALSE(SignIn(tenant.code(), "admin", kPassword));
  clock().Advance(std::chrono::minutes(15));
  EXPECT_TRUE(SignIn(tenant.code(), "admin", kPassword));
}

TEST_F(SessionTest, ARefreshTokenWorksOnce) {
  const auto tenant = NewUtility();
  const auto first = SignIn(tenant.code(), "admin", kPassword).value();
  const auto second = Refresh(first.refresh_token());
  ASSERT_THAT(second, Succeeds());
  EXPECT_EQ(second->session().session_id(), first.session().session_id());
  EXPECT_NE(second->refresh_token(), first.refresh_token());
  // The old one again: one of the two who hold it is a thief, so the whole session ends.
  EXPECT_THAT(Refresh(first.refresh_token()),
              FailsWith(Code::kUnauthenticated, "REFRESH_TOKEN_INVALID"));
  EXPECT_THAT(Refresh(second->refresh_token()),
              FailsWith(Code::kUnauthenticated, "REFRESH_TOKEN_INVALID"));
}

TEST_F(SessionTest, RefreshTokensOfOthersAndOldOnesAreRefused) {
  const auto tenant = NewUtility();
  const auto signed_in = SignIn(tenant.code(), "admin", kPassword).value();
  const std::string& token = signed_in.refresh_token();
  const std::string other_tenant =
      std::to_string(tenant.tenant_id() + 1) + token.substr(token.find('.'));
  for (const std::string& bad : {std::string(), std::string("garbage"), other_tenant,
                                 token.substr(0, token.size() - 1) + "A"}) {
    if (bad == token) continue;
    EXPECT_THAT(Refresh(bad), FailsWith(Code::kUnauthenticated, "REFRESH_TOKEN_INVALID"));
  }
  clock().Advance(std::chrono::hours(12));
  EXPECT_THAT(Refresh(token), FailsWith(Code::kUnauthenticated, "REFRESH_TOKEN_INVALID"));
}

// Reads the stream of revocations until the session is told, two seconds at most.
bool IsTold(testing::Service& service, const std::string& token, const std::string& session) {
  v1::AuthService::Stub stub(service.Channel());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(2));
  context.AddMetadata("x-karez-token", token);
  const auto stream = stub.WatchRevocations(&context, v1::WatchRevocationsRequest());
  v1::Revocations message;
  while (stream->Read(&message)) {
    for (const auto& id : message.session_ids()) {
      if (id == session) {
        context.TryCancel();
        return true;
      }
    }
  }
  return false;
}

TEST_F(SessionTest, SignOutIsToldToGatewaysWithinTwoSeconds) {
  const auto tenant = NewUtility();
  const auto signed_in = SignIn(tenant.code(), "admin", kPassword).value();
  const std::string gateway = GatewayToken();
  auto told = std::async(std::launch::async, [&] {
    return IsTold(service(), gateway, signed_in.session().session_id());
  });
  EXPECT_THAT(service().Call(Caller(signed_in), &AuthStub::SignOut, v1::SignOutRequest()),
              Succeeds());
  EXPECT_TRUE(told.get());
  // A gateway that starts afterwards hears of it too.
  EXPECT_TRUE(IsTold(service(), gateway, signed_in.session().session_id()));
  EXPECT_FALSE(Refresh(signed_in.refresh_token()));
}

TEST_F(SessionTest, RevocationsAreForServicesOnly) {
  v1::AuthService::Stub stub(service().Channel());
  grpc::ClientContext context;
  context.AddMetadata("x-karez-token", PlatformAdmin());
  const auto stream = stub.WatchRevocations(&context, v1::WatchRevocationsRequest());
  v1::Revocations message;
  EXPECT_FALSE(stream->Read(&message));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

Result<v1::ChangePasswordResponse> ChangePassword(testing::Service& service,
                                                  const std::string& caller,
                                                  const std::string& old_password,
                                                  const std::string& new_password) {
  v1::ChangePasswordRequest request;
  request.set_old_password(old_password);
  request.set_new_password(new_password);
  return service.Call(caller, &AuthStub::ChangePassword, request);
}

TEST_F(SessionTest, ANewPasswordEndsTheOtherSessions) {
  const auto tenant = NewUtility();
  const auto here = SignIn(tenant.code(), "admin", kPassword).value();
  const auto elsewhere = SignIn(tenant.code(), "admin", kPassword).value();
  const std::string caller = Caller(here);
  EXPECT_THAT(ChangePassword(service(), caller, "wrong-password", "second-password"),
              FailsWith(Code::kUnauthenticated, "INVALID_CREDENTIALS"));
  EXPECT_THAT(ChangePassword(service(), caller, kPassword, "short"), RefusesField("new_password"));
  EXPECT_THAT(ChangePassword(service(), caller, kPassword, kPassword),
              RefusesField("new_password"));
  ASSERT_THAT(ChangePassword(service(), caller, kPassword, "second-password"), Succeeds());
  EXPECT_FALSE(Refresh(elsewhere.refresh_token()));
  EXPECT_TRUE(Refresh(here.refresh_token()));
  EXPECT_FALSE(SignIn(tenant.code(), "admin", kPassword));
  EXPECT_TRUE(SignIn(tenant.code(), "admin", "second-password"));
}

TEST_F(SessionTest, KeysOfAllProcessesArePublic) {
  const auto keys = service().Call("", &AuthStub::ListKeys, v1::ListKeysRequest());
  ASSERT_THAT(keys, Succeeds());
  std::set<std::string> names;
  for (const auto& key : keys->keys()) {
    names.insert(key.kid());
    EXPECT_EQ(key.kty(), "OKP");
    EXPECT_EQ(key.crv(), "Ed25519");
    EXPECT_EQ(key.x().size(), 43U);
  }
  EXPECT_TRUE(names.contains("identity"));
  EXPECT_TRUE(names.contains("gateway"));
}

using ShutdownTest = IdentityTest;

TEST_F(ShutdownTest, AnOpenStreamDoesNotHoldUpTheStop) {
  v1::AuthService::Stub stub(service().Channel());
  grpc::ClientContext context;
  context.AddMetadata("x-karez-token", GatewayToken());
  const auto stream = stub.WatchRevocations(&context, v1::WatchRevocationsRequest());
  v1::Revocations message;
  ASSERT_TRUE(stream->Read(&message));
  const auto begun = std::chrono::steady_clock::now();
  auto stopped = std::async(std::launch::async, [this] { service().host().Stop(); });
  while (stream->Read(&message)) continue;
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  stopped.get();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
}

}  // namespace
}  // namespace karez::identity

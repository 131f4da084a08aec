#include "services/gateway/auth/authenticator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/auth/tests/test_keys.h"
#include "libs/base/uuid.h"
#include "libs/testing/result_matchers.h"

namespace karez::gateway::auth {
namespace {

using karez::testing::FailsWith;
using karez::testing::Succeeds;

class AuthenticatorTest : public ::testing::Test {
 protected:
  AuthenticatorTest() {
    const auto identity = karez::auth::NewKeyPair();
    const auto gateway = karez::auth::NewKeyPair();
    keys_.Put("identity", identity.public_pem);
    keys_.Put("gateway", gateway.public_pem);
    identity_ = karez::auth::Signer::FromPem("identity", identity.private_pem).value();
    gateway_ = karez::auth::Signer::FromPem("gateway", gateway.private_pem).value();
    verifier_ = karez::auth::Verifier::FromDirectory(keys_.path());
    authenticator_ = std::make_unique<Authenticator>(verifier_, gateway_, revoked_, clock_);
    revoked_.MarkLoaded();
  }
  karez::auth::Claims Claims() const {
    karez::auth::Claims claims;
    claims.audience = "karez";
    claims.subject = "staff-1";
    claims.tenant = 7;
    claims.session = "session-1";
    claims.kind = "staff";
    claims.permissions = {"probe.thing.get"};
    claims.issued_at = clock_.Now();
    claims.expires_at = clock_.Now() + std::chrono::minutes(5);
    return claims;
  }
  std::string Bearer() const { return "Bearer " + identity_->Sign(Claims()); }

  ManualClock clock_{ParseInstant("2026-05-01T08:00:00Z").value()};
  karez::auth::KeyFolder keys_;
  std::shared_ptr<const karez::auth::Signer> identity_;
  std::shared_ptr<const karez::auth::Signer> gateway_;
  std::shared_ptr<const karez::auth::Verifier> verifier_;
  RevokedSessions revoked_;
  std::unique_ptr<Authenticator> authenticator_;
};

TEST_F(AuthenticatorTest, HandsTheCallerOnUnderTheGatewaysOwnSignature) {
  const auto caller = authenticator_->Authenticate(Bearer());
  ASSERT_THAT(caller, Succeeds());
  const std::string token = authenticator_->TokenFor(**caller, "billing");
  const auto claims = verifier_->Verify(token, "billing", {"gateway"}, clock_.Now());
  ASSERT_THAT(claims, Succeeds());
  EXPECT_EQ(claims->subject, "staff-1");
  EXPECT_EQ(claims->tenant, 7);
  EXPECT_EQ(claims->session, "session-1");
  EXPECT_TRUE(claims->permissions.contains("probe.thing.get"));
  EXPECT_EQ(claims->expires_at - claims->issued_at, std::chrono::seconds(60));
}

TEST_F(AuthenticatorTest, KeepsAnInternalTokenForHalfAMinuteAndAService) {
  const auto caller = authenticator_->Authenticate(Bearer()).value();
  const std::string first = authenticator_->TokenFor(*caller, "billing");
  EXPECT_NE(authenticator_->TokenFor(*caller, "accounts"), first);
  clock_.Advance(std::chrono::seconds(30));
  EXPECT_EQ(authenticator_->TokenFor(*caller, "billing"), first);
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_NE(authenticator_->TokenFor(*caller, "billing"), first);
}

TEST_F(AuthenticatorTest, RefusesAKnownTokenOnceItHasExpired) {
  const std::string bearer = Bearer();
  ASSERT_THAT(authenticator_->Authenticate(bearer), Succeeds());
  clock_.Advance(std::chrono::minutes(5) + std::chrono::seconds(4));
  EXPECT_THAT(authenticator_->Authenticate(bearer), Succeeds());
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_THAT(authenticator_->Authenticate(bearer),
              FailsWith(Code::kUnauthenticated, "TOKEN_EXPIRED"));
}

TEST_F(AuthenticatorTest, TakesOnlyTokensOfIdentity) {
  EXPECT_THAT(authenticator_->Authenticate("Bearer " + gateway_->Sign(Claims())),
              FailsWith(Code::kUnauthenticated, "TOKEN_ISSUER_UNKNOWN"));
}

TEST_F(AuthenticatorTest, TrustsNobodyBeforeTheEndedSessionsAreKnown) {
  const RevokedSessions unknown;
  Authenticator authenticator(verifier_, gateway_, unknown, clock_);
  EXPECT_THAT(authenticator.Authenticate(Bearer()),
              FailsWith(Code::kUnavailable, "SESSIONS_UNKNOWN"));
}

TEST_F(AuthenticatorTest, ForgetsAnEndedSessionWhenItsTokensHaveExpired) {
  revoked_.Add("session-1", clock_.Now());
  EXPECT_THAT(authenticator_->Authenticate(Bearer()),
              FailsWith(Code::kUnauthenticated, "SESSION_ENDED"));
  clock_.Advance(std::chrono::minutes(10));
  revoked_.Add("session-2", clock_.Now());
  EXPECT_FALSE(revoked_.Contains("session-1"));
}

}  // namespace
}  // namespace karez::gateway::auth

// Identity in-process, with its platform tenant; every test makes utilities of its own.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/auth/tests/test_keys.h"
#include "libs/testing/eventually.h"
#include "libs/testing/result_matchers.h"
#include "libs/testing/service.h"
#include "services/identity/app.h"

namespace karez::identity {

inline constexpr const char* kPlatformPassword = "platform-first-password";
inline constexpr const char* kPassword = "first-password-of-a-test";

// What one suite shares: the process and its keys.
struct RunningIdentity {
  RunningIdentity();
  ~RunningIdentity();

  ManualClock clock{SystemClock().Now()};
  auth::KeyFolder keys;
  testing::Service service{"identity", Migrations(), clock};
  std::unique_ptr<App> app;
  std::shared_ptr<const auth::Signer> gateway;  // stands in for the gateway's key
};

class IdentityTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { running_ = std::make_unique<RunningIdentity>(); }
  static void TearDownTestSuite() { running_.reset(); }

  testing::Service& service() { return running_->service; }
  ManualClock& clock() { return running_->clock; }

  // A new utility with administrator `admin`; the code is unique in the suite.
  v1::Tenant NewUtility();
  // The platform's administrator as a caller.
  std::string PlatformAdmin();

  Result<v1::SignInResponse> SignIn(const std::string& tenant_code, const std::string& name,
                                    const std::string& password);
  Result<v1::SignInResponse> Refresh(const std::string& refresh_token);
  // What the gateway makes of an access token: an internal token for identity.
  std::string Caller(const v1::SignInResponse& signed_in);
  std::string Admin(const v1::Tenant& tenant);
  // The gateway itself, which is no member of any staff.
  std::string GatewayToken();

  Result<v1::Role> NewRole(const std::string& caller, const std::string& name,
                           const std::vector<std::string>& permissions);
  Result<v1::Staff> NewStaff(const std::string& caller, const std::string& name,
                             const std::vector<std::string>& role_ids,
                             const std::vector<std::string>& branch_ids = {});
  Result<v1::Branch> NewBranch(const std::string& caller, const std::string& code,
                               const std::string& parent_id = "");
  Result<v1::Staff> Update(const std::string& caller, const v1::Staff& staff);

 private:
  static std::unique_ptr<RunningIdentity> running_;
};

}  // namespace karez::identity

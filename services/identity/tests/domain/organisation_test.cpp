// Tenants, branches, roles, staff: what their rules refuse.
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/result_matchers.h"
#include "services/identity/domain/branch.h"
#include "services/identity/domain/role.h"
#include "services/identity/domain/session.h"
#include "services/identity/domain/settings.h"
#include "services/identity/domain/staff.h"
#include "services/identity/domain/tenant.h"
#include "services/identity/domain/text.h"

namespace karez::identity {
namespace {

using testing::FailsWith;
using testing::RefusesField;
using testing::Succeeds;

constexpr TenantId kShule = 2;
const Instant kNow = ParseInstant("2026-05-01T00:00:00Z").value();
const PermissionCatalogue kCatalogue({"billing.bill.read", "billing.bill.issue",
                                      "platform.tenant.create"});

Principal Holding(PermissionSet permissions, Scope scope = {}) {
  Principal principal;
  principal.permissions = std::move(permissions);
  principal.scope = std::move(scope);
  return principal;
}

Result<void> CheckTenant(std::string code, std::string name, std::string zone, std::string group) {
  Violations bad;
  NewTenant(bad, std::move(code), std::move(name), std::move(zone), std::move(group), kNow);
  return bad.Check();
}

TEST(TenantTest, BadFieldsAreNamed) {
  EXPECT_THAT(CheckTenant("shule", "疏勒水务（演示）", "Asia/Urumqi", "tianshan"), Succeeds());
  EXPECT_THAT(CheckTenant("Shule", "x", "", ""), RefusesField("code"));
  EXPECT_THAT(CheckTenant("s", "x", "", ""), RefusesField("code"));
  EXPECT_THAT(CheckTenant("-shule", "x", "", ""), RefusesField("code"));
  EXPECT_THAT(CheckTenant("shule", "", "", ""), RefusesField("name"));
  EXPECT_THAT(CheckTenant("shule", "two\nlines", "", ""), RefusesField("name"));
  EXPECT_THAT(CheckTenant("shule", "x", "Asia/Beijing", ""), RefusesField("zone"));
  EXPECT_THAT(CheckTenant("shule", "x", "", "Tian Shan"), RefusesField("group_code"));
}

TEST(TenantTest, SettingsAreCheckedBeforeAnyIsChanged) {
  TenantRecord tenant;
  EXPECT_THAT(tenant.ChangeSettings({{"number.bill", "B-{yyyy}-{seq:6}"}, {"colour", "blue"}}),
              RefusesField("settings[colour]"));
  EXPECT_TRUE(tenant.settings.empty());
  EXPECT_EQ(tenant.version, 1);
  ASSERT_THAT(tenant.ChangeSettings({{"number.bill", "B-{yyyy}-{seq:6}"}}), Succeeds());
  EXPECT_EQ(tenant.settings.at("number.bill"), "B-{yyyy}-{seq:6}");
  EXPECT_EQ(tenant.version, 2);
  ASSERT_THAT(tenant.ChangeSettings({{"number.bill", ""}}), Succeeds());
  EXPECT_TRUE(tenant.settings.empty());
  EXPECT_THAT(tenant.ChangeSettings({}), RefusesField("settings"));
}

Result<void> CheckOne(const std::string& key, const std::string& value) {
  Violations bad;
  CheckSetting(bad, key, value);
  return bad.Check();
}

TEST(SettingsTest, NumberPatternsNeedOneCounter) {
  for (const char* good : {"{seq:1}", "SL-{yyyy}{MM}{dd}-{seq:12}", "{seq:6}-X"}) {
    EXPECT_THAT(CheckOne("number.account", good), Succeeds()) << good;
  }
  for (const char* bad : {"SL", "{seq:0}", "{seq:13}", "{seq:6}{seq:6}", "{seq}", "{year}{seq:3}",
                          "{seq:6", "a b{seq:3}", "水{seq:3}", "{seq:+3}"}) {
    EXPECT_FALSE(CheckOne("number.account", bad)) << bad;
  }
  EXPECT_FALSE(CheckOne("number.account", std::string(40, 'x') + "{seq:3}"));
}

TEST(SettingsTest, KeysAndRangesAreChecked) {
  for (const char* key : {"", "number.", "number.Bill", "numbers", "billing.review"}) {
    EXPECT_FALSE(CheckOne(key, "{seq:3}")) << key;
  }
  EXPECT_TRUE(CheckOne("billing.review.jump_percent", "300"));
  EXPECT_FALSE(CheckOne("billing.review.jump_percent", "100"));
  EXPECT_FALSE(CheckOne("billing.review.jump_percent", "3e2"));
  EXPECT_FALSE(CheckOne("metering.estimate_missing", "true"));
  EXPECT_TRUE(CheckOne("billing.carry_remainder", "false"));
  EXPECT_FALSE(CheckOne("billing.carry_remainder", "no"));
}

TEST(SettingsTest, EveryKeyIsInTheDocumentation) {
  std::ifstream file(KAREZ_SOURCE_DIR "/docs/operations.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  ASSERT_FALSE(text.empty());
  for (const SettingRule& rule : SettingRules()) {
    std::string key = rule.key;
    if (key.ends_with('*')) key.pop_back();
    EXPECT_NE(text.find("`" + key), std::string::npos) << rule.key;
  }
}

TEST(BranchTest, BadFieldsAreNamed) {
  EXPECT_THAT(NewBranch("east", "城东营业所", ""), Succeeds());
  EXPECT_THAT(NewBranch("East", "x", ""), RefusesField("code"));
  EXPECT_THAT(NewBranch("east", " x", ""), RefusesField("name"));
  EXPECT_THAT(NewBranch("east", "x", "somewhere"), RefusesField("parent_id"));
}

TEST(RoleTest, PermissionsThatDoNotExistAreNamed) {
  EXPECT_THAT(NewRole("clerk", {"billing.bill.read"}, kCatalogue, kShule), Succeeds());
  EXPECT_THAT(NewRole("clerk", {"billing.bill.read", "billing.bill.raed"}, kCatalogue, kShule),
              RefusesField("permissions[1]"));
}

TEST(RoleTest, PlatformPermissionsExistOnlyForThePlatform) {
  EXPECT_THAT(NewRole("ops", {"platform.tenant.create"}, kCatalogue, kShule),
              RefusesField("permissions[0]"));
  EXPECT_THAT(NewRole("ops", {"platform.tenant.create"}, kCatalogue, kPlatformTenant), Succeeds());
}

TEST(RoleTest, ChangeNeedsTheCurrentEtag) {
  Role role = NewRole("clerk", {}, kCatalogue, kShule).value();
  EXPECT_THAT(role.Change("clerk", {}, "", kCatalogue, kShule), RefusesField("etag"));
  EXPECT_THAT(role.Change("clerk", {}, "7", kCatalogue, kShule),
              FailsWith(Code::kAborted, "ETAG_MISMATCH"));
  EXPECT_THAT(role.Change("desk", {"billing.bill.read"}, "1", kCatalogue, kShule), Succeeds());
  EXPECT_EQ(role.name, "desk");
  EXPECT_EQ(role.version, 2);
}

TEST(RoleTest, TheBuiltInRoleHoldsEverythingAndCannotBeChanged) {
  Role role = AdministratorRole();
  EXPECT_EQ(role.PermissionsIn(kCatalogue, kShule).size(), 2U);
  EXPECT_EQ(role.PermissionsIn(kCatalogue, kPlatformTenant).size(), 3U);
  EXPECT_THAT(role.Change("x", {}, "1", kCatalogue, kShule),
              FailsWith(Code::kFailedPrecondition, "ROLE_BUILT_IN"));
}

TEST(HandOnTest, NobodyHandsOnWhatHeDoesNotHold) {
  const auto caller = Holding({"billing.bill.read"});
  EXPECT_THAT(MayHandOn(caller, PermissionSet{"billing.bill.read"}), Succeeds());
  EXPECT_THAT(MayHandOn(caller, PermissionSet{"billing.bill.issue"}),
              FailsWith(Code::kPermissionDenied, "PERMISSION_NOT_HELD"));
  const BranchId east = BranchId::New();
  const BranchId west = BranchId::New();
  const auto of_east = Holding({}, {false, {east}});
  EXPECT_THAT(MayHandOn(of_east, Scope{false, {east}}), Succeeds());
  EXPECT_THAT(MayHandOn(of_east, Scope{false, {}}), Succeeds());
  EXPECT_THAT(MayHandOn(of_east, Scope{false, {east, west}}),
              FailsWith(Code::kPermissionDenied, "SCOPE_NOT_HELD"));
  EXPECT_THAT(MayHandOn(of_east, Scope{true, {}}),
              FailsWith(Code::kPermissionDenied, "SCOPE_NOT_HELD"));
  EXPECT_THAT(MayHandOn(caller, Scope{true, {}}), Succeeds());
}

TEST(AssignmentTest, IdsAreParsedSortedAndOnce) {
  const std::string a = RoleId::New().str();
  const std::string b = RoleId::New().str();
  Violations bad;
  const auto parsed = Parse(bad, {{b, a, b}, false, {}});
  EXPECT_THAT(bad.Check(), Succeeds());
  EXPECT_EQ(parsed.roles, (std::vector<RoleId>{*RoleId::Parse(a), *RoleId::Parse(b)}));
  Parse(bad, {{"x"}, true, {"y", BranchId::New().str()}});
  EXPECT_THAT(bad.Check(), RefusesField("role_ids[0]"));
  EXPECT_THAT(bad.Check(), RefusesField("branch_ids[0]"));
  EXPECT_THAT(bad.Check(), RefusesField("branch_ids"));
}

TEST(PasswordRuleTest, CountsCharactersNotBytes) {
  const auto check = [](const std::string& text) {
    Violations bad;
    CheckNewPassword(bad, "password", text);
    return bad.Check();
  };
  EXPECT_THAT(check("水到渠成水到渠成水到渠成"), Succeeds());
  EXPECT_THAT(check("水到渠成水到渠成水到渠"), RefusesField("password"));
  EXPECT_THAT(check("elevenchars"), RefusesField("password"));
  EXPECT_THAT(check(std::string(129, 'x')), RefusesField("password"));
  EXPECT_THAT(check("line\nbreak is not"), RefusesField("password"));
}

TEST(SessionTest, EndsAfterAWeekAndWhenRevoked) {
  SessionRecord session = NewSession(StaffId::New(), kNow);
  EXPECT_TRUE(session.Usable(kNow + std::chrono::hours(7 * 24) - Duration(1)));
  EXPECT_FALSE(session.Usable(kNow + std::chrono::hours(7 * 24)));
  session.revoked_at = kNow;
  EXPECT_FALSE(session.Usable(kNow));
}

TEST(RefreshTokenTest, OnlyTheOwnFormIsRead) {
  const std::string secret(43, 'A');
  EXPECT_EQ(RefreshToken::Parse(RefreshToken{7, secret}.str())->tenant, 7);
  for (const std::string& text :
       {std::string(), secret, "x." + secret, "0." + secret, "-1." + secret,
        "99999999999." + secret, "7." + secret + "A", "7.7." + secret.substr(2) + "A"}) {
    EXPECT_FALSE(RefreshToken::Parse(text)) << text;
  }
}

}  // namespace
}  // namespace karez::identity

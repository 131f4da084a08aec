// The audit log, fed by the topics of all services.
#include "karez/audit/v1/audit.pb.h"

#include "libs/rpc/status.h"
#include "services/identity/tests/service/identity_fixture.h"

namespace karez::identity {
namespace {

using testing::Eventually;
using testing::Succeeds;
using Stub = v1::IdentityService::Stub;

class AuditTest : public IdentityTest {
 protected:
  std::vector<v1::AuditRecord> Records(const std::string& admin,
                                       const v1::ListAuditRecordsRequest& request = {}) {
    const auto list = service().Call(admin, &Stub::ListAuditRecords, request);
    EXPECT_THAT(list, Succeeds());
    return {list->records().begin(), list->records().end()};
  }

  bool EventuallyRecorded(const std::string& admin, const std::string& method,
                          const std::string& outcome) {
    return Eventually([&] {
      for (const auto& record : Records(admin)) {
        if (record.method().ends_with(method) && record.outcome() == outcome) return true;
      }
      return false;
    });
  }

  // As another service would publish it.
  void PublishFromBilling(TenantId tenant, const Uuid& event_id) {
    audit::v1::AuditRecorded event;
    event.set_record_id(Uuid::V7().str());
    *event.mutable_time() = rpc::ToProto(clock().Now());
    event.set_service("billing");
    event.set_method("karez.billing.v1.BillingService.CollectPayment");
    event.set_subject("clerk-id");
    event.set_outcome("OK");
    service().Publish("billing", tenant, "audit", Uuid::V7(), 0, event, event_id);
  }
};

TEST_F(AuditTest, ChangesRefusalsAndSignInsAreRecorded) {
  const auto tenant = NewUtility();
  const std::string admin = Admin(tenant);
  EXPECT_FALSE(SignIn(tenant.code(), "admin", "wrong-password"));
  ASSERT_THAT(NewRole(admin, "clerk", {"identity.staff.read"}), Succeeds());
  v1::CreateTenantRequest forbidden;
  forbidden.set_request_id(Uuid::V7().str());
  forbidden.set_admin_password("never-to-be-seen");
  EXPECT_FALSE(service().Call(admin, &Stub::CreateTenant, forbidden));

  EXPECT_TRUE(EventuallyRecorded(admin, ".SignIn", "OK"));
  EXPECT_TRUE(EventuallyRecorded(admin, ".SignIn", "INVALID_CREDENTIALS"));
  EXPECT_TRUE(EventuallyRecorded(admin, ".CreateRole", "OK"));
  EXPECT_TRUE(EventuallyRecorded(admin, ".CreateTenant", "PERMISSION_DENIED"));
  for (const auto& record : Records(admin)) {
    EXPECT_EQ(record.request_json().find("never-to-be-seen"), std::string::npos);
    EXPECT_EQ(record.request_json().find(kPassword), std::string::npos);
  }
}

TEST_F(AuditTest, RecordsOfOtherServicesJoinTheChainOnce) {
  const auto tenant = NewUtility();
  const std::string admin = Admin(tenant);
  const Uuid event_id = Uuid::V7();
  PublishFromBilling(tenant.tenant_id(), event_id);
  PublishFromBilling(tenant.tenant_id(), event_id);  // a redelivery
  PublishFromBilling(tenant.tenant_id(), Uuid::V7());
  v1::ListAuditRecordsRequest request;
  request.set_method("karez.billing.v1.BillingService.CollectPayment");
  EXPECT_TRUE(Eventually([&] { return Records(admin, request).size() == 2; }));
  // Without gaps, newest first, each with its hash.
  const auto all = Records(admin);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].sequence(), static_cast<std::int64_t>(all.size() - i));
    EXPECT_EQ(all[i].hash().size(), 64U);
  }
}

TEST_F(AuditTest, PagesAreBoundToTheirFilter) {
  const auto tenant = NewUtility();
  const std::string admin = Admin(tenant);
  PublishFromBilling(tenant.tenant_id(), Uuid::V7());
  PublishFromBilling(tenant.tenant_id(), Uuid::V7());
  v1::ListAuditRecordsRequest request;
  request.set_subject("clerk-id");
  ASSERT_TRUE(Eventually([&] { return Records(admin, request).size() == 2; }));
  request.set_page_size(1);
  const auto first = service().Call(admin, &Stub::ListAuditRecords, request).value();
  ASSERT_EQ(first.records_size(), 1);
  request.set_page_token(first.next_page_token());
  const auto second = service().Call(admin, &Stub::ListAuditRecords, request).value();
  ASSERT_EQ(second.records_size(), 1);
  EXPECT_LT(second.records(0).sequence(), first.records(0).sequence());
  EXPECT_EQ(second.next_page_token(), "");
  request.set_subject("someone-else");
  EXPECT_FALSE(service().Call(admin, &Stub::ListAuditRecords, request));
}

TEST_F(AuditTest, AnotherUtilitySeesNoneOfIt) {
  const auto shule = NewUtility();
  const auto gaochang = NewUtility();
  PublishFromBilling(shule.tenant_id(), Uuid::V7());
  v1::ListAuditRecordsRequest request;
  request.set_subject("clerk-id");
  ASSERT_TRUE(Eventually([&] { return Records(Admin(shule), request).size() == 1; }));
  EXPECT_TRUE(Records(Admin(gaochang), request).empty());
}

}  // namespace
}  // namespace karez::identity

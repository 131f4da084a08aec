#include "services/accounts/tests/fixture.h"

#include "services/accounts/app.h"
#include "services/accounts/store/meter_store.h"
#include "services/accounts/usecases/create_customer.h"

namespace karez::accounts::tests {
namespace {

const Uuid kBranchSpace = *Uuid::Parse("0b1f5f0e-33a4-4a7c-8f1c-5d2e9a6c7b11");

}  // namespace

Instant At(std::string_view text) { return ParseInstant(text).value(); }

AccountsTest::AccountsTest()
    : database_("accounts", Migrations()),
      sealer_(auth::Sealer::FromHexKey(std::string(64, '7')).value()) {
  for (const TenantId tenant : {kTenant, kOther}) {
    database_.AddTenant(tenant, "t" + std::to_string(tenant));
    for (const std::string code : {"north", "south"}) {
      database_.Sql("INSERT INTO branch (tenant_id, id, code, name, version) VALUES (" +
                    std::to_string(tenant) + ", '" + Branch(code, tenant).str() + "', '" + code +
                    "', 'Branch " + code + "', 1)");
    }
  }
}

Context AccountsTest::Staff(TenantId tenant, std::vector<BranchId> branches) const {
  const Context all = karez::testing::StaffContext(tenant, clock_);
  Principal principal = all.principal();
  principal.scope = {branches.empty(), std::move(branches)};
  auto info = std::make_shared<Tenant>(all.tenant());
  return Context(std::move(info), std::move(principal), Uuid::V7(), Trace::New(), all.deadline(),
                 clock_);
}

BranchId AccountsTest::Branch(const std::string& code, TenantId tenant) const {
  return BranchId(Uuid::V5(kBranchSpace, std::to_string(tenant) + code));
}

Customer AccountsTest::MakeCustomer(const std::string& name, const std::string& phone,
                                    TenantId tenant) {
  const Customer customer{CustomerId::New(), name, CustomerKind::kPerson, phone,
                          "000000199001010018"};
  const auto context = Staff(tenant);
  Do(context, [&](pg::Tx& tx) { usecases::CreateCustomer(tx, context, *sealer_, customer); });
  return customer;
}

Address AccountsTest::MakeAddress(const AddressNames& names, TenantId tenant) {
  const auto context = Staff(tenant);
  return Run(context, [&](pg::Tx& tx) { return usecases::CreateAddress(tx, context, names); })
      .value();
}

Meter AccountsTest::MakeMeter(const std::string& number, TenantId tenant, bool active) {
  const Meter meter{MeterId::New(), number, Branch("north", tenant), active, 1};
  const auto context = Staff(tenant);
  Do(context, [&](pg::Tx& tx) { store::UpsertMeter(tx, context, meter); });
  return meter;
}

usecases::OpenAccountInput AccountsTest::OpenInput(const std::string& room,
                                                   const std::vector<NewBinding>& meters) {
  usecases::OpenAccountInput input;
  input.customer_id = MakeCustomer("Test Customer").id;
  input.address_id = MakeAddress({"Region", "Apricot Court", "3", "", room}).id;
  input.branch_id = Branch("north");
  input.tariff_code = "household";
  input.meters = meters;
  return input;
}

Account AccountsTest::Open(const usecases::OpenAccountInput& input) {
  const auto context = Staff();
  auto opened =
      Run(context, [&](pg::Tx& tx) { return usecases::OpenAccount(tx, context, *sealer_, input); });
  EXPECT_THAT(opened, Succeeds());
  return std::move(opened->account);
}

std::int64_t AccountsTest::Count(const std::string& from) {
  return std::stoll(database_.Value("SELECT count(*) FROM " + from));
}

}  // namespace karez::accounts::tests

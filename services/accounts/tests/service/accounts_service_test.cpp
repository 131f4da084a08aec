// Accounts over gRPC, with real events in and out.
#include <gtest/gtest.h>

#include "karez/accounts/v1/accounts.grpc.pb.h"
#include "karez/billing/v1/events.pb.h"
#include "karez/identity/v1/events.pb.h"
#include "karez/metering/v1/events.pb.h"

#include "libs/testing/eventually.h"
#include "libs/testing/result_matchers.h"
#include "libs/testing/service.h"
#include "services/accounts/app.h"

namespace karez::accounts {
namespace {

using karez::testing::Eventually;
using karez::testing::FailsWith;
using karez::testing::RefusesField;
using karez::testing::Succeeds;
using Stub = v1::AccountsService::Stub;

constexpr TenantId kTenant = 2;
constexpr TenantId kOther = 3;
const std::set<std::string, std::less<>> kAll = {
    "accounts.customer.create", "accounts.customer.read",  "accounts.customer.reveal",
    "accounts.address.create",  "accounts.address.read",   "accounts.account.open",
    "accounts.account.read",    "accounts.account.update", "accounts.account.close",
    "accounts.account.import"};

std::string NewRequest() { return Uuid::V7().str(); }

class AccountsServiceTest : public ::testing::Test {
 protected:
  AccountsServiceTest()
      : service_("accounts", Migrations(), clock_), app_(std::make_unique<App>(service_.host())) {
    service_.database().AddTenant(kTenant, "shule");
    service_.database().AddTenant(kOther, "gaochang");
    service_.Start();
    for (const TenantId tenant : {kTenant, kOther}) {
      identity::v1::BranchChanged event;
      event.set_branch_id(Branch(tenant).str());
      event.set_code("north");
      event.set_name("Branch north");
      event.set_version(1);
      service_.Publish("identity", tenant, "branch", Branch(tenant), 1, event);
    }
    EXPECT_TRUE(Eventually([&] { return Value("SELECT count(*) FROM branch") == "2"; }));
    staff_ = service_.Staff(kTenant, kAll);
    other_ = service_.Staff(kOther, kAll);
  }

  // The App goes before the service that runs it.
  ~AccountsServiceTest() override { service_.host().Stop(); }

  static Uuid Branch(TenantId tenant) { return Uuid::V5(Uuid(), "b" + std::to_string(tenant)); }
  std::string Value(const std::string& query) { return service_.database().Value(query); }

  template <class Response, class Request>
  Result<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                     Response*),
                        const Request& request) {
    return service_.Call(staff_, method, request);
  }

  v1::Customer CreateCustomer() {
    v1::CreateCustomerRequest request;
    request.set_request_id(NewRequest());
    request.set_name("Test Person");
    request.set_kind(v1::Customer::KIND_PERSON);
    request.set_phone("13800001234");
    request.set_identity_number("000000199001010018");
    return Call(&Stub::CreateCustomer, request).value();
  }
  v1::OpenAccountRequest OpenRequest(const std::string& room = "101") {
    v1::CreateAddressRequest address;
    address.set_request_id(NewRequest());
    address.set_region("Region");
    address.set_community("Apricot Court");
    address.set_room(room);
    v1::OpenAccountRequest request;
    request.set_request_id(NewRequest());
    request.set_customer_id(CreateCustomer().customer_id());
    request.set_address_id(Call(&Stub::CreateAddress, address).value().address_id());
    request.set_branch_id(Branch(kTenant).str());
    request.set_tariff_code("household");
    return request;
  }
  v1::Account Open(const std::string& room = "101") {
    return Call(&Stub::OpenAccount, OpenRequest(room)).value().account();
  }
  v1::AccountView View(const std::string& account_id) {
    v1::GetAccountViewRequest request;
    request.set_account_id(account_id);
    return Call(&Stub::GetAccountView, request).value();
  }

  // A meter as metering publishes it; returns when it is here.
  Uuid AddMeter(const std::string& number, TenantId tenant = kTenant) {
    const Uuid id = Uuid::V7();
    PublishMeter(id, number, tenant);
    EXPECT_TRUE(Eventually(
        [&] { return Value("SELECT count(*) FROM meter WHERE id = '" + id.str() + "'") == "1"; }));
    return id;
  }
  void PublishMeter(const Uuid& id, const std::string& number, TenantId tenant = kTenant) {
    metering::v1::MeterChanged event;
    event.set_meter_id(id.str());
    event.set_number(number);
    event.set_branch_id(Branch(tenant).str());
    event.set_active(true);
    event.set_version(1);
    service_.Publish("metering", tenant, "meter", id, 1, event);
  }

  common::v1::Operation Import(const std::string& csv) {
    v1::ImportAccountsRequest request;
    request.set_request_id(NewRequest());
    request.set_csv(csv);
    const auto begun = Call(&Stub::ImportAccounts, request);
    EXPECT_THAT(begun, Succeeds());
    // Follows the stream to its end.
    v1::WatchImportRequest watch;
    watch.set_import_id(begun->id());
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(4));
    context.AddMetadata("x-karez-token", staff_);
    Stub stub(service_.Channel());
    const auto stream = stub.WatchImport(&context, watch);
    common::v1::Operation out;
    while (stream->Read(&out)) {
    }
    EXPECT_TRUE(stream->Finish().ok());
    EXPECT_EQ(out.state(), common::v1::Operation::STATE_SUCCEEDED);
    return out;
  }
  double Rows(const common::v1::Operation& operation, const std::string& state) {
    return operation.result().fields().at(state).number_value();
  }
  std::vector<common::v1::ImportRow> ImportRows(const std::string& import_id) {
    v1::ListImportRowsRequest request;
    request.set_import_id(import_id);
    const auto rows = Call(&Stub::ListImportRows, request).value().rows();
    return {rows.begin(), rows.end()};
  }

  SystemClock clock_;
  karez::testing::Service service_;
  std::unique_ptr<App> app_;
  std::string staff_;
  std::string other_;
};

TEST_F(AccountsServiceTest, AnswersAreMaskedUntilRevealedForAReason) {
  const auto customer = CreateCustomer();
  EXPECT_EQ(customer.phone(), "138****1234");
  EXPECT_EQ(customer.identity_number(), "**************0018");
  v1::RevealCustomerRequest request;
  request.set_customer_id(customer.customer_id());
  EXPECT_THAT(Call(&Stub::RevealCustomer, request), RefusesField("reason"));
  request.set_reason("calls back about a leak");
  const auto revealed = Call(&Stub::RevealCustomer, request);
  ASSERT_THAT(revealed, Succeeds());
  EXPECT_EQ(revealed->phone(), "13800001234");
  EXPECT_THAT(service_.Call(other_, &Stub::RevealCustomer, request),
              FailsWith(Code::kNotFound, "CUSTOMER_NOT_FOUND"));
  EXPECT_THAT(service_.Call(service_.Staff(kTenant, {"accounts.customer.read"}),
                            &Stub::RevealCustomer, request),
              FailsWith(Code::kPermissionDenied, "PERMISSION_DENIED"));
  bool recorded = false;
  for (const auto& event : service_.Await("karez.audit.v1.AuditRecorded", 4)) {
    if (event.type != "karez.audit.v1.AuditRecorded") continue;
    recorded |= event.payload.find("calls back about a leak") != std::string::npos;
    EXPECT_EQ(event.payload.find("13800001234"), std::string::npos);
  }
  EXPECT_TRUE(recorded);
}

TEST_F(AccountsServiceTest, OpeningIsPublishedWholeAndARepeatChangesNothing) {
  const Uuid meter = AddMeter("M1");
  auto request = OpenRequest();
  auto& binding = *request.add_meters();
  binding.set_meter_id(meter.str());
  binding.set_from_ml(1'500'000);
  const auto opened = Call(&Stub::OpenAccount, request);
  ASSERT_THAT(opened, Succeeds());
  const auto again = Call(&Stub::OpenAccount, request);
  ASSERT_THAT(again, Succeeds());
  EXPECT_EQ(again->SerializeAsString(), opened->SerializeAsString());
  request.set_tariff_code("business");
  EXPECT_THAT(Call(&Stub::OpenAccount, request),
              FailsWith(Code::kInvalidArgument, "REQUEST_ID_REUSED"));
  v1::AccountChanged event;
  int events = 0;
  for (const auto& published : service_.Await("karez.accounts.v1.AccountChanged", 1)) {
    if (published.type != "karez.accounts.v1.AccountChanged") continue;
    ASSERT_TRUE(event.ParseFromString(published.payload));
    ++events;
  }
  EXPECT_EQ(events, 1);
  EXPECT_EQ(event.number(), opened->account().number());
  EXPECT_EQ(event.address(), "Region Apricot Court 101");
  EXPECT_EQ(event.household_size(), 4);
  ASSERT_EQ(event.bindings_size(), 1);
  EXPECT_EQ(event.bindings(0).meter_number(), "M1");
  EXPECT_EQ(event.bindings(0).from_ml(), 1'500'000);
}

TEST_F(AccountsServiceTest, AForeignUtilityFindsNothingByOurIds) {
  const auto account = Open();
  v1::GetAccountRequest get;
  get.set_account_id(account.account_id());
  EXPECT_THAT(service_.Call(other_, &Stub::GetAccount, get),
              FailsWith(Code::kNotFound, "ACCOUNT_NOT_FOUND"));
  v1::GetAccountViewRequest view;
  view.set_account_id(account.account_id());
  EXPECT_THAT(service_.Call(other_, &Stub::GetAccountView, view),
              FailsWith(Code::kNotFound, "ACCOUNT_NOT_FOUND"));
  v1::ListCasesRequest cases;
  cases.set_account_id(account.account_id());
  EXPECT_THAT(service_.Call(other_, &Stub::ListCases, cases),
              FailsWith(Code::kNotFound, "ACCOUNT_NOT_FOUND"));
  v1::CloseAccountRequest close;
  close.set_request_id(NewRequest());
  close.set_account_id(account.account_id());
  EXPECT_THAT(service_.Call(other_, &Stub::CloseAccount, close),
              FailsWith(Code::kNotFound, "ACCOUNT_NOT_FOUND"));
  v1::SearchAccountsRequest search;
  search.set_query("Apricot");
  EXPECT_EQ(service_.Call(other_, &Stub::SearchAccounts, search).value().hits_size(), 0);
  EXPECT_EQ(service_.Call(staff_, &Stub::SearchAccounts, search).value().hits_size(), 1);
}

TEST_F(AccountsServiceTest, BadRequestsNameEveryField) {
  v1::OpenAccountRequest open;
  open.set_request_id(NewRequest());
  open.set_customer_id("x");
  open.set_household_size(100);
  const auto refused = Call(&Stub::OpenAccount, open);
  for (const char* field :
       {"customer_id", "address_id", "branch_id", "tariff_code", "household_size"}) {
    EXPECT_THAT(refused, RefusesField(field));
  }
  v1::SearchAccountsRequest search;
  search.set_query("x");
  EXPECT_THAT(Call(&Stub::SearchAccounts, search), RefusesField("query"));
  v1::ListAccountsRequest list;
  list.set_page_token("forged");
  EXPECT_THAT(Call(&Stub::ListAccounts, list), RefusesField("page_token"));
}

TEST_F(AccountsServiceTest, ListsPageByPage) {
  for (const char* room : {"1", "2", "3"}) Open(room);
  v1::ListAccountsRequest request;
  request.set_page_size(2);
  std::vector<std::string> numbers;
  do {
    const auto page = Call(&Stub::ListAccounts, request).value();
    for (const auto& account : page.accounts()) numbers.push_back(account.number());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(numbers, (std::vector<std::string>{"00000001", "00000002", "00000003"}));
  v1::ListAddressesRequest rooms;
  rooms.set_page_size(1);
  const auto region = Call(&Stub::ListAddresses, rooms).value();
  ASSERT_EQ(region.addresses_size(), 1);
  rooms.set_parent_id(region.addresses(0).address_id());
  EXPECT_EQ(Call(&Stub::ListAddresses, rooms).value().addresses(0).name(), "Apricot Court");
}

TEST_F(AccountsServiceTest, ThePageShowsTheFactsOfOthersTheNewestOnly) {  // REV-02
  const Uuid meter = AddMeter("M1");
  const auto account = Open();
  v1::BindMeterRequest bind;
  bind.set_request_id(NewRequest());
  bind.set_account_id(account.account_id());
  bind.mutable_meter()->set_meter_id(meter.str());
  ASSERT_THAT(Call(&Stub::BindMeter, bind), Succeeds());

  const Uuid id = *Uuid::Parse(account.account_id());
  metering::v1::LatestReadingChanged reading;
  reading.set_meter_id(meter.str());
  reading.mutable_time()->set_seconds(1'780'000'000);
  reading.set_value_ml(7'000'000);
  reading.set_valve("open");
  reading.set_version(1);
  service_.Publish("metering", kTenant, "meter_reading", meter, 1, reading);
  billing::v1::BillChanged bill;
  const Uuid bill_id = Uuid::V7();
  bill.set_bill_id(bill_id.str());
  bill.set_number("B1");
  bill.set_account_id(account.account_id());
  bill.set_month("2026-05");
  bill.set_total_fen(3000);
  bill.set_open_fen(1000);
  bill.set_state(billing::v1::BillChanged::STATE_ISSUED);
  bill.set_version(2);
  service_.Publish("billing", kTenant, "bill", bill_id, 2, bill);
  bill.set_open_fen(3000);
  bill.set_version(1);
  service_.Publish("billing", kTenant, "bill", bill_id, 1, bill);
  billing::v1::PaymentChanged payment;
  const Uuid payment_id = Uuid::V7();
  payment.set_payment_id(payment_id.str());
  payment.set_account_id(account.account_id());
  payment.set_amount_fen(2000);
  payment.set_method("cash");
  payment.set_version(1);
  service_.Publish("billing", kTenant, "payment", payment_id, 1, payment);
  billing::v1::BalanceChanged balance;
  balance.set_account_id(account.account_id());
  balance.set_arrears_fen(1000);
  balance.set_version(1);
  service_.Publish("billing", kTenant, "balance", id, 1, balance);

  v1::AccountView view;
  EXPECT_TRUE(Eventually([&] {
    view = View(account.account_id());
    return view.arrears_fen() == 1000 && view.bills_size() == 1 && view.payments_size() == 1 &&
           view.meters_size() == 1 && view.meters(0).reading_ml() == 7'000'000;
  })) << view.DebugString();
  ASSERT_EQ(view.bills_size(), 1);
  EXPECT_EQ(view.bills(0).open_fen(), 1000);
  EXPECT_EQ(view.customer().phone(), "138****1234");
  EXPECT_EQ(view.cases_size(), 2);

  v1::UnbindMeterRequest unbind;
  unbind.set_request_id(NewRequest());
  unbind.set_account_id(account.account_id());
  unbind.set_meter_id(meter.str());
  unbind.set_to_ml(7'000'000);
  ASSERT_THAT(Call(&Stub::UnbindMeter, unbind), Succeeds());
  v1::CloseAccountRequest close;
  close.set_request_id(NewRequest());
  close.set_account_id(account.account_id());
  EXPECT_THAT(Call(&Stub::CloseAccount, close),
              FailsWith(Code::kFailedPrecondition, "ACCOUNT_HAS_ARREARS"));
}

constexpr const char* kHeader =
    "number,customer_name,customer_kind,phone,identity_number,region,community,building,unit,room,"
    "branch_code,tariff_code,household_size,meter_number,from_m3,from_time\n";

TEST_F(AccountsServiceTest, AnImportReportsEachRowAndTheSameFileChangesNothing) {  // REV-14
  AddMeter("M1");
  const std::string csv =
      std::string(kHeader) +
      "A1,Person One,,13800000001,,Region,Court,3,,101,north,household,3,M1,12.345,2026-05-01\n" +
      ",Person Two,person,,,Region,Court,3,,102,north,household,,,,\n" +
      "A3,,person,12,1,Region,Court,3,,,north,Household,0,,,\n" +
      "A4,Person Four,,,,Region,Court,3,,104,nowhere,household,,,,\n" +
      "A5,Person Five,,,,Region,Court,3,,105,north,household,,M1,0,\n";
  const auto first = Import(csv);
  EXPECT_EQ(Rows(first, "imported"), 2);
  EXPECT_EQ(Rows(first, "refused"), 2);
  EXPECT_EQ(Rows(first, "waiting"), 1);
  const auto rows = ImportRows(first.id());
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(rows[0].number(), "A1");
  EXPECT_EQ(rows[1].number(), "00000001");
  EXPECT_EQ(rows[2].field(), "customer_name");
  EXPECT_NE(rows[3].reason().find("nowhere"), std::string::npos);
  EXPECT_EQ(rows[4].field(), "meter_number");
  EXPECT_NE(rows[4].reason().find("A1"), std::string::npos);
  EXPECT_EQ(Value("SELECT from_ml || ' ' || from_time FROM meter_binding"),
            "12345000 2026-04-30 16:00:00+00");
  EXPECT_EQ(Value("SELECT count(*) FROM import_row WHERE cells::text LIKE '%13800000001%'"), "0");

  const auto again = Import(csv);
  EXPECT_EQ(Rows(again, "imported"), 0);
  EXPECT_EQ(Rows(again, "unchanged"), 2);
  EXPECT_EQ(Value("SELECT count(*) FROM account"), "2");
  const auto changed = Import(
      std::string(kHeader) +
      "A1,Person One,,13800000001,,Region,Court,3,,101,north,household,5,M1,12.345,2026-05-01\n");
  EXPECT_EQ(ImportRows(changed.id()).at(0).field(), "household_size");
}

TEST_F(AccountsServiceTest, ARowWaitsForItsMeterAndIsDoneByItself) {
  const auto import = Import(std::string(kHeader) +
                             "A1,Person One,,,,Region,Court,3,,101,north,household,,LATE1,0,\n");
  EXPECT_EQ(Rows(import, "waiting"), 1);
  EXPECT_NE(ImportRows(import.id()).at(0).reason().find("LATE1"), std::string::npos);
  EXPECT_EQ(Value("SELECT count(*) FROM account"), "0");
  AddMeter("LATE1", kOther);  // another utility's meter of that number
  AddMeter("LATE1");
  EXPECT_EQ(ImportRows(import.id()).at(0).state(), common::v1::ImportRow::STATE_IMPORTED);
  EXPECT_EQ(Value("SELECT count(*) FROM meter_binding WHERE meter_number = 'LATE1'"), "1");
  v1::GetImportRequest get;
  get.set_import_id(import.id());
  EXPECT_EQ(Rows(Call(&Stub::GetImport, get).value(), "waiting"), 0);
  EXPECT_THAT(service_.Call(other_, &Stub::GetImport, get),
              FailsWith(Code::kNotFound, "IMPORT_NOT_FOUND"));
}

TEST_F(AccountsServiceTest, AFileWithAWrongHeaderIsRefusedWhole) {
  v1::ImportAccountsRequest request;
  request.set_request_id(NewRequest());
  request.set_csv("name,town\nx,y\n");
  EXPECT_THAT(Call(&Stub::ImportAccounts, request), RefusesField("csv"));
}

TEST_F(AccountsServiceTest, AScopedCallerImportsForOwnBranchesOnly) {
  v1::ImportAccountsRequest request;
  request.set_request_id(NewRequest());
  request.set_csv(std::string(kHeader) +
                  "A1,Person One,,,,Region,Court,3,,101,north,household,,,,\n");
  const auto south = service_.Staff(kTenant, kAll, {BranchId(Uuid::V7())});
  EXPECT_THAT(service_.Call(south, &Stub::ImportAccounts, request), RefusesField("csv"));
  const auto north = service_.Staff(kTenant, kAll, {BranchId(Branch(kTenant))});
  EXPECT_THAT(service_.Call(north, &Stub::ImportAccounts, request), Succeeds());
}

TEST_F(AccountsServiceTest, TwoThousandRowsAreImportedAndTimed) {
  std::string csv = kHeader;
  for (int i = 0; i < 2000; ++i) {
    const auto n = std::to_string(i);
    csv += "A" + n + ",Person " + n + ",,1380000" + std::to_string(1000 + i) + ",,Region,Court " +
           std::to_string(i / 100) + "," + std::to_string(i % 10) + ",," + n +
           ",north,household,3,,,\n";
  }
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(Rows(Import(csv), "imported"), 2000);
  const auto took = std::chrono::steady_clock::now() - begin;
  RecordProperty(
      "ms", static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
}

}  // namespace
}  // namespace karez::accounts

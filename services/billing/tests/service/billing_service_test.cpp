// Billing over gRPC, with real events in and out, and a process that dies in the middle of a run.
#include <algorithm>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "karez/accounts/v1/events.pb.h"
#include "karez/billing/v1/billing.grpc.pb.h"
#include "karez/metering/v1/events.pb.h"

#include "libs/testing/eventually.h"
#include "libs/testing/result_matchers.h"
#include "libs/testing/service.h"
#include "services/billing/app.h"
#include "services/billing/store/tariff_proto.h"
#include "services/billing/tests/domain/builders.h"

namespace karez::billing {
namespace {

using karez::testing::Eventually;
using karez::testing::FailsWith;
using karez::testing::RefusesField;
using karez::testing::Succeeds;
using Stub = v1::BillingService::Stub;

constexpr TenantId kTenant = 2;
constexpr TenantId kOther = 3;
const std::set<std::string, std::less<>> kAll = {
    "billing.tariff.publish", "billing.tariff.read",     "billing.run.start",
    "billing.run.read",       "billing.run.review",      "billing.bill.read",
    "billing.bill.reverse",   "billing.payment.collect", "billing.payment.reverse",
    "billing.payment.read",   "billing.ledger.read"};

std::string NewRequest() { return Uuid::V7().str(); }

class BillingServiceTest : public ::testing::Test {
 protected:
  BillingServiceTest()
      : service_("billing", Migrations(), clock_), app_(std::make_unique<App>(service_.host())) {
    service_.database().AddTenant(kTenant, "shule");
    service_.database().AddTenant(kOther, "gaochang");
    service_.Start();
    staff_ = service_.Staff(kTenant, kAll);
    other_ = service_.Staff(kOther, kAll);
  }
  // The App goes before the service that runs it.
  ~BillingServiceTest() override { service_.host().Stop(); }

  std::string Value(const std::string& query) { return service_.database().Value(query); }

  template <class Response, class Request>
  Result<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                     Response*),
                        const Request& request) {
    return service_.Call(staff_, method, request);
  }

  v1::PublishTariffRequest TariffRequest() {
    v1::PublishTariffRequest request;
    request.set_request_id(NewRequest());
    store::ToProto(test::Beijing(), *request.mutable_definition());
    return request;
  }

  // An account with settled consumption of October, as accounts and metering tell of them.
  std::string MakeAccount(int number, std::int64_t volume_ml, TenantId tenant = kTenant) {
    accounts::v1::AccountChanged account;
    const Uuid id = Uuid::V7();
    account.set_account_id(id.str());
    account.set_number("A" + std::to_string(number));
    account.set_branch_id(Uuid::V5(Uuid(), "north").str());
    account.set_customer_name("Test Person");
    account.set_address("Apricot Court 1-101");
    account.set_tariff_code("household");
    account.set_household_size(3);
    account.set_state(accounts::v1::AccountChanged::STATE_OPEN);
    account.set_version(1);
    service_.Publish("accounts", tenant, "account", id, 1, account);
    metering::v1::MeterSettled settled;
    const Uuid line = Uuid::V7();
    settled.set_settlement_line_id(line.str());
    settled.set_kind(metering::v1::MeterSettled::KIND_MONTHLY);
    settled.set_month("2026-10");
    settled.set_meter_id(Uuid::V7().str());
    settled.set_meter_number("M" + std::to_string(number));
    settled.set_account_id(id.str());
    settled.set_end_ml(volume_ml);
    settled.set_volume_ml(volume_ml);
    settled.set_version(1);
    service_.Publish("metering", tenant, "settlement_line", line, 1, settled);
    return id.str();
  }
  void AwaitAccounts(int accounts) {
    const std::string expected = std::to_string(accounts);
    ASSERT_TRUE(Eventually([&] {
      return Value("SELECT count(*) FROM billing.account") == expected &&
             Value("SELECT count(*) FROM billing.settled_line") == expected;
    }));
  }

  Result<v1::BillRun> StartRun() {
    v1::StartBillRunRequest request;
    request.set_request_id(NewRequest());
    request.set_month("2026-10");
    return Call(&Stub::StartBillRun, request);
  }
  v1::BillRun AwaitRun(const std::string& id) {
    v1::GetBillRunRequest request;
    request.set_bill_run_id(id);
    v1::BillRun run;
    EXPECT_TRUE(Eventually([&] {
      const auto answer = Call(&Stub::GetBillRun, request);
      if (answer) run = *answer;
      return answer && run.operation().state() == common::v1::Operation::STATE_SUCCEEDED;
    })) << run.ShortDebugString();
    return run;
  }
  // One account that owes 50.00 yuan.
  std::string Billed() {
    EXPECT_THAT(Call(&Stub::PublishTariff, TariffRequest()), Succeeds());
    const std::string account = MakeAccount(1, 10 * test::kM3);
    AwaitAccounts(1);
    EXPECT_EQ(AwaitRun(StartRun().value().bill_run_id()).issued(), 1);
    return account;
  }
  v1::CollectPaymentRequest PaymentRequest(const std::string& account, std::int64_t amount_fen) {
    v1::CollectPaymentRequest request;
    request.set_request_id(NewRequest());
    request.set_account_id(account);
    request.set_amount_fen(amount_fen);
    request.set_method("cash");
    return request;
  }
  v1::Balance BalanceOf(const std::string& account) {
    v1::GetBalanceRequest request;
    request.set_account_id(account);
    return Call(&Stub::GetBalance, request).value();
  }

  // How many facts of a type were published, after waiting for `count`.
  std::size_t Published(const std::string& type, std::size_t count) {
    const auto all = service_.Await(type, count);
    return static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [&](const auto& event) { return event.type == type; }));
  }

  SystemClock clock_;
  karez::testing::Service service_;
  std::unique_ptr<App> app_;
  std::string staff_;
  std::string other_;
};

TEST_F(BillingServiceTest, ASettledMonthBecomesAPaidBill) {
  const std::string account = Billed();
  const auto balance = BalanceOf(account);
  EXPECT_EQ(balance.arrears_fen(), 5'000);
  ASSERT_EQ(balance.open_bills_size(), 1);

  v1::GetBillRequest get;
  get.set_bill_id(balance.open_bills(0).bill_id());
  const auto bill = Call(&Stub::GetBill, get).value();
  EXPECT_EQ(bill.lines_size(), 3);
  EXPECT_EQ(bill.meters_size(), 1);
  EXPECT_EQ(bill.state(), v1::BillChanged::STATE_ISSUED);

  const auto paid = Call(&Stub::CollectPayment, PaymentRequest(account, 5'000));
  ASSERT_THAT(paid, Succeeds());
  EXPECT_EQ(paid->allocations_size(), 1);
  EXPECT_FALSE(paid->receipt_number().empty());
  EXPECT_EQ(BalanceOf(account).arrears_fen(), 0);

  EXPECT_EQ(Published("karez.billing.v1.BillChanged", 2), 2u);
  EXPECT_EQ(Published("karez.billing.v1.PaymentChanged", 1), 1u);
  EXPECT_EQ(Published("karez.billing.v1.BalanceChanged", 2), 2u);
  v1::BillChanged last;
  for (const auto& event : service_.Await("karez.billing.v1.BillChanged", 2)) {
    if (event.type == "karez.billing.v1.BillChanged") last.ParseFromString(event.payload);
  }
  EXPECT_EQ(last.state(), v1::BillChanged::STATE_PAID);
  EXPECT_EQ(last.version(), 2);

  v1::ListTransfersRequest transfers;
  transfers.set_account_id(account);
  EXPECT_EQ(Call(&Stub::ListTransfers, transfers).value().transfers_size(), 5);
}

TEST_F(BillingServiceTest, APaymentSentTwiceIsTakenOnce) {
  const std::string account = Billed();
  auto request = PaymentRequest(account, 2'000);
  const auto first = Call(&Stub::CollectPayment, request);
  const auto second = Call(&Stub::CollectPayment, request);
  ASSERT_THAT(first, Succeeds());
  ASSERT_THAT(second, Succeeds());
  EXPECT_EQ(first->SerializeAsString(), second->SerializeAsString());
  EXPECT_EQ(BalanceOf(account).arrears_fen(), 3'000);
  request.set_amount_fen(1'000);
  EXPECT_THAT(Call(&Stub::CollectPayment, request),
              FailsWith(Code::kInvalidArgument, "REQUEST_ID_REUSED"));
}

TEST_F(BillingServiceTest, PaymentsAtOnceNeverTakeMoreThanTheArrears) {
  const std::string account = Billed();
  std::atomic<int> taken = 0;
  std::vector<std::thread> cashiers;
  for (int i = 0; i < 6; ++i) {
    cashiers.emplace_back([&] {
      if (Call(&Stub::CollectPayment, PaymentRequest(account, 2'000))) ++taken;
    });
  }
  for (std::thread& cashier : cashiers) cashier.join();
  EXPECT_EQ(taken, 2);
  EXPECT_EQ(BalanceOf(account).arrears_fen(), 1'000);
}

TEST_F(BillingServiceTest, APaymentIsReversed) {
  const std::string account = Billed();
  const auto paid = Call(&Stub::CollectPayment, PaymentRequest(account, 5'000)).value();
  v1::ReversePaymentRequest request;
  request.set_request_id(NewRequest());
  request.set_payment_id(paid.payment_id());
  EXPECT_THAT(Call(&Stub::ReversePayment, request), RefusesField("reason"));
  request.set_reason("wrong account");
  const auto reversed = Call(&Stub::ReversePayment, request);
  ASSERT_THAT(reversed, Succeeds());
  EXPECT_TRUE(reversed->reversed());
  EXPECT_EQ(BalanceOf(account).arrears_fen(), 5'000);
}

TEST_F(BillingServiceTest, AnotherUtilityFindsNothing) {
  const std::string account = Billed();
  const std::string bill = BalanceOf(account).open_bills(0).bill_id();
  v1::GetBillRequest get;
  get.set_bill_id(bill);
  EXPECT_THAT(service_.Call(other_, &Stub::GetBill, get),
              FailsWith(Code::kNotFound, "BILL_NOT_FOUND"));
  EXPECT_THAT(service_.Call(other_, &Stub::CollectPayment, PaymentRequest(account, 100)),
              FailsWith(Code::kNotFound, "ACCOUNT_NOT_FOUND"));
  v1::ListBillsRequest list;
  EXPECT_EQ(service_.Call(other_, &Stub::ListBills, list).value().bills_size(), 0);
}

TEST_F(BillingServiceTest, ARunKilledInTheMiddleIsFinishedByTheNextProcess) {
  ASSERT_THAT(Call(&Stub::PublishTariff, TariffRequest()), Succeeds());
  constexpr int kAccounts = 1'200;  // six steps
  for (int i = 0; i < kAccounts; ++i) MakeAccount(i, 10 * test::kM3);
  AwaitAccounts(kAccounts);
  const std::string run = StartRun().value().bill_run_id();
  ASSERT_TRUE(Eventually([&] { return Value("SELECT count(*) FROM billing.bill") != "0"; }));
  service_.host().Stop();
  const int before = std::stoi(Value("SELECT count(*) FROM billing.bill"));
  EXPECT_GT(before, 0);
  app_.reset();
  app_ = std::make_unique<App>(service_.Restart());
  service_.Start();
  const auto done = AwaitRun(run);
  EXPECT_EQ(done.issued(), kAccounts);
  EXPECT_EQ(done.issued_fen(), kAccounts * 5'000);
  EXPECT_EQ(Value("SELECT count(*) FROM billing.bill"), std::to_string(kAccounts));
  EXPECT_EQ(Value("SELECT count(DISTINCT account_id) FROM billing.bill"),
            std::to_string(kAccounts));
  EXPECT_EQ(Value("SELECT sum(amount_fen) FROM billing.transfer WHERE debit = 'receivable'"),
            std::to_string(kAccounts * 5'000));
  EXPECT_EQ(Published("karez.billing.v1.BillChanged", kAccounts), std::size_t{kAccounts});
}

TEST_F(BillingServiceTest, SimulationNamesEveryFault) {
  v1::SimulateTariffRequest request;
  store::ToProto(test::Beijing(), *request.mutable_tariff());
  request.set_volume_ml(181 * test::kM3);
  request.set_period_start("2026-10-01");
  request.set_period_end("2026-10-31");
  const auto rated = Call(&Stub::SimulateTariff, request);
  ASSERT_THAT(rated, Succeeds());
  EXPECT_EQ(rated->total_fen(), 90'700);
  EXPECT_EQ(rated->lines_size(), 4);

  request.set_used_before_ml(-1);
  request.set_period_end("2026-13-31");
  request.mutable_tariff()->mutable_components(1)->clear_price();
  const auto faulty = Call(&Stub::SimulateTariff, request);
  EXPECT_THAT(faulty, RefusesField("used_before_ml"));
  EXPECT_THAT(faulty, RefusesField("period_end"));
  EXPECT_THAT(faulty, RefusesField("tariff.components[1].flat_price_micro_yuan"));

  request.mutable_tariff()->mutable_mixed_use();
  const auto unsupported = Call(&Stub::SimulateTariff, request);
  ASSERT_THAT(unsupported, FailsWith(Code::kInvalidArgument, "TARIFF_PART_UNSUPPORTED"));
  EXPECT_EQ(unsupported.error().metadata.at("part"), "mixed_use");
}

TEST_F(BillingServiceTest, BadIdsAndMonthsAreNamed) {
  v1::GetBillRequest bill;
  bill.set_bill_id("seven");
  EXPECT_THAT(Call(&Stub::GetBill, bill), RefusesField("bill_id"));
  v1::StartBillRunRequest run;
  run.set_request_id(NewRequest());
  run.set_month("2026-13");
  EXPECT_THAT(Call(&Stub::StartBillRun, run), RefusesField("month"));
  auto payment = PaymentRequest("nobody", 0);
  const auto refused = Call(&Stub::CollectPayment, payment);
  EXPECT_THAT(refused, RefusesField("account_id"));
  EXPECT_THAT(refused, RefusesField("amount_fen"));
}

TEST_F(BillingServiceTest, ListsArePaged) {
  ASSERT_THAT(Call(&Stub::PublishTariff, TariffRequest()), Succeeds());
  for (int i = 0; i < 5; ++i) MakeAccount(i, 10 * test::kM3);
  AwaitAccounts(5);
  AwaitRun(StartRun().value().bill_run_id());
  v1::ListBillsRequest request;
  request.set_page_size(2);
  std::set<std::string> seen;
  int pages = 0;
  do {
    const auto page = Call(&Stub::ListBills, request);
    ASSERT_THAT(page, Succeeds());
    for (const auto& bill : page->bills()) seen.insert(bill.bill_id());
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty() && pages < 9);
  EXPECT_EQ(seen.size(), 5u);
  EXPECT_EQ(pages, 3);
}

TEST_F(BillingServiceTest, WithoutThePermissionNothingIsDone) {
  const std::string reader = service_.Staff(kTenant, {"billing.bill.read"});
  EXPECT_THAT(service_.Call(reader, &Stub::PublishTariff, TariffRequest()),
              FailsWith(Code::kPermissionDenied, "PERMISSION_DENIED"));
}

}  // namespace
}  // namespace karez::billing

// What other services say of an account and its meters, each with the version of its owner. Values.
#pragma once

#include <string>
#include <vector>

#include "libs/base/time.h"
#include "services/accounts/domain/account.h"
#include "services/accounts/domain/business_case.h"
#include "services/accounts/domain/customer.h"

namespace karez::accounts {

struct BillView {
  Uuid bill_id;
  AccountId account_id;
  std::string number;
  std::string month;  // "2026-05"
  std::int64_t volume_ml = 0;
  std::int64_t total_fen = 0;
  std::int64_t open_fen = 0;
  std::string state;  // "issued", "paid", "reversed"
  Instant issue_time;
  std::string due_date;
  std::int64_t version = 0;
};

struct PaymentView {
  Uuid payment_id;
  AccountId account_id;
  std::string receipt_number;
  std::int64_t amount_fen = 0;
  std::string method;
  std::string cashier_name;
  Instant time;
  bool reversed = false;
  std::int64_t version = 0;
};

struct BalanceView {
  AccountId account_id;
  std::int64_t arrears_fen = 0;
  std::int64_t credit_fen = 0;
  std::int64_t version = 0;
};

struct MeterReadingView {
  MeterId meter_id;
  Instant time;
  std::int64_t value_ml = 0;
  std::string valve;
  bool battery_low = false;
  std::int64_t version = 0;
};

// The 360° page.
struct AccountView {
  Account account;
  Customer customer;
  BalanceView balance;
  std::vector<MeterReadingView> readings;  // of the meters bound now, as far as they have one
  std::vector<BillView> bills;             // newest first
  std::vector<PaymentView> payments;       // newest first
  std::vector<BusinessCase> cases;         // newest first
};

}  // namespace karez::accounts

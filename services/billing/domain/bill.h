// A bill (账单): what an account owes for the settled consumption of a month. Never changed once
// issued; what is still open on it lies apart (BillState), and a mistake is taken back (红冲).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/context.h"
#include "libs/base/error.h"
#include "libs/base/time.h"
#include "services/billing/domain/ledger.h"
#include "services/billing/domain/rating.h"

namespace karez::billing {

using SettledLineId = Id<struct SettledLineTag>;
using MeterId = Id<struct MeterTag>;

// A water account as billing knows it, from the events of accounts.
struct Account {
  AccountId id{};
  std::string number{};
  BranchId branch_id{};
  std::string customer_name{};
  std::string address{};
  std::string tariff_code{};
  std::int32_t household_size = 1;
  bool open = true;
  std::int64_t version = 0;
};

// Consumption of one meter for one account, settled by metering.
struct SettledLine {
  SettledLineId id{};
  bool interim = false;
  Month month{};
  MeterId meter_id{};
  std::string meter_number{};
  AccountId account_id{};
  std::optional<Instant> start_time{};
  std::int64_t start_ml = 0;
  std::optional<Instant> end_time{};
  std::int64_t end_ml = 0;
  std::int64_t volume_ml = 0;
  std::vector<std::string> flags{};
  std::int64_t version = 0;
};

// Volume to bill now and what is left for the next bill.
struct BilledVolume {
  std::int64_t billed_ml = 0;  // never negative
  std::int64_t carried_out_ml = 0;
  friend bool operator==(const BilledVolume&, const BilledVolume&) = default;
};
// Whole m³ with the rest carried, or all of it. A negative sum bills nothing and is carried, so
// that the next bill is smaller. Both volumes within ±kVolumeMlMax.
BilledVolume DivideVolume(std::int64_t settled_ml, std::int64_t carried_in_ml, bool whole_m3);

// The day that decides tariff and tier period: that of the last reading, within the month.
LocalDate BillingDay(const std::vector<SettledLine>& lines, Month month, const Zone& zone);

struct Bill {
  BillId id{};
  std::string number{};
  Account account{};  // as it was when the bill was issued
  Month month{};
  std::int32_t sequence = 1;  // of the account and month, from 1
  LocalDate period_end{};     // decides tariff and tier period
  TariffId tariff_id{};
  std::string tariff_code{};
  std::int32_t tariff_version = 0;
  std::vector<SettledLine> meters{};
  std::int64_t settled_ml = 0;  // what the meters say, or what a person decided
  std::int64_t volume_ml = 0;
  std::int64_t carried_in_ml = 0;
  std::int64_t carried_out_ml = 0;
  std::vector<std::int64_t> limits_ml{};
  std::vector<RatedLine> lines{};
  std::int64_t total_fen = 0;
  Instant issue_time{};
  LocalDate due_date{};
};

// One bill an account, month and sequence: its id follows from them.
BillId BillIdOf(AccountId account, Month month, std::int32_t sequence);

// What has become of a bill.
struct BillState {
  enum class Kind { kIssued, kPaid, kReversed };
  BillId id{};
  AccountId account_id{};
  std::string number{};
  Month month{};
  std::int64_t volume_ml = 0;
  std::int64_t total_fen = 0;
  std::int64_t open_fen = 0;
  Kind kind = Kind::kIssued;
  Instant issue_time{};
  LocalDate due_date{};
  std::int64_t version = 1;

  // Paid as far as it goes; returns what was taken.
  std::int64_t Settle(std::int64_t amount_fen);
  // A payment on it was taken back.
  void Reopen(std::int64_t amount_fen);
  // FAILED_PRECONDITION "BILL_REVERSED".
  Result<void> Reverse();
};

struct BillInput {
  Account account{};
  Month month{};
  std::int32_t sequence = 1;
  std::vector<SettledLine> meters{};
  std::int64_t settled_ml = 0;
  std::int64_t carried_in_ml = 0;
  std::int64_t used_before_ml = 0;  // billed in the tier period so far
  LocalDate period_end{};
  bool whole_m3 = true;
  Instant issue_time{};
  LocalDate due_date{};
};

// Rates the volume and makes the bill, without a number. Asserts that the lines add up.
Result<Bill> MakeBill(const BillInput& input, const Tariff& tariff);

}  // namespace karez::billing

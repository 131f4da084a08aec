// Bills, which are never changed, and what has become of them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/billing/domain/bill.h"

namespace karez::billing::store {

// A bill as it is read: lines and meters only from GetBill.
struct BillRecord {
  Bill bill;
  BillState state;
  std::string reversed_reason;
};

// With lines, meters and first states; 1,000 bills at most.
void InsertBills(pg::Tx& tx, const Context& context, const std::vector<Bill>& bills,
                 const std::vector<BillState>& states);
// Open amount, state and version.
void UpdateStates(pg::Tx& tx, const Context& context, const std::vector<BillState>& states);
void InsertReversal(pg::Tx& tx, const Context& context, BillId bill, const std::string& reason);

// What money can be put on, oldest first. The account's balance is locked before.
std::vector<BillState> OpenBills(pg::Tx& tx, const Context& context, AccountId account);
std::vector<BillState> FindStates(pg::Tx& tx, const Context& context,
                                  const std::vector<BillId>& bills);
// All of the tenant after `after`, in the order of the ids.
std::vector<BillState> StatesAfter(pg::Tx& tx, const Context& context, BillId after, int limit);
// NOT_FOUND "BILL_NOT_FOUND", also outside the caller's branches. Sums are asserted.
Result<BillRecord> GetBill(pg::Tx& tx, const Context& context, BillId id);

struct BillFilter {
  std::optional<AccountId> account;
  std::optional<Month> month;
  bool open_only = false;
};
// Newest first; `after`: issue time and id of the last row before.
struct BillKey {
  Instant issue_time;
  BillId id;
};
std::vector<BillRecord> ListBills(pg::Tx& tx, const Context& context, const BillFilter& filter,
                                  const std::optional<BillKey>& after, int limit);
// The open bills of one account, oldest first.
std::vector<BillRecord> ListOpenBills(pg::Tx& tx, const Context& context, AccountId account);

// How many bills each account has had in the month, reversed ones too.
std::map<AccountId, std::int32_t> CountBills(pg::Tx& tx, const Context& context, Month month,
                                             const std::vector<AccountId>& accounts);
// Volume billed and not taken back, by account and month, from `first` to `last`.
std::map<AccountId, std::map<LocalDate, std::int64_t>> BilledVolumes(
    pg::Tx& tx, const Context& context, LocalDate first, LocalDate last,
    const std::vector<AccountId>& accounts);

struct Summary {
  std::int64_t bills = 0, billed_fen = 0, payments = 0, collected_fen = 0, arrears_fen = 0,
               credit_fen = 0;
};
// Of the caller's branches; without what was reversed.
Summary Summarise(pg::Tx& tx, const Context& context);

}  // namespace karez::billing::store

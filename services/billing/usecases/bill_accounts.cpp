#include "services/billing/usecases/bill_accounts.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "libs/pg/numbers.h"
#include "services/billing/domain/payment.h"
#include "services/billing/domain/review.h"
#include "services/billing/events/facts.h"
#include "services/billing/store/account_store.h"
#include "services/billing/store/balance_store.h"
#include "services/billing/store/bill_store.h"
#include "services/billing/store/ledger_store.h"
#include "services/billing/store/payment_store.h"
#include "services/billing/store/review_store.h"
#include "services/billing/store/settled_store.h"
#include "services/billing/store/tariff_store.h"

namespace karez::billing::usecases {
namespace {

// What is known about the accounts of a batch, read once for all of them.
struct Known {
  std::map<AccountId, AccountBalance> balances;
  std::map<AccountId, std::vector<SettledLine>> lines;
  std::map<AccountId, Account> accounts;
  std::map<std::string, std::vector<Tariff>> tariffs;  // latest begin first
  std::map<AccountId, std::vector<std::int64_t>> before;
  std::map<AccountId, std::map<LocalDate, std::int64_t>> billed;  // in the calendar year
  std::map<AccountId, std::int32_t> bills;                        // of the month
  std::map<AccountId, ReviewItem> items;
};

Known Read(pg::Tx& tx, const Context& context, const Batch& batch) {
  using std::chrono::December;
  using std::chrono::January;
  Known known;
  // The lock comes first: what is read after it stays true.
  known.balances = store::LockBalances(tx, context, batch.accounts);
  known.lines = store::PendingLines(tx, context, batch.month, batch.accounts);
  known.accounts = store::FindAccounts(tx, context, batch.accounts);
  std::set<std::string> codes;
  for (const auto& [id, account] : known.accounts) codes.insert(account.tariff_code);
  known.tariffs = store::TariffsOf(tx, context, {codes.begin(), codes.end()});
  known.before = store::VolumesBefore(tx, context, batch.month, batch.accounts);
  const auto year = batch.month.year();
  known.billed =
      store::BilledVolumes(tx, context, year / January / 1, year / December / 31, batch.accounts);
  known.bills = store::CountBills(tx, context, batch.month, batch.accounts);
  known.items = store::OpenItems(tx, context, batch.month, batch.accounts);
  return known;
}

// What is written for the whole batch at once.
struct Written {
  std::vector<Bill> bills;
  std::vector<BillState> states;
  std::vector<Allocation> allocations;
  std::vector<Transfer> transfers;
  std::vector<AccountBalance> balances;
  std::vector<SettledLineId> skipped;
  std::vector<ReviewItemId> closed;
  std::vector<pg::Fact> facts;
};

class Biller {
 public:
  Biller(pg::Tx& tx, const Context& context, const Batch& batch, BillRun& run)
      : tx_(tx),
        context_(context),
        batch_(batch),
        run_(run),
        known_(Read(tx, context, batch)),
        settings_(ReadReviewSettings(context.tenant())),
        whole_m3_(context.tenant().Setting("billing.carry_remainder", "true") != "false"),
        issue_date_(context.tenant().zone.DateOf(batch.issue_time)),
        due_days_(
            std::clamp<std::int64_t>(context.tenant().Setting("billing.due_days", 15), 0, 3650)) {}

  void Run() {
    for (const auto& [account, lines] : known_.lines) Treat(account, lines);
    const auto numbers =
        pg::NextNumbers(tx_, context_, "bill", "B{yyyy}{MM}-{seq:6}", made_.size());
    for (std::size_t i = 0; i < made_.size(); ++i) {
      auto& [bill, item] = made_[i];
      bill.number = numbers[i];
      Issue(std::move(bill), item);
    }
    store::InsertBills(tx_, context_, written_.bills, written_.states);
    store::InsertAllocations(tx_, context_, written_.allocations);
    store::InsertTransfers(tx_, context_, written_.transfers);
    store::MarkSkipped(tx_, context_, written_.skipped);
    store::CloseItems(tx_, context_, written_.closed);
    store::SaveBalances(tx_, context_, written_.balances);
    tx_.PublishAll(written_.facts);
  }

 private:
  void Treat(const AccountId& account, const std::vector<SettledLine>& lines) {
    const std::int64_t volume_ml = SettledVolume(lines);
    ReviewItem item = ItemFor(account, lines, volume_ml);
    const bool decided = item.decision != Decision::kUnspecified;
    if (item.decision == Decision::kSkip) return Skip(item, lines);

    const LocalDate day = BillingDay(lines, batch_.month, context_.tenant().zone);
    const Tariff* tariff = TariffOf(account, day);
    if (tariff == nullptr) {
      if (!item.NoTariff()) item.reasons.push_back(ReviewReason::kNoTariff);
      if (!batch_.decided) ++run_.failed;
      return store::SaveItem(tx_, context_, item);
    }
    if (!decided && !item.reasons.empty()) return Hold(item);

    BillInput input{
        .account = known_.accounts.at(account),
        .month = batch_.month,
        .sequence = item.sequence,
        .meters = lines,
        .settled_ml = item.decision == Decision::kBillVolume ? item.decided_volume_ml : volume_ml,
        .carried_in_ml = known_.balances.at(account).carry_ml,
        .used_before_ml = UsedBefore(account, TierPeriodOf(tariff->definition, day)),
        .period_end = day,
        .whole_m3 = whole_m3_,
        .issue_time = batch_.issue_time,
        .due_date = AddDays(issue_date_, static_cast<int>(due_days_))};
    auto bill = MakeBill(input, *tariff);
    if (!bill) {  // a volume beyond all measure is for a person to correct
      item.reasons = {ReviewReason::kJump};
      item.decision = Decision::kUnspecified;
      return Hold(item);
    }
    made_.emplace_back(*std::move(bill), std::move(item));
  }

  // The item as decided, when the decision was about this very volume; else as found now.
  ReviewItem ItemFor(const AccountId& account, const std::vector<SettledLine>& lines,
                     std::int64_t volume_ml) const {
    const auto bills = known_.bills.find(account);
    const std::int32_t sequence = bills == known_.bills.end() ? 1 : bills->second + 1;
    const auto before = known_.before.find(account);
    const auto usual = before == known_.before.end() ? std::nullopt : UsualVolume(before->second);
    const auto stands_out =
        std::max_element(lines.begin(), lines.end(), [](const auto& a, const auto& b) {
          return std::pair(a.flags.size(), a.volume_ml) < std::pair(b.flags.size(), b.volume_ml);
        });
    ReviewItem item{.id = ReviewItemIdOf(account, batch_.month, sequence),
                    .account_id = account,
                    .month = batch_.month,
                    .sequence = sequence,
                    .meter_id = stands_out->meter_id,
                    .meter_number = stands_out->meter_number,
                    .volume_ml = volume_ml,
                    .usual_ml = usual.value_or(0),
                    .reasons = ReasonsToReview(lines, usual, settings_)};
    const auto known = known_.items.find(account);
    if (known != known_.items.end() && known->second.id == item.id &&
        known->second.volume_ml == volume_ml) {
      item.decision = known->second.decision;
      item.decided_volume_ml = known->second.decided_volume_ml;
      item.decided_by = known->second.decided_by;
      item.note = known->second.note;
    }
    return item;
  }

  const Tariff* TariffOf(const AccountId& account, LocalDate day) const {
    const auto known = known_.accounts.find(account);
    if (known == known_.accounts.end()) return nullptr;
    const auto versions = known_.tariffs.find(known->second.tariff_code);
    if (versions == known_.tariffs.end()) return nullptr;
    for (const Tariff& tariff : versions->second) {
      if (*tariff.definition.effective_from <= day) return &tariff;
    }
    return nullptr;
  }

  std::int64_t UsedBefore(const AccountId& account, const DateSpan& period) const {
    const auto months = known_.billed.find(account);
    if (months == known_.billed.end()) return 0;
    std::int64_t used_ml = 0;
    for (const auto& [month, volume_ml] : months->second) {
      if (month >= period.first && month <= period.last) used_ml += volume_ml;
    }
    return used_ml;
  }

  void Hold(const ReviewItem& item) {
    if (!batch_.decided) ++run_.held;
    store::SaveItem(tx_, context_, item);
  }

  // The volume stays with the account and comes with its next bill.
  void Skip(const ReviewItem& item, const std::vector<SettledLine>& lines) {
    ++run_.excluded;
    CloseItem(item);
    for (const SettledLine& line : lines) written_.skipped.push_back(line.id);
    AccountBalance& balance = known_.balances.at(item.account_id);
    balance.carry_ml += item.volume_ml;
    Save(balance);
  }

  void Issue(Bill bill, const ReviewItem& item) {
    BillState state{.id = bill.id,
                    .account_id = bill.account.id,
                    .number = bill.number,
                    .month = bill.month,
                    .volume_ml = bill.volume_ml,
                    .total_fen = bill.total_fen,
                    .open_fen = bill.total_fen,
                    .issue_time = bill.issue_time,
                    .due_date = bill.due_date};
    Booking booking{.cause = kCauseBill,
                    .cause_id = bill.id.value(),
                    .account_id = bill.account.id,
                    .time = bill.issue_time,
                    .accounting_date = issue_date_};
    for (Transfer& transfer : BookBill(booking, bill.id, bill.lines)) {
      written_.transfers.push_back(std::move(transfer));
    }
    AccountBalance& balance = known_.balances.at(bill.account.id);
    booking.cause = kCauseCredit;
    const std::int64_t credit_fen = state.Settle(balance.credit_fen);
    if (credit_fen > 0) PutCredit(booking, state, credit_fen);
    balance.arrears_fen += state.open_fen;
    balance.credit_fen -= credit_fen;
    balance.carry_ml += bill.carried_out_ml - bill.carried_in_ml;
    Save(balance);

    ++run_.issued;
    run_.issued_fen += bill.total_fen;
    CloseItem(item);
    written_.facts.push_back(events::BillChanged(state));
    written_.states.push_back(std::move(state));
    written_.bills.push_back(std::move(bill));
  }

  void PutCredit(const Booking& booking, const BillState& state, std::int64_t credit_fen) {
    written_.transfers.push_back(
        Book(booking, "credit", kUnapplied, kReceivable, credit_fen, state.id));
    written_.allocations.push_back({.id = AllocationId(Uuid::V5(state.id.value(), "credit")),
                                    .payment_id = std::nullopt,
                                    .bill_id = state.id,
                                    .account_id = state.account_id,
                                    .amount_fen = credit_fen,
                                    .open_after_fen = state.open_fen,
                                    .time = state.issue_time});
  }

  // The item that was open, if any, is dealt with; a run that held it before counts it no longer.
  void CloseItem(const ReviewItem& item) {
    const auto known = known_.items.find(item.account_id);
    if (known == known_.items.end()) return;
    written_.closed.push_back(known->second.id);
    if (batch_.decided) --(known->second.NoTariff() ? run_.failed : run_.held);
  }

  void Save(AccountBalance& balance) {
    ++balance.version;
    written_.facts.push_back(events::BalanceChanged(balance));
    written_.balances.push_back(balance);
  }

  pg::Tx& tx_;
  const Context& context_;
  const Batch& batch_;
  BillRun& run_;
  Known known_;
  const ReviewSettings settings_;
  const bool whole_m3_;
  const LocalDate issue_date_;
  const std::int64_t due_days_;
  std::vector<std::pair<Bill, ReviewItem>> made_;  // still without numbers
  Written written_;
};

}  // namespace

void BillAccounts(pg::Tx& tx, const Context& context, const Batch& batch, BillRun& run) {
  Biller(tx, context, batch, run).Run();
}

}  // namespace karez::billing::usecases

#include "services/billing/store/ledger_store.h"

namespace karez::billing::store {
namespace {

constexpr pg::Query kInsertTransfers{"billing.insert_transfers", R"sql(
  INSERT INTO transfer (tenant_id, accounting_date, id, debit, credit, amount_fen, account_id, cause,
                        cause_id, bill_id, reverses_id, transfer_time)
  SELECT $1, accounting_date, id, debit, credit, amount_fen, account_id, cause, cause_id, bill_id,
         reverses_id, transfer_time
    FROM unnest($2::date[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::uuid[],
                $8::text[], $9::uuid[], $10::uuid[], $11::uuid[], $12::timestamptz[])
         AS t(accounting_date, id, debit, credit, amount_fen, account_id, cause, cause_id, bill_id,
              reverses_id, transfer_time)
  RETURNING tenant_id)sql"};

constexpr pg::Query kStandingTransfers{"billing.standing_transfers", R"sql(
  SELECT t.id, t.accounting_date, t.debit, t.credit, t.amount_fen, t.account_id, t.cause,
         t.cause_id, t.bill_id, t.reverses_id, t.transfer_time
    FROM transfer t
   WHERE t.tenant_id = $1 AND t.cause_id = $2 AND t.reverses_id IS NULL
     AND NOT EXISTS (SELECT FROM transfer r
                      WHERE r.tenant_id = $1 AND r.account_id = t.account_id
                        AND r.reverses_id = t.id)
   ORDER BY t.transfer_time, t.id)sql"};

constexpr pg::Query kStandingAllocations{"billing.standing_allocations", R"sql(
  SELECT t.id, t.accounting_date, t.debit, t.credit, t.amount_fen, t.account_id, t.cause,
         t.cause_id, t.bill_id, t.reverses_id, t.transfer_time
    FROM transfer t
   WHERE t.tenant_id = $1 AND t.bill_id = $2 AND t.debit = 'unapplied' AND t.credit = 'receivable'
     AND t.reverses_id IS NULL
     AND NOT EXISTS (SELECT FROM transfer r
                      WHERE r.tenant_id = $1 AND r.account_id = t.account_id
                        AND r.reverses_id = t.id)
   ORDER BY t.transfer_time, t.id)sql"};

constexpr pg::Query kListTransfers{"billing.list_transfers", R"sql(
  SELECT t.id, t.accounting_date, t.debit, t.credit, t.amount_fen, t.account_id, t.cause,
         t.cause_id, t.bill_id, t.reverses_id, t.transfer_time
    FROM transfer t
    JOIN account a ON a.tenant_id = $1 AND a.id = t.account_id
   WHERE t.tenant_id = $1
     AND ($2::uuid[] IS NULL OR a.branch_id = ANY($2::uuid[]))
     AND ($3::uuid IS NULL OR t.account_id = $3)
     AND ($4::uuid IS NULL OR t.cause_id = $4)
     AND ($5::timestamptz IS NULL OR (t.transfer_time, t.id) > ($5, $6::uuid))
   ORDER BY t.transfer_time, t.id
   LIMIT $7)sql"};

Transfer FromRow(const pg::Row& row) {
  Transfer out;
  out.id = row.Get<TransferId>("id");
  out.accounting_date = row.Get<LocalDate>("accounting_date");
  out.debit = row.Get<std::string>("debit");
  out.credit = row.Get<std::string>("credit");
  out.amount_fen = row.Get<std::int64_t>("amount_fen");
  out.account_id = row.Get<AccountId>("account_id");
  out.cause = row.Get<std::string>("cause");
  out.cause_id = row.Get<Uuid>("cause_id");
  out.bill_id = row.Get<std::optional<BillId>>("bill_id");
  out.reverses_id = row.Get<std::optional<TransferId>>("reverses_id");
  out.time = row.Get<Instant>("transfer_time");
  return out;
}

std::vector<Transfer> FromRows(const pg::Rows& rows) {
  std::vector<Transfer> out;
  for (const auto& row : rows) out.push_back(FromRow(row));
  return out;
}

}  // namespace

void InsertTransfers(pg::Tx& tx, const Context& context, const std::vector<Transfer>& transfers) {
  if (transfers.empty()) return;
  std::vector<LocalDate> dates;
  std::vector<TransferId> ids;
  std::vector<std::string> debits, credits, causes;
  std::vector<std::int64_t> amounts;
  std::vector<AccountId> accounts;
  std::vector<Uuid> cause_ids;
  std::vector<std::optional<BillId>> bills;
  std::vector<std::optional<TransferId>> reverses;
  std::vector<Instant> times;
  for (const Transfer& transfer : transfers) {
    dates.push_back(transfer.accounting_date);
    ids.push_back(transfer.id);
    debits.push_back(transfer.debit);
    credits.push_back(transfer.credit);
    amounts.push_back(transfer.amount_fen);
    accounts.push_back(transfer.account_id);
    causes.push_back(transfer.cause);
    cause_ids.push_back(transfer.cause_id);
    bills.push_back(transfer.bill_id);
    reverses.push_back(transfer.reverses_id);
    times.push_back(transfer.time);
  }
  tx.Exec(kInsertTransfers, context.tenant_id(), dates, ids, debits, credits, amounts, accounts,
          causes, cause_ids, bills, reverses, times);
}

std::vector<Transfer> StandingTransfers(pg::Tx& tx, const Context& context, const Uuid& cause_id) {
  return FromRows(tx.Exec(kStandingTransfers, context.tenant_id(), cause_id));
}

std::vector<Transfer> StandingAllocations(pg::Tx& tx, const Context& context, BillId bill) {
  return FromRows(tx.Exec(kStandingAllocations, context.tenant_id(), bill));
}

std::vector<Transfer> ListTransfers(pg::Tx& tx, const Context& context,
                                    const TransferFilter& filter,
                                    const std::optional<TransferKey>& after, int limit) {
  std::optional<Instant> after_time;
  std::optional<TransferId> after_id;
  if (after) {
    after_time = after->time;
    after_id = after->id;
  }
  return FromRows(tx.Exec(kListTransfers, context.tenant_id(), context.scope().Limit(),
                          filter.account, filter.cause_id, after_time, after_id, limit));
}

}  // namespace karez::billing::store

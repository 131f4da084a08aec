#include "services/billing/store/payment_store.h"

namespace karez::billing::store {
namespace {

constexpr pg::Query kInsertPayment{"billing.insert_payment", R"sql(
  INSERT INTO payment (tenant_id, id, receipt_number, account_id, amount_fen, method, credit_fen,
                       cashier, cashier_name, pay_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10))sql"};

constexpr pg::Query kInsertAllocations{"billing.insert_allocations", R"sql(
  INSERT INTO allocation (tenant_id, id, payment_id, bill_id, account_id, amount_fen,
                          open_after_fen, allocate_time)
  SELECT $1, id, payment_id, bill_id, account_id, amount_fen, open_after_fen, allocate_time
    FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[], $7::bigint[],
                $8::timestamptz[])
         AS a(id, payment_id, bill_id, account_id, amount_fen, open_after_fen,
              allocate_time)
  RETURNING tenant_id)sql"};

constexpr pg::Query kInsertPaymentReversal{"billing.insert_payment_reversal", R"sql(
  INSERT INTO payment_reversal (tenant_id, payment_id, reason, reversed_by, reverse_time)
  VALUES ($1, $2, $3, $4, $5))sql"};

constexpr pg::Query kStandingOf{"billing.standing_allocations_of", R"sql(
  SELECT a.id, a.payment_id, a.bill_id, a.account_id, a.amount_fen, a.open_after_fen,
         a.allocate_time
    FROM allocation a
    LEFT JOIN allocation_reversal r ON r.tenant_id = $1 AND r.allocation_id = a.id
   WHERE a.tenant_id = $1 AND a.payment_id = $2 AND r.allocation_id IS NULL
   ORDER BY a.allocate_time, a.id)sql"};

constexpr pg::Query kStandingOn{"billing.standing_allocations_on", R"sql(
  SELECT a.id, a.payment_id, a.bill_id, a.account_id, a.amount_fen, a.open_after_fen,
         a.allocate_time
    FROM allocation a
    LEFT JOIN allocation_reversal r ON r.tenant_id = $1 AND r.allocation_id = a.id
   WHERE a.tenant_id = $1 AND a.bill_id = $2 AND r.allocation_id IS NULL
   ORDER BY a.allocate_time, a.id)sql"};

constexpr pg::Query kReverseAllocations{"billing.reverse_allocations", R"sql(
  INSERT INTO allocation_reversal (tenant_id, allocation_id, reverse_time)
  SELECT $1, id, $3 FROM unnest($2::uuid[]) AS a(id)
  RETURNING tenant_id)sql"};

constexpr pg::Query kGetPayment{"billing.get_payment", R"sql(
  SELECT p.id, p.receipt_number, p.account_id, p.amount_fen, p.method, p.credit_fen, p.cashier,
         p.cashier_name, p.pay_time, a.number AS account_number, a.customer_name,
         r.payment_id IS NOT NULL AS reversed, COALESCE(r.reason, '') AS reversed_reason,
         r.reverse_time
    FROM payment p
    JOIN account a ON a.tenant_id = $1 AND a.id = p.account_id
    LEFT JOIN payment_reversal r ON r.tenant_id = $1 AND r.payment_id = p.id
   WHERE p.tenant_id = $1 AND p.id = $2
     AND ($3::uuid[] IS NULL OR a.branch_id = ANY($3::uuid[])))sql"};

constexpr pg::Query kListPayments{"billing.list_payments", R"sql(
  SELECT p.id, p.receipt_number, p.account_id, p.amount_fen, p.method, p.credit_fen, p.cashier,
         p.cashier_name, p.pay_time, a.number AS account_number, a.customer_name,
         r.payment_id IS NOT NULL AS reversed, COALESCE(r.reason, '') AS reversed_reason,
         r.reverse_time
    FROM payment p
    JOIN account a ON a.tenant_id = $1 AND a.id = p.account_id
    LEFT JOIN payment_reversal r ON r.tenant_id = $1 AND r.payment_id = p.id
   WHERE p.tenant_id = $1
     AND ($2::uuid[] IS NULL OR a.branch_id = ANY($2::uuid[]))
     AND ($3::uuid IS NULL OR p.account_id = $3)
     AND ($4::uuid IS NULL OR p.id < $4)
   ORDER BY p.id DESC
   LIMIT $5)sql"};

constexpr pg::Query kPartsOf{"billing.payment_parts", R"sql(
  SELECT a.payment_id, a.bill_id, b.number, b.month, a.amount_fen, a.open_after_fen
    FROM allocation a
    JOIN bill b ON b.tenant_id = $1 AND b.id = a.bill_id
   WHERE a.tenant_id = $1 AND a.payment_id = ANY($2::uuid[])
   ORDER BY a.payment_id, b.month, b.issue_time, b.sequence, b.id)sql"};

PaymentRecord FromRow(const pg::Row& row) {
  PaymentRecord out;
  out.payment.id = row.Get<PaymentId>("id");
  out.payment.receipt_number = row.Get<std::string>("receipt_number");
  out.payment.account_id = row.Get<AccountId>("account_id");
  out.payment.amount_fen = row.Get<std::int64_t>("amount_fen");
  out.payment.method = row.Get<std::string>("method");
  out.payment.credit_fen = row.Get<std::int64_t>("credit_fen");
  out.payment.cashier = row.Get<std::string>("cashier");
  out.payment.cashier_name = row.Get<std::string>("cashier_name");
  out.payment.time = row.Get<Instant>("pay_time");
  out.account_number = row.Get<std::string>("account_number");
  out.customer_name = row.Get<std::string>("customer_name");
  out.reversed = row.Get<bool>("reversed");
  out.reversed_reason = row.Get<std::string>("reversed_reason");
  out.reverse_time = row.Get<std::optional<Instant>>("reverse_time");
  return out;
}

void AddParts(pg::Tx& tx, const Context& context, std::vector<PaymentRecord>& records) {
  std::vector<PaymentId> ids;
  std::map<PaymentId, PaymentRecord*> by_id;
  for (PaymentRecord& record : records) {
    ids.push_back(record.payment.id);
    by_id[record.payment.id] = &record;
  }
  for (const auto& row : tx.Exec(kPartsOf, context.tenant_id(), ids)) {
    by_id.at(row.Get<PaymentId>("payment_id"))
        ->parts.push_back({row.Get<BillId>("bill_id"), row.Get<std::string>("number"),
                           MonthOf(row.Get<LocalDate>("month")),
                           row.Get<std::int64_t>("amount_fen"),
                           row.Get<std::int64_t>("open_after_fen")});
  }
}

std::vector<Allocation> AllocationsFrom(const pg::Rows& rows) {
  std::vector<Allocation> out;
  for (const auto& row : rows) {
    out.push_back({.id = row.Get<AllocationId>("id"),
                   .payment_id = row.Get<std::optional<PaymentId>>("payment_id"),
                   .bill_id = row.Get<BillId>("bill_id"),
                   .account_id = row.Get<AccountId>("account_id"),
                   .amount_fen = row.Get<std::int64_t>("amount_fen"),
                   .open_after_fen = row.Get<std::int64_t>("open_after_fen"),
                   .time = row.Get<Instant>("allocate_time")});
  }
  return out;
}

}  // namespace

void InsertPayment(pg::Tx& tx, const Context& context, const Payment& payment) {
  tx.Exec(kInsertPayment, context.tenant_id(), payment.id, payment.receipt_number,
          payment.account_id, payment.amount_fen, payment.method, payment.credit_fen,
          payment.cashier, payment.cashier_name, payment.time);
}

void InsertAllocations(pg::Tx& tx, const Context& context,
                       const std::vector<Allocation>& allocations) {
  if (allocations.empty()) return;
  std::vector<AllocationId> ids;
  std::vector<std::optional<PaymentId>> payments;
  std::vector<BillId> bills;
  std::vector<AccountId> accounts;
  std::vector<std::int64_t> amounts, opens;
  std::vector<Instant> times;
  for (const Allocation& allocation : allocations) {
    ids.push_back(allocation.id);
    payments.push_back(allocation.payment_id);
    bills.push_back(allocation.bill_id);
    accounts.push_back(allocation.account_id);
    amounts.push_back(allocation.amount_fen);
    opens.push_back(allocation.open_after_fen);
    times.push_back(allocation.time);
  }
  tx.Exec(kInsertAllocations, context.tenant_id(), ids, payments, bills, accounts, amounts, opens,
          times);
}

void InsertPaymentReversal(pg::Tx& tx, const Context& context, PaymentId payment,
                           const std::string& reason) {
  tx.Exec(kInsertPaymentReversal, context.tenant_id(), payment, reason, context.principal().subject,
          context.Now());
}

std::vector<Allocation> StandingAllocationsOf(pg::Tx& tx, const Context& context,
                                              PaymentId payment) {
  return AllocationsFrom(tx.Exec(kStandingOf, context.tenant_id(), payment));
}

std::vector<Allocation> StandingAllocationsOn(pg::Tx& tx, const Context& context, BillId bill) {
  return AllocationsFrom(tx.Exec(kStandingOn, context.tenant_id(), bill));
}

void ReverseAllocations(pg::Tx& tx, const Context& context,
                        const std::vector<Allocation>& allocations) {
  if (allocations.empty()) return;
  std::vector<AllocationId> ids;
  for (const Allocation& allocation : allocations) ids.push_back(allocation.id);
  tx.Exec(kReverseAllocations, context.tenant_id(), ids, context.Now());
}

Result<PaymentRecord> GetPayment(pg::Tx& tx, const Context& context, PaymentId id,
                                 PaymentReach reach) {
  const auto branches = reach == PaymentReach::kAnyBranch ? std::nullopt : context.scope().Limit();
  const auto rows = tx.Exec(kGetPayment, context.tenant_id(), id, branches);
  if (rows.empty()) {
    return Fail(Code::kNotFound, "PAYMENT_NOT_FOUND", "There is no such payment.");
  }
  std::vector<PaymentRecord> records = {FromRow(rows[0])};
  AddParts(tx, context, records);
  return records.front();
}

std::vector<PaymentRecord> ListPayments(pg::Tx& tx, const Context& context,
                                        std::optional<AccountId> account,
                                        std::optional<PaymentId> after, int limit) {
  std::vector<PaymentRecord> records;
  for (const auto& row : tx.Exec(kListPayments, context.tenant_id(), context.scope().Limit(),
                                 account, after, limit)) {
    records.push_back(FromRow(row));
  }
  if (!records.empty()) AddParts(tx, context, records);
  return records;
}

}  // namespace karez::billing::store

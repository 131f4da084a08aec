#include "services/billing/store/balance_store.h"

#include <algorithm>

namespace karez::billing::store {
namespace {

// A row that is not there locks nothing.
constexpr pg::Query kEnsureBalances{"billing.ensure_balances", R"sql(
  INSERT INTO account_balance (tenant_id, account_id, arrears_fen, credit_fen, carry_ml, version)
  SELECT $1, id, 0, 0, 0, 0 FROM unnest($2::uuid[]) AS a(id)
  ON CONFLICT (tenant_id, account_id) DO NOTHING)sql"};

constexpr pg::Query kLockBalances{"billing.lock_balances", R"sql(
  SELECT account_id, arrears_fen, credit_fen, carry_ml, version
    FROM account_balance
   WHERE tenant_id = $1 AND account_id = ANY($2::uuid[])
   ORDER BY account_id
     FOR UPDATE)sql"};

constexpr pg::Query kGetBalance{"billing.get_balance", R"sql(
  SELECT account_id, arrears_fen, credit_fen, carry_ml, version
    FROM account_balance
   WHERE tenant_id = $1 AND account_id = $2)sql"};

constexpr pg::Query kBalancesAfter{"billing.balances_after", R"sql(
  SELECT account_id, arrears_fen, credit_fen, carry_ml, version
    FROM account_balance
   WHERE tenant_id = $1 AND account_id > $2 AND version > 0
   ORDER BY account_id
   LIMIT $3)sql"};

constexpr pg::Query kSaveBalances{"billing.save_balances", R"sql(
  UPDATE account_balance a
     SET arrears_fen = b.arrears_fen, credit_fen = b.credit_fen, carry_ml = b.carry_ml,
         version = b.version
    FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
         AS b(account_id, arrears_fen, credit_fen, carry_ml, version)
   WHERE a.tenant_id = $1 AND a.account_id = b.account_id)sql"};

AccountBalance FromRow(const pg::Row& row) {
  return {.account_id = row.Get<AccountId>("account_id"),
          .arrears_fen = row.Get<std::int64_t>("arrears_fen"),
          .credit_fen = row.Get<std::int64_t>("credit_fen"),
          .carry_ml = row.Get<std::int64_t>("carry_ml"),
          .version = row.Get<std::int64_t>("version")};
}

}  // namespace

std::map<AccountId, AccountBalance> LockBalances(pg::Tx& tx, const Context& context,
                                                 std::vector<AccountId> accounts) {
  std::sort(accounts.begin(), accounts.end());
  tx.Exec(kEnsureBalances, context.tenant_id(), accounts);
  std::map<AccountId, AccountBalance> out;
  for (const auto& row : tx.Exec(kLockBalances, context.tenant_id(), accounts)) {
    const AccountBalance balance = FromRow(row);
    out.emplace(balance.account_id, balance);
  }
  return out;
}

AccountBalance LockBalance(pg::Tx& tx, const Context& context, AccountId account) {
  return LockBalances(tx, context, {account}).at(account);
}

AccountBalance GetBalance(pg::Tx& tx, const Context& context, AccountId account) {
  const auto rows = tx.Exec(kGetBalance, context.tenant_id(), account);
  if (rows.empty()) return {.account_id = account};
  return FromRow(rows[0]);
}

std::vector<AccountBalance> BalancesAfter(pg::Tx& tx, const Context& context, AccountId after,
                                          int limit) {
  std::vector<AccountBalance> out;
  for (const auto& row : tx.Exec(kBalancesAfter, context.tenant_id(), after, limit)) {
    out.push_back(FromRow(row));
  }
  return out;
}

void SaveBalances(pg::Tx& tx, const Context& context, const std::vector<AccountBalance>& balances) {
  if (balances.empty()) return;
  std::vector<AccountId> accounts;
  std::vector<std::int64_t> arrears, credits, carries, versions;
  for (const AccountBalance& balance : balances) {
    accounts.push_back(balance.account_id);
    arrears.push_back(balance.arrears_fen);
    credits.push_back(balance.credit_fen);
    carries.push_back(balance.carry_ml);
    versions.push_back(balance.version);
  }
  tx.Exec(kSaveBalances, context.tenant_id(), accounts, arrears, credits, carries, versions);
}

}  // namespace karez::billing::store

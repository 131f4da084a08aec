#include "services/billing/store/account_store.h"

namespace karez::billing::store {
namespace {

constexpr pg::Query kApplyAccount{"billing.apply_account", R"sql(
  INSERT INTO account AS a (tenant_id, id, number, branch_id, customer_name, address, tariff_code,
                            household_size, open, version)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  ON CONFLICT (tenant_id, id) DO UPDATE
     SET number = excluded.number, branch_id = excluded.branch_id,
         customer_name = excluded.customer_name, address = excluded.address,
         tariff_code = excluded.tariff_code, household_size = excluded.household_size,
         open = excluded.open, version = excluded.version
   WHERE excluded.version > a.version)sql"};

constexpr pg::Query kFindAccount{"billing.find_account", R"sql(
  SELECT id, number, branch_id, customer_name, address, tariff_code, household_size, open, version
    FROM account
   WHERE tenant_id = $1 AND id = $2 AND ($3::uuid[] IS NULL OR branch_id = ANY($3::uuid[])))sql"};

constexpr pg::Query kFindAccounts{"billing.find_accounts", R"sql(
  SELECT id, number, branch_id, customer_name, address, tariff_code, household_size, open, version
    FROM account
   WHERE tenant_id = $1 AND id = ANY($2::uuid[]))sql"};

Account FromRow(const pg::Row& row) {
  Account account;
  account.id = row.Get<AccountId>("id");
  account.number = row.Get<std::string>("number");
  account.branch_id = row.Get<BranchId>("branch_id");
  account.customer_name = row.Get<std::string>("customer_name");
  account.address = row.Get<std::string>("address");
  account.tariff_code = row.Get<std::string>("tariff_code");
  account.household_size = row.Get<std::int32_t>("household_size");
  account.open = row.Get<bool>("open");
  account.version = row.Get<std::int64_t>("version");
  return account;
}

}  // namespace

void ApplyAccount(pg::Tx& tx, const Context& context, const Account& account) {
  tx.Exec(kApplyAccount, context.tenant_id(), account.id, account.number, account.branch_id,
          account.customer_name, account.address, account.tariff_code, account.household_size,
          account.open, account.version);
}

Result<Account> FindAccount(pg::Tx& tx, const Context& context, AccountId id, Reach reach) {
  const auto branches = reach == Reach::kAnyBranch ? std::nullopt : context.scope().Limit();
  const auto rows = tx.Exec(kFindAccount, context.tenant_id(), id, branches);
  if (rows.empty()) {
    return Fail(Code::kNotFound, "ACCOUNT_NOT_FOUND",
                "There is no such account here. One just opened arrives within a second.");
  }
  return FromRow(rows[0]);
}

std::map<AccountId, Account> FindAccounts(pg::Tx& tx, const Context& context,
                                          const std::vector<AccountId>& ids) {
  std::map<AccountId, Account> out;
  for (const auto& row : tx.Exec(kFindAccounts, context.tenant_id(), ids)) {
    Account account = FromRow(row);
    out.emplace(account.id, std::move(account));
  }
  return out;
}

}  // namespace karez::billing::store

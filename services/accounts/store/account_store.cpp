#include "services/accounts/store/account_store.h"

#include <map>

namespace karez::accounts::store {
namespace {

constexpr pg::Query kFindAccount{"accounts.find_account", R"sql(
  SELECT a.id, a.number, a.branch_id, COALESCE(b.name, '') AS branch_name, a.customer_id,
         c.name AS customer_name, a.address_id, d.full_text AS address, a.tariff_code,
         a.household_size, a.state, a.open_date, a.close_date, a.version
    FROM account a
    JOIN customer c ON c.tenant_id = $1 AND c.id = a.customer_id
    JOIN address d ON d.tenant_id = $1 AND d.id = a.address_id
    LEFT JOIN branch b ON b.tenant_id = $1 AND b.id = a.branch_id
   WHERE a.tenant_id = $1 AND a.id = $2
     AND ($3::uuid[] IS NULL OR a.branch_id = ANY($3::uuid[])))sql"};

constexpr pg::Query kLockAccount{"accounts.lock_account", R"sql(
  SELECT id
    FROM account
   WHERE tenant_id = $1 AND id = $2 AND ($3::uuid[] IS NULL OR branch_id = ANY($3::uuid[]))
     FOR UPDATE)sql"};

constexpr pg::Query kListAccounts{"accounts.list_accounts", R"sql(
  SELECT a.id, a.number, a.branch_id, COALESCE(b.name, '') AS branch_name, a.customer_id,
         c.name AS customer_name, a.address_id, d.full_text AS address, a.tariff_code,
         a.household_size, a.state, a.open_date, a.close_date, a.version
    FROM account a
    JOIN customer c ON c.tenant_id = $1 AND c.id = a.customer_id
    JOIN address d ON d.tenant_id = $1 AND d.id = a.address_id
    LEFT JOIN branch b ON b.tenant_id = $1 AND b.id = a.branch_id
   WHERE a.tenant_id = $1 AND a.number > $2
     AND ($3::uuid[] IS NULL OR a.branch_id = ANY($3::uuid[]))
   ORDER BY a.number
   LIMIT $4)sql"};

constexpr pg::Query kListBindings{"accounts.list_bindings", R"sql(
  SELECT id, account_id, meter_id, meter_number, from_time, from_ml, to_time,
         COALESCE(to_ml, 0) AS to_ml
    FROM meter_binding
   WHERE tenant_id = $1 AND account_id = ANY($2::uuid[])
   ORDER BY from_time, id)sql"};

constexpr pg::Query kLockByNumber{"accounts.lock_by_number", R"sql(
  SELECT id FROM account WHERE tenant_id = $1 AND number = $2 FOR UPDATE)sql"};

constexpr pg::Query kLockByImportKey{"accounts.lock_by_import_key", R"sql(
  SELECT id FROM account WHERE tenant_id = $1 AND import_key = $2 FOR UPDATE)sql"};

constexpr pg::Query kIsNumberTaken{"accounts.is_number_taken", R"sql(
  SELECT EXISTS (SELECT FROM account WHERE tenant_id = $1 AND number = $2) AS taken)sql"};

constexpr pg::Query kInsertAccount{"accounts.insert_account", R"sql(
  INSERT INTO account (tenant_id, id, number, branch_id, customer_id, address_id, tariff_code,
                       household_size, state, open_date, import_key, version)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10, $11))sql"};

constexpr pg::Query kUpdateAccount{"accounts.update_account", R"sql(
  UPDATE account
     SET household_size = $3, state = $4, close_date = $5, version = $6
   WHERE tenant_id = $1 AND id = $2)sql"};

constexpr pg::Query kInsertBindings{"accounts.insert_bindings", R"sql(
  INSERT INTO meter_binding (tenant_id, id, account_id, meter_id, meter_number, from_time, from_ml)
  SELECT $1, id, $2, meter_id, meter_number, from_time, from_ml
    FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::bigint[])
         AS b(id, meter_id, meter_number, from_time, from_ml)
  RETURNING tenant_id)sql"};

constexpr pg::Query kEndBinding{"accounts.end_binding", R"sql(
  UPDATE meter_binding SET to_time = $3, to_ml = $4 WHERE tenant_id = $1 AND id = $2)sql"};

constexpr pg::Query kFindBranch{"accounts.find_branch", R"sql(
  SELECT name FROM branch WHERE tenant_id = $1 AND id = $2)sql"};

constexpr pg::Query kFindBranchByCode{"accounts.find_branch_by_code", R"sql(
  SELECT id FROM branch WHERE tenant_id = $1 AND code = $2)sql"};

Account FromRow(const pg::Row& row) {
  Account out;
  out.id = row.Get<AccountId>("id");
  out.number = row.Get<std::string>("number");
  out.branch_id = row.Get<BranchId>("branch_id");
  out.branch_name = row.Get<std::string>("branch_name");
  out.customer_id = row.Get<CustomerId>("customer_id");
  out.customer_name = row.Get<std::string>("customer_name");
  out.address_id = row.Get<AddressId>("address_id");
  out.address = row.Get<std::string>("address");
  out.tariff_code = row.Get<std::string>("tariff_code");
  out.household_size = row.Get<std::int32_t>("household_size");
  out.state =
      row.Get<std::string>("state") == "open" ? Account::State::kOpen : Account::State::kClosed;
  out.open_date = row.Get<LocalDate>("open_date");
  out.close_date = row.Get<std::optional<LocalDate>>("close_date");
  out.version = row.Get<std::int64_t>("version");
  return out;
}

void LoadBindings(pg::Tx& tx, const Context& context, std::vector<Account>& accounts) {
  std::map<AccountId, Account*> by_id;
  std::vector<AccountId> ids;
  for (auto& account : accounts) {
    by_id[account.id] = &account;
    ids.push_back(account.id);
  }
  for (const auto row : tx.Exec(kListBindings, context.tenant_id(), ids)) {
    by_id.at(row.Get<AccountId>("account_id"))
        ->bindings.push_back({row.Get<BindingId>("id"), row.Get<MeterId>("meter_id"),
                              row.Get<std::string>("meter_number"), row.Get<Instant>("from_time"),
                              row.Get<std::int64_t>("from_ml"),
                              row.Get<std::optional<Instant>>("to_time"),
                              row.Get<std::int64_t>("to_ml")});
  }
}

tl::unexpected<Error> RefuseUnknownAccount() {
  return Fail(Code::kNotFound, "ACCOUNT_NOT_FOUND", "No account has this account_id.");
}

template <class T>
std::optional<T> OptionalId(const pg::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return rows.One().Get<T>("id");
}

}  // namespace

Result<Account> FindAccount(pg::Tx& tx, const Context& context, AccountId id) {
  const auto rows = tx.Exec(kFindAccount, context.tenant_id(), id, context.scope().Limit());
  if (rows.empty()) return RefuseUnknownAccount();
  std::vector<Account> out = {FromRow(rows.One())};
  LoadBindings(tx, context, out);
  return std::move(out.front());
}

Result<Account> LockAccount(pg::Tx& tx, const Context& context, AccountId id) {
  if (tx.Exec(kLockAccount, context.tenant_id(), id, context.scope().Limit()).empty()) {
    return RefuseUnknownAccount();
  }
  return FindAccount(tx, context, id);
}

std::vector<Account> ListAccounts(pg::Tx& tx, const Context& context, const std::string& after,
                                  int limit) {
  std::vector<Account> out;
  for (const auto row :
       tx.Exec(kListAccounts, context.tenant_id(), after, context.scope().Limit(), limit)) {
    out.push_back(FromRow(row));
  }
  LoadBindings(tx, context, out);
  return out;
}

std::optional<AccountId> LockByNumber(pg::Tx& tx, const Context& context,
                                      const std::string& number) {
  return OptionalId<AccountId>(tx.Exec(kLockByNumber, context.tenant_id(), number));
}

std::optional<AccountId> LockByImportKey(pg::Tx& tx, const Context& context, const Uuid& key) {
  return OptionalId<AccountId>(tx.Exec(kLockByImportKey, context.tenant_id(), key));
}

bool IsNumberTaken(pg::Tx& tx, const Context& context, const std::string& number) {
  return tx.Exec(kIsNumberTaken, context.tenant_id(), number).One().Get<bool>("taken");
}

void InsertAccount(pg::Tx& tx, const Context& context, const Account& account,
                   const std::optional<Uuid>& import_key) {
  tx.Exec(kInsertAccount, context.tenant_id(), account.id, account.number, account.branch_id,
          account.customer_id, account.address_id, account.tariff_code, account.household_size,
          account.open_date, import_key, account.version);
  InsertBindings(tx, context, account.id, account.bindings);
}

void UpdateAccount(pg::Tx& tx, const Context& context, Account& account) {
  ++account.version;
  tx.Exec(kUpdateAccount, context.tenant_id(), account.id, account.household_size,
          account.state == Account::State::kOpen ? "open" : "closed", account.close_date,
          account.version);
}

void InsertBindings(pg::Tx& tx, const Context& context, AccountId account,
                    const std::vector<MeterBinding>& bindings) {
  if (bindings.empty()) return;
  std::vector<BindingId> ids;
  std::vector<MeterId> meters;
  std::vector<std::string> numbers;
  std::vector<Instant> times;
  std::vector<std::int64_t> values;
  for (const auto& binding : bindings) {
    ids.push_back(binding.id);
    meters.push_back(binding.meter_id);
    numbers.push_back(binding.meter_number);
    times.push_back(binding.from_time);
    values.push_back(binding.from_ml);
  }
  tx.Exec(kInsertBindings, context.tenant_id(), account, ids, meters, numbers, times, values);
}

void EndBinding(pg::Tx& tx, const Context& context, const MeterBinding& binding) {
  tx.Exec(kEndBinding, context.tenant_id(), binding.id, binding.to_time, binding.to_ml);
}

Result<std::string> FindBranch(pg::Tx& tx, const Context& context, BranchId id) {
  const auto rows = tx.Exec(kFindBranch, context.tenant_id(), id);
  if (rows.empty() || !context.scope().Contains(id)) {
    return Fail(Code::kNotFound, "BRANCH_NOT_FOUND", "No branch has this branch_id.");
  }
  return rows.One().Get<std::string>("name");
}

std::optional<BranchId> FindBranchByCode(pg::Tx& tx, const Context& context,
                                         const std::string& code) {
  return OptionalId<BranchId>(tx.Exec(kFindBranchByCode, context.tenant_id(), code));
}

}  // namespace karez::accounts::store

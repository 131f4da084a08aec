#include "services/metering/store/account_store.h"

namespace karez::metering::store {
namespace {

constexpr pg::Query kSaveAccount{"metering.save_account", R"sql(
  INSERT INTO account AS a (tenant_id, id, number, branch_id, version)
  VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (tenant_id, id) DO UPDATE
     SET number = excluded.number, branch_id = excluded.branch_id, version = excluded.version
   WHERE excluded.version > a.version)sql"};

constexpr pg::Query kSaveBindings{"metering.save_bindings", R"sql(
  INSERT INTO binding (tenant_id, id, account_id, meter_id, meter_number, from_time, from_ml,
                       to_time, to_ml)
  SELECT $1, id, $2, meter_id, meter_number, from_time, from_ml, to_time, to_ml
    FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::bigint[],
                $8::timestamptz[], $9::bigint[])
         AS b (id, meter_id, meter_number, from_time, from_ml, to_time, to_ml)
   ORDER BY id
      ON CONFLICT (tenant_id, id) DO UPDATE
     SET meter_number = excluded.meter_number, from_time = excluded.from_time,
         from_ml = excluded.from_ml, to_time = excluded.to_time, to_ml = excluded.to_ml)sql"};

constexpr pg::Query kLockAccount{"metering.lock_account", R"sql(
  SELECT id, number, branch_id, version
    FROM account
   WHERE tenant_id = $1 AND id = $2 AND ($3::uuid[] IS NULL OR branch_id = ANY($3::uuid[]))
     FOR UPDATE)sql"};

}  // namespace

bool SaveAccount(pg::Tx& tx, const Context& context, const Account& account) {
  return tx.Exec(kSaveAccount, context.tenant_id(), account.id, account.number, account.branch_id,
                 account.version)
             .affected() == 1;
}

void SaveBindings(pg::Tx& tx, const Context& context, domain::AccountId account,
                  const std::vector<domain::Binding>& bindings) {
  std::vector<domain::BindingId> ids;
  std::vector<domain::MeterId> meters;
  std::vector<std::string> numbers;
  std::vector<Instant> from_times;
  std::vector<std::int64_t> from_ml;
  std::vector<std::optional<Instant>> to_times;
  std::vector<std::optional<std::int64_t>> to_ml;
  for (const domain::Binding& binding : bindings) {
    ids.push_back(binding.id);
    meters.push_back(binding.meter_id);
    numbers.push_back(binding.meter_number);
    from_times.push_back(binding.from.time);
    from_ml.push_back(binding.from.value_ml);
    to_times.push_back(binding.to ? std::optional(binding.to->time) : std::nullopt);
    to_ml.push_back(binding.to ? std::optional(binding.to->value_ml) : std::nullopt);
  }
  tx.Exec(kSaveBindings, context.tenant_id(), account, ids, meters, numbers, from_times, from_ml,
          to_times, to_ml);
}

Result<Account> LockAccount(pg::Tx& tx, const Context& context, domain::AccountId id) {
  const auto rows = tx.Exec(kLockAccount, context.tenant_id(), id, context.scope().Limit());
  if (rows.empty()) {
    return Fail(Code::kNotFound, "ACCOUNT_NOT_FOUND", "There is no account with this id.");
  }
  const pg::Row row = rows.One();
  return Account{row.Get<domain::AccountId>("id"), row.Get<std::string>("number"),
                 row.Get<BranchId>("branch_id"), row.Get<std::int64_t>("version")};
}

}  // namespace karez::metering::store

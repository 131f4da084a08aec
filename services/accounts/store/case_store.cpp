#include "services/accounts/store/case_store.h"

#include <optional>

namespace karez::accounts::store {
namespace {

constexpr pg::Query kInsertCase{"accounts.insert_case", R"sql(
  INSERT INTO business_case (tenant_id, id, number, kind, account_id, staff_name, at, note, change)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9))sql"};

constexpr pg::Query kListCases{"accounts.list_cases", R"sql(
  SELECT id, number, kind, staff_name, at, note, change
    FROM business_case
   WHERE tenant_id = $1 AND account_id = $2 AND ($3::uuid IS NULL OR id < $3)
   ORDER BY id DESC
   LIMIT $4)sql"};

}  // namespace

void InsertCase(pg::Tx& tx, const Context& context, const BusinessCase& item) {
  tx.Exec(kInsertCase, context.tenant_id(), item.id, item.number, Name(item.kind), item.account_id,
          item.staff_name, item.time, item.note, item.change);
}

std::vector<BusinessCase> ListCases(pg::Tx& tx, const Context& context, AccountId account,
                                    CaseId before, int limit) {
  std::vector<BusinessCase> out;
  for (const auto row : tx.Exec(kListCases, context.tenant_id(), account,
                                before.is_nil() ? std::nullopt : std::optional(before), limit)) {
    out.push_back({row.Get<CaseId>("id"), row.Get<std::string>("number"),
                   CaseKindOf(row.Get<std::string>("kind")), account,
                   row.Get<std::string>("staff_name"), row.Get<Instant>("at"),
                   row.Get<std::string>("note"), row.Get<std::string>("change")});
  }
  return out;
}

}  // namespace karez::accounts::store

#include "services/accounts/store/customer_store.h"

#include <optional>

namespace karez::accounts::store {
namespace {

constexpr std::string_view kPhone = "customer.phone";
constexpr std::string_view kIdentity = "customer.identity";

constexpr pg::Query kInsertCustomer{"accounts.insert_customer", R"sql(
  INSERT INTO customer (tenant_id, id, name, kind, phone_sealed, identity_sealed, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7))sql"};

constexpr pg::Query kFindCustomer{"accounts.find_customer", R"sql(
  SELECT c.name, c.kind, COALESCE(c.phone_sealed, '') AS phone_sealed,
         COALESCE(c.identity_sealed, '') AS identity_sealed
    FROM customer c
   WHERE c.tenant_id = $1 AND c.id = $2
     AND ($3::uuid[] IS NULL
          OR NOT EXISTS (SELECT FROM account a
                          WHERE a.tenant_id = $1 AND a.customer_id = $2)
          OR EXISTS (SELECT FROM account a
                      WHERE a.tenant_id = $1 AND a.customer_id = $2
                        AND a.branch_id = ANY($3::uuid[]))))sql"};

std::optional<pg::Bytes> Sealed(const Context& context, const auth::Sealer& sealer,
                                std::string_view purpose, const std::string& clear) {
  if (clear.empty()) return std::nullopt;
  return pg::Bytes{sealer.Seal(context.tenant_id(), purpose, clear)};
}

Result<std::string> Opened(const Context& context, const auth::Sealer& sealer,
                           std::string_view purpose, const std::string& sealed) {
  if (sealed.empty()) return std::string();
  return sealer.Open(context.tenant_id(), purpose, sealed);
}

}  // namespace

void InsertCustomer(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                    const Customer& customer) {
  tx.Exec(kInsertCustomer, context.tenant_id(), customer.id, customer.name, Name(customer.kind),
          Sealed(context, sealer, kPhone, customer.phone),
          Sealed(context, sealer, kIdentity, customer.identity_number), context.Now());
}

Result<Customer> FindCustomer(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                              CustomerId id) {
  const auto rows = tx.Exec(kFindCustomer, context.tenant_id(), id, context.scope().Limit());
  if (rows.empty()) {
    return Fail(Code::kNotFound, "CUSTOMER_NOT_FOUND", "No customer has this customer_id.");
  }
  const auto row = rows.One();
  Customer out;
  out.id = id;
  out.name = row.Get<std::string>("name");
  out.kind = ParseCustomerKind(row.Get<std::string>("kind")).value();
  ASSIGN_OR_RETURN(out.phone, OpenPhone(context, sealer, row.GetBytes("phone_sealed")));
  ASSIGN_OR_RETURN(out.identity_number,
                   Opened(context, sealer, kIdentity, row.GetBytes("identity_sealed")));
  return out;
}

Result<std::string> OpenPhone(const Context& context, const auth::Sealer& sealer,
                              const std::string& sealed) {
  return Opened(context, sealer, kPhone, sealed);
}

}  // namespace karez::accounts::store

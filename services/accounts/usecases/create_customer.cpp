#include "services/accounts/usecases/create_customer.h"

#include "services/accounts/store/address_store.h"
#include "services/accounts/store/customer_store.h"

namespace karez::accounts::usecases {

void CreateCustomer(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                    const Customer& customer) {
  store::InsertCustomer(tx, context, sealer, customer);
}

Result<Address> CreateAddress(pg::Tx& tx, const Context& context, const AddressNames& names) {
  const auto levels = Levels(context.tenant_id(), names);
  store::EnsureAddress(tx, context, levels);
  ASSIGN_OR_RETURN(auto found, store::FindAddress(tx, context, levels.back().id));
  return std::move(found.address);
}

}  // namespace karez::accounts::usecases

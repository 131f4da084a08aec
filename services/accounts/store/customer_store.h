// Customers; phone and identity number are sealed on their way in and opened on their way out.
#pragma once

#include "libs/auth/secrets.h"
#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/accounts/domain/customer.h"

namespace karez::accounts::store {

void InsertCustomer(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                    const Customer& customer);

// In the clear: the ways out mask. A customer without an account is seen by everyone of the
// utility, else by those in whose branches an account of theirs lies. NOT_FOUND CUSTOMER_NOT_FOUND.
Result<Customer> FindCustomer(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                              CustomerId id);

// Opens a sealed phone of the store's; empty for NULL.
Result<std::string> OpenPhone(const Context& context, const auth::Sealer& sealer,
                              const std::string& sealed);

}  // namespace karez::accounts::store

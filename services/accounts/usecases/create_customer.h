// Takes in a customer and a standard address: what an account is opened with.
#pragma once

#include "libs/auth/secrets.h"
#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/accounts/domain/address.h"
#include "services/accounts/domain/customer.h"

namespace karez::accounts::usecases {

void CreateCustomer(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                    const Customer& customer);

// The room, as it is written here already when it is.
Result<Address> CreateAddress(pg::Tx& tx, const Context& context, const AddressNames& names);

}  // namespace karez::accounts::usecases

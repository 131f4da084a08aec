// The tree of standard addresses.
#pragma once

#include <vector>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/accounts/domain/address.h"

namespace karez::accounts::store {

// Writes the levels that are not there yet.
void EnsureAddress(pg::Tx& tx, const Context& context, const std::vector<Address>& levels);

struct FoundAddress {
  Address address;
  AddressNames names;  // of its own level and all above
};
// NOT_FOUND ADDRESS_NOT_FOUND.
Result<FoundAddress> FindAddress(pg::Tx& tx, const Context& context, AddressId id);

// Children by name, then id, after that key; of the root when `parent` is nil.
std::vector<Address> ListAddresses(pg::Tx& tx, const Context& context, AddressId parent,
                                   const std::string& after_name, AddressId after_id, int limit);

}  // namespace karez::accounts::store

// Ids of accounts' things. Values.
#pragma once

#include "libs/base/uuid.h"

namespace karez::accounts {

using AccountId = Id<struct AccountTag>;
using AddressId = Id<struct AddressTag>;
using BindingId = Id<struct BindingTag>;
using CaseId = Id<struct CaseTag>;
using CustomerId = Id<struct CustomerTag>;
using MeterId = Id<struct MeterTag>;

}  // namespace karez::accounts

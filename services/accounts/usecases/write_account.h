// What every new or changed account leaves behind: its business case, its search tokens, its fact.
// Shared by the use cases of this room.
#pragma once

#include <string>
#include <vector>

#include "libs/auth/secrets.h"
#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/accounts/domain/account.h"
#include "services/accounts/domain/business_case.h"
#include "services/accounts/domain/search.h"

namespace karez::accounts::usecases {

// The keyed hash of the context's tenant. Both arguments must outlive it.
KeyedHash HashOf(const Context& context, const auth::Sealer& sealer);

BusinessCase WriteCase(pg::Tx& tx, const Context& context, CaseKind kind, AccountId account,
                       const std::string& note, const std::string& change);

// After a change of the bound meters.
Result<void> WriteTokens(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                         const Account& account);

// Checks that the meters can be bound and holds them, so that a twin waits; the answer has a new
// binding for each, in the order of `wanted`. NOT_FOUND METER_NOT_FOUND, FAILED_PRECONDITION
// METER_INACTIVE, METER_BOUND; INVALID_ARGUMENT for a time before the meter was free.
Result<std::vector<MeterBinding>> TakeMeters(pg::Tx& tx, const Context& context,
                                             const std::vector<NewBinding>& wanted);

}  // namespace karez::accounts::usecases

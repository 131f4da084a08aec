#pragma once

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/billing/domain/tariff.h"

namespace karez::billing::usecases {

// Publishes a version of a tariff. Every fault of the definition is listed. ALREADY_EXISTS
// "TARIFF_VERSION_EXISTS"; FAILED_PRECONDITION "TARIFF_ALREADY_BILLED" when bills of the code stand
// for periods that end on or after the day it begins.
Result<Tariff> PublishTariff(pg::Tx& tx, const Context& context, TariffDefinition definition);

}  // namespace karez::billing::usecases

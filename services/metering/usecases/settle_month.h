// Monthly settlement: freezes a month for every bound meter and publishes the consumption.
#pragma once

#include "libs/base/context.h"
#include "libs/jobs/runner.h"
#include "libs/pg/tx.h"
#include "services/metering/store/settlement_store.h"

namespace karez::metering::usecases {

inline constexpr const char* kSettleMonthKind = "metering.settle_month";

// Begins it as an operation. FAILED_PRECONDITION: MONTH_NOT_OVER. ALREADY_EXISTS:
// SETTLEMENT_ACTIVE.
Result<store::Settlement> BeginSettleMonth(pg::Tx& tx, const Context& context, Month month,
                                           const google::protobuf::Message& request);

// One step of it, a few hundred meters.
Result<karez::jobs::Progress> StepSettleMonth(pg::Tx& tx, const Context& context,
                                              karez::jobs::Operation& operation);

}  // namespace karez::metering::usecases

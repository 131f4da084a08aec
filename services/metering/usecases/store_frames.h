// Raw frames become readings: claim, match, decode, judge, store. One batch of one tenant in one
// transaction; frames that were worked on before change nothing, whatever the batch.
#pragma once

#include <span>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "libs/protocols/profiles_json/catalogue.h"
#include "services/metering/domain/raw_frame.h"

namespace karez::metering::usecases {

struct FrameTally {
  int stored = 0;
  int duplicate = 0;
  int quarantined = 0;
};

FrameTally StoreFrames(pg::Tx& tx, const Context& context,
                       const protocols::ProfileCatalogue& profiles,
                       std::span<const domain::RawFrame> frames);

}  // namespace karez::metering::usecases

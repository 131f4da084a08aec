// Raw frames from the edges, a batch of one tenant at a time.
#pragma once

#include <span>

#include "libs/base/context.h"
#include "libs/events/message.h"
#include "libs/pg/tx.h"
#include "libs/protocols/profiles_json/catalogue.h"

namespace karez::metering::consumers {

Result<void> OnFrames(pg::Tx& tx, const Context& context,
                      std::span<const karez::events::Message> messages,
                      const protocols::ProfileCatalogue& profiles);

}  // namespace karez::metering::consumers

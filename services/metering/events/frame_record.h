// A raw frame on topic karez.frames.v1: how an edge writes it and a worker reads it. The payload is
// the meter's frame, untouched; everything else travels in headers.
#pragma once

#include "libs/base/context.h"
#include "libs/events/message.h"
#include "libs/events/producer.h"
#include "services/metering/domain/raw_frame.h"

namespace karez::metering::events {

// Keyed by tenant and terminal, so that the frames of a terminal stay in order.
karez::events::Record ToRecord(const std::string& topic, TenantId tenant,
                               const domain::RawFrame& frame);

// INVALID_ARGUMENT when it was not written by ToRecord.
Result<domain::RawFrame> FromMessage(const karez::events::Message& message);

}  // namespace karez::metering::events

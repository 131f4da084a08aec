// The explainers, one file a protocol. Internal to this library.
#pragma once

#include "libs/protocols/explain/explain.h"

namespace karez::protocols {

Json ExplainCjt188(const Question& question, Bytes bytes);
Json ExplainEnvelope(const Question& question, Bytes bytes);

// Meter frames inside another message, by the profile's own protocol.
Json ExplainMeterFrames(const MeterProfile& profile, Bytes bytes);

}  // namespace karez::protocols

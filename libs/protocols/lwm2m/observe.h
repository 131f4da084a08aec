// LwM2M values of a water meter in the terms of the inner model: volume and flow (3424), alarms
// (3424, 10272–10277), valve (3425), battery, voltage and clock (3), signal (4). What has no place
// there stays among the entries; opaque application data (19, 10250) is a payload for the meter
// profile's own codec.
#pragma once

#include <span>

#include "libs/protocols/lwm2m/node.h"
#include "libs/protocols/observation.h"

namespace karez::protocols::lwm2m {

void Observe(std::span<const Entry> entries, Observation& out);

// Opaque uplink data of /19/x/0 or /10250/x/0; empty when there is none.
Bytes ApplicationData(std::span<const Entry> entries);

}  // namespace karez::protocols::lwm2m

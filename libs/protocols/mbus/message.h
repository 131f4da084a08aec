// M-Bus frames as meters' answers and masters' requests, from bytes to the inner model.
#pragma once

#include <cstdint>
#include <span>

#include "libs/protocols/error.h"
#include "libs/protocols/mbus/fixed.h"
#include "libs/protocols/mbus/link.h"
#include "libs/protocols/mbus/profile.h"
#include "libs/protocols/mbus/record.h"
#include "libs/protocols/mbus/transport.h"
#include "libs/protocols/mbus/value.h"
#include "libs/protocols/observation.h"

namespace karez::protocols::mbus {

// The records of a plain body in the terms of the inner model. The first record of a quantity,
// storage, tariff and sub-unit counts; a record with tariff, sub-unit, another function than
// "instant" or a VIFE that changes its meaning is no main register. Storage n > 0 becomes
// Storage::kSettlement with index n. `offset` is the body's place in the frame. A profile tells
// which bits are alarms.
void ObserveRecords(Bytes body, size_t offset, Observation& out, const Profile* profile = nullptr);

// The counters of the fixed data structure `body`; kLayout when it is none.
[[nodiscard]] Error ObserveFixed(Bytes body, bool high_first, size_t offset, Observation& out);

// Identity, access number and status of a header.
void ObserveHeader(const Transport& transport, const Identity& identity, Observation& out);

// `frame` is exactly one wired frame; records in it must be plain or `secrets` must help.
// Faults: those of ParseLink, ParseTransport and Decrypt; kLayout for a content without records.
[[nodiscard]] Error Observe(Bytes frame, const Secrets& secrets, Observation& out,
                            const Profile* profile = nullptr);

// Requests. REQ_UD2 asks for data; the master alternates the frame count bit from call to call.
[[nodiscard]] Written WriteRequest(uint8_t address, bool frame_count_bit, std::span<std::byte> out);
[[nodiscard]] Written WriteReset(uint8_t address, std::span<std::byte> out);  // SND_NKE
// Selects the devices that match `wanted`, for requests to kSelectedDevice. Two that match answer
// at once: garbage, not silence.
[[nodiscard]] Written WriteSelect(const Identity& wanted, std::span<std::byte> out);

}  // namespace karez::protocols::mbus

// Protocol-neutral door to the codecs, for callers that hold a meter's profile: find frames in a
// line's bytes, decode a frame, write the request that polls a meter.
// Pure functions, no allocation, safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/framer.h"
#include "libs/protocols/observation.h"
#include "libs/protocols/profile.h"

namespace karez::protocols {

// Finds the frames of a meter line's protocol: Framer<MeterProbe>, SplitFrames(…, MeterProbe{…}).
struct MeterProbe {
  static constexpr size_t kMaxFrame = 261;  // the longest frame of all line protocols
  Protocol protocol = Protocol::kCjt188;

  Candidate operator()(Bytes data) const;
};

// Decodes exactly one frame, as a framer returns it. On an error `out` is unspecified.
[[nodiscard]] Error Decode(const MeterProfile& profile, Bytes frame, Observation& out);

// The device identity of a frame without decoding it: what a receiver needs to find the meter and
// so its profile. Same text as Observation::device_id.
[[nodiscard]] Error ReadDeviceId(Protocol protocol, Bytes frame, FixedText<40>& out);

// `wanted` in the protocol's own text form, as a meter is registered: CJ/T 188 14 hex digits, most
// significant first, upper case; DL/T 645 12 decimal digits; Modbus
// the unit, 1…255.
bool IsDeviceId(Protocol protocol, std::string_view text);

// True for a sound frame from a master: on a device's line the echo of our own question. Where a
// protocol's frames do not tell their direction, the probe finds only those of devices.
bool IsRequest(Protocol protocol, Bytes frame);

enum class Ask : uint8_t {
  kCurrent,     // registers, clock, status
  kSettlement,  // volume at the last settlement day
  kSeries,      // the profile's first series; kNotSupported without one
};

struct Encoded {
  Error error;
  size_t size = 0;  // bytes written
};

// Writes the request into `out` (kMaxRequest bytes are always enough), wake-up bytes included.
// `device_id` as above; `sequence` is repeated by the answer (CJ/T 188 keeps its low 8 bits).
inline constexpr size_t kMaxRequest = 128;
[[nodiscard]] Encoded EncodeRequest(const MeterProfile& profile, std::string_view device_id,
                                    Ask ask, uint32_t sequence, std::span<std::byte> out);

enum class ValveCommand : uint8_t {
  kOpen,
  kClose,
  kHalfOpen,
  kExercise,
  kFreeOpen,
  kFreeClose,
  kQuery
};

// kNotSupported when the profile has no code for the command. An answer of kind kAcknowledged does
// not mean that the valve moved: a later reading whose status shows the target state does.
[[nodiscard]] Encoded EncodeValve(const MeterProfile& profile, std::string_view device_id,
                                  ValveCommand command, uint32_t sequence,
                                  std::span<std::byte> out);

}  // namespace karez::protocols

#include "libs/protocols/door.h"

#include "libs/protocols/payload/message.h"

namespace karez::protocols {
namespace {

Error DecodePayload(const MeterProfile& profile, Bytes frame, Observation& out) {
  payload::Message message;
  const Error error = payload::ParsePayload(frame, profile.payload, std::nullopt, message);
  if (error.ok()) payload::Observe(message, out);
  return error;
}

}  // namespace

// Payloads come in an envelope of another protocol: there is no line to find them on.
const Door kPayloadDoor{.decode = DecodePayload};

}  // namespace karez::protocols

#include "libs/protocols/envelope/envelope.h"

#include <algorithm>

#include "libs/protocols/explain/explainers.h"
#include "libs/protocols/explain/json_text.h"

namespace karez::protocols {
namespace {

Error CheckEnvelopeAt(Bytes bytes) {
  envelope::Message message;
  if (bytes.size() >= envelope::kHeaderSize) {
    const size_t length =
        std::to_integer<size_t>(bytes[16]) << 8 | std::to_integer<size_t>(bytes[17]);
    const size_t size = envelope::kOverhead + length;
    if (length > envelope::kMaxPayload) {
      return {Fault::kLength, 16, envelope::kMaxPayload, static_cast<uint32_t>(length)};
    }
    if (bytes.size() < size) {
      return {Fault::kShort, static_cast<uint16_t>(std::min<size_t>(bytes.size(), UINT16_MAX)),
              static_cast<uint32_t>(size), static_cast<uint32_t>(bytes.size())};
    }
    bytes = bytes.first(size);
  }
  return envelope::Decode(bytes, message);
}

const char* TypeName(envelope::Type type) {
  switch (type) {
    case envelope::Type::kRegister:
      return "register";
    case envelope::Type::kHeartbeat:
      return "heartbeat";
    case envelope::Type::kData:
      return "data";
    case envelope::Type::kAcknowledge:
      return "acknowledge";
  }
  return "";
}

const char* OutcomeName(envelope::Outcome outcome) {
  switch (outcome) {
    case envelope::Outcome::kAccepted:
      return "accepted";
    case envelope::Outcome::kUnknownTerminal:
      return "unknown_terminal";
    case envelope::Outcome::kBusy:
      return "busy";
    case envelope::Outcome::kRefused:
      return "refused";
  }
  return "";
}

void ExplainPayload(const MeterProfile& profile, const envelope::Message& message, Json& out) {
  if (message.type == envelope::Type::kRegister) {
    envelope::RegisterPayload payload;
    const Error error = envelope::DecodeRegister(message.payload, payload);
    if (!error.ok()) {
      out["unsupported"] = Lower(Name(error.fault));
      return;
    }
    out["oldest_unacknowledged"] = payload.oldest_unacknowledged;
    out["firmware"] = payload.firmware.view();
  } else if (message.type == envelope::Type::kAcknowledge) {
    envelope::AcknowledgePayload payload;
    const Error error = envelope::DecodeAcknowledge(message.payload, payload);
    if (!error.ok()) {
      out["unsupported"] = Lower(Name(error.fault));
      return;
    }
    out["acknowledged"] = TypeName(payload.acknowledged);
    out["outcome"] = OutcomeName(payload.outcome);
    out["server_time_s"] = payload.server_time_s;
  } else if (message.type == envelope::Type::kData) {
    out["frames"] = ExplainMeterFrames(profile, message.payload);
  }
}

Json ExplainMessage(const MeterProfile& profile, Bytes bytes, size_t offset) {
  envelope::Message message;
  const Error error = envelope::Decode(bytes, message);
  if (!error.ok()) {
    return {{"valid", true},
            {"offset", offset},
            {"bytes", bytes.size()},
            {"unsupported", Lower(Name(error.fault))},
            {"position", offset + error.position}};
  }
  Json out = {{"valid", true},
              {"offset", offset},
              {"bytes", bytes.size()},
              {"version", envelope::kVersion},
              {"type", TypeName(message.type)},
              {"terminal", message.terminal.Text().view()},
              {"sequence", message.sequence},
              {"length", message.payload.size()}};
  ExplainPayload(profile, message, out);
  const size_t end = bytes.size();
  out["fields"] =
      Json::array({PlaceJson("magic", bytes, 0, 2), PlaceJson("version", bytes, 2, 1),
                   PlaceJson("type", bytes, 3, 1), PlaceJson("terminal", bytes, 4, 8),
                   PlaceJson("sequence", bytes, 12, 4), PlaceJson("length", bytes, 16, 2),
                   PlaceJson("payload", bytes, 18, message.payload.size()),
                   PlaceJson("crc", bytes, end - 2, 2)});
  return out;
}

}  // namespace

Json ExplainEnvelope(const Question& question, Bytes bytes) {
  const MeterProfile& profile = question.profile ? *question.profile : MeterProfile{};
  Json out = {{"protocol", "envelope"}, {"profile", profile.id}};
  ExplainFrames(
      bytes, envelope::Probe{}, [](Bytes rest) { return rest[0] == std::byte{0x4B}; },
      CheckEnvelopeAt, 4,
      [&](Bytes frame, size_t at) { return ExplainMessage(profile, frame, at); }, out);
  return out;
}

}  // namespace karez::protocols

#include "libs/protocols/profiles_json/describe.h"

#include <algorithm>

#include "libs/protocols/codec.h"
#include "libs/protocols/envelope/envelope.h"
#include "libs/protocols/profiles_json/json_text.h"

namespace karez::protocols {
namespace {

// How far a candidate came: the later the check that failed, the likelier that it is the frame that
// the asker means.
int Rank(Fault fault) {
  switch (fault) {
    case Fault::kChecksum:
      return 5;
    case Fault::kEnd:
      return 4;
    case Fault::kLength:
      return 3;
    case Fault::kShort:
      return 2;
    default:
      return 1;
  }
}

struct Failure {
  Error error{Fault::kStart, 0, 0, 0};
  size_t offset = 0;
};

void Consider(const Error& error, size_t offset, Failure& best) {
  if (Rank(error.fault) > Rank(best.error.fault)) best = {error, offset};
}

Error CheckCjt188At(Bytes bytes) {
  cjt188::Header header;
  Bytes data;
  const Error error = cjt188::ParseLink(bytes, header, data);
  // Bytes behind a whole frame belong to something else.
  if (error.fault == Fault::kLength && error.found <= cjt188::kMaxData) return {};
  return error;
}

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

// Calls `on_frame(frame, offset)` for each frame found; the best failure where there is none.
template <class Probe, class Check, class OnFrame>
size_t Search(Bytes bytes, const Probe& probe, std::byte start, Check check, Failure& best,
              OnFrame on_frame) {
  size_t frames = 0;
  for (size_t at = 0; at < bytes.size();) {
    const Bytes rest = bytes.subspan(at);
    const Candidate candidate = probe(rest);
    if (candidate.match == Match::kFrame) {
      on_frame(rest.first(candidate.size), at);
      ++frames;
      at += candidate.size;
      continue;
    }
    if (rest[0] == start) Consider(check(rest), at, best);
    ++at;
  }
  return frames;
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

void DescribePayload(const MeterProfile& profile, const envelope::Message& message, Json& out) {
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
    out["frames"] = DescribeFrameJson(profile, message.payload);
  }
}

Json DescribeMessage(const MeterProfile& profile, Bytes bytes, size_t offset) {
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
  DescribePayload(profile, message, out);
  const size_t end = bytes.size();
  out["fields"] =
      Json::array({PlaceJson("magic", bytes, 0, 2), PlaceJson("version", bytes, 2, 1),
                   PlaceJson("type", bytes, 3, 1), PlaceJson("terminal", bytes, 4, 8),
                   PlaceJson("sequence", bytes, 12, 4), PlaceJson("length", bytes, 16, 2),
                   PlaceJson("payload", bytes, 18, message.payload.size()),
                   PlaceJson("crc", bytes, end - 2, 2)});
  return out;
}

void AddFound(Json found, Json& out) {
  if (!out.contains("valid")) {
    out.update(found);
  } else {
    out["next"].push_back(std::move(found));
  }
}

Description ToText(const Json& json) { return {json.at("valid").get<bool>(), json.dump(2)}; }

}  // namespace

Json DescribeFrameJson(const MeterProfile& profile, Bytes bytes) {
  Json out = {{"protocol", Name(profile.protocol)}, {"profile", profile.id}};
  Failure best;
  const size_t frames =
      Search(bytes, MeterProbe{profile.protocol}, std::byte{0x68}, CheckCjt188At, best,
             [&](Bytes frame, size_t at) { AddFound(DescribeCjt188(profile, frame, at), out); });
  if (frames == 0) out.update(FaultJson(best.error, best.offset, 2));
  return out;
}

Description DescribeFrame(const MeterProfile& profile, Bytes bytes) {
  return ToText(DescribeFrameJson(profile, bytes));
}

Description DescribeEnvelope(const MeterProfile& profile, Bytes bytes) {
  Json out = {{"protocol", "envelope"}, {"profile", profile.id}};
  Failure best;
  const size_t messages =
      Search(bytes, envelope::Probe{}, std::byte{0x4B}, CheckEnvelopeAt, best,
             [&](Bytes frame, size_t at) { AddFound(DescribeMessage(profile, frame, at), out); });
  if (messages == 0) out.update(FaultJson(best.error, best.offset, 4));
  return ToText(out);
}

bool ParseHex(std::string_view text, std::vector<std::byte>& out) {
  out.clear();
  int high = -1;
  for (const char c : text) {
    int digit = -1;
    if (c >= '0' && c <= '9') {
      digit = c - '0';
    } else if (c >= 'A' && c <= 'F') {
      digit = c - 'A' + 10;
    } else if (c >= 'a' && c <= 'f') {
      digit = c - 'a' + 10;
    } else if (high < 0 && std::string_view(" \t\r\n:-,").find(c) != std::string_view::npos) {
      continue;
    } else {
      return false;
    }
    if (high < 0) {
      high = digit;
    } else {
      out.push_back(static_cast<std::byte>(high << 4 | digit));
      high = -1;
    }
  }
  return high < 0;
}

}  // namespace karez::protocols

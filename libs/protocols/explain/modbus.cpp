#include <algorithm>
#include <charconv>
#include <optional>

#include "libs/protocols/explain/explainers.h"
#include "libs/protocols/explain/json_text.h"
#include "libs/protocols/modbus/map.h"

namespace karez::protocols {
namespace {

using modbus::Message;

struct Framing {
  std::string_view protocol;
  Error (*parse)(Bytes, Direction, Message&);
  Candidate (*probe)(Bytes, Direction);
  size_t pdu_at;
  size_t behind;  // bytes behind the PDU
};
constexpr Framing kRtu = {
    "modbus-rtu", modbus::ParseRtu,
    [](Bytes data, Direction direction) { return modbus::RtuProbe{direction}(data); }, 1, 2};
constexpr Framing kTcp = {
    "modbus-tcp", modbus::ParseTcp,
    [](Bytes data, Direction direction) { return modbus::TcpProbe{direction}(data); },
    modbus::kTcpHeader, 0};

std::string_view ExceptionText(uint8_t code) {
  switch (code) {
    case 0x01:
      return "illegal function";
    case 0x02:
      return "illegal data address";
    case 0x03:
      return "illegal data value";
    case 0x04:
      return "device failure";
    case 0x05:
      return "acknowledge";
    case 0x06:
      return "busy";
    case 0x08:
      return "memory parity error";
    case 0x0A:
      return "gateway path unavailable";
    case 0x0B:
      return "gateway target did not respond";
    default:
      return "unknown exception";
  }
}

std::string_view FunctionText(uint8_t function) {
  switch (function) {
    case modbus::kReadCoils:
      return "read coils";
    case modbus::kReadDiscreteInputs:
      return "read discrete inputs";
    case modbus::kReadHoldingRegisters:
      return "read holding registers";
    case modbus::kReadInputRegisters:
      return "read input registers";
    case modbus::kWriteCoil:
      return "write single coil";
    case modbus::kWriteRegister:
      return "write single register";
    case modbus::kWriteCoils:
      return "write coils";
    default:
      return "write registers";
  }
}

Json Registers(Bytes data) {
  Json list = Json::array();
  for (size_t i = 0; i + 1 < data.size(); i += 2) {
    list.push_back(modbus::LoadBig16(data.subspan(i)));
  }
  return list;
}

Json Coils(const Message& message) {
  Json list = Json::array();
  for (size_t i = 0; i < message.count && i / 8 < message.data.size(); ++i) {
    list.push_back(std::to_integer<int>(message.data[i / 8]) >> (i % 8) & 1);
  }
  return list;
}

// The question's, or the known one whose meters all have this unit.
const MeterProfile* ProfileOf(const Question& question, const Message& message) {
  if (question.profile != nullptr || question.known == nullptr) return question.profile;
  for (const MeterProfile& profile : *question.known) {
    if (profile.modbus.unit == message.unit) return &profile;
  }
  return nullptr;
}

// Where the answer's registers begin: as the asker says, else as the profile's reads tell.
std::optional<modbus::Read> ReadOf(const Question& question, const MeterProfile& profile,
                                   const Message& message) {
  if (message.direction != Direction::kResponse || message.exception != 0) return std::nullopt;
  if (message.function != modbus::kReadHoldingRegisters &&
      message.function != modbus::kReadInputRegisters) {
    return std::nullopt;
  }
  modbus::Read read = {modbus::Purpose::kCurrent, message.function, 0, message.count};
  if (const auto key = question.keys.find("start"); key != question.keys.end()) {
    const std::string& text = key->second;
    const auto [end, fault] =
        std::from_chars(text.data(), text.data() + text.size(), read.start, 16);
    if (fault == std::errc() && end == text.data() + text.size()) return read;
    return std::nullopt;
  }
  const modbus::Read* known = profile.modbus.ReadOf(message);
  return known == nullptr ? std::nullopt : std::optional(*known);
}

std::string UnitSuffix(Unit unit) {
  std::string suffix;
  for (const char c : Lower(Name(unit))) {
    if (c != '/') suffix += c;
  }
  return suffix;
}

Json ValueText(const modbus::Point& point, const modbus::Value& value) {
  if (value.rejected) return nullptr;
  if (point.type == modbus::Type::kTime) return TimeText(value.time);
  if (point.type == modbus::Type::kHex) return Hex(value.bytes);
  const std::string text = Decimal(value.raw, value.exponent);
  const std::string_view unit = Name(point.unit);
  return unit.empty() ? text : text + " " + std::string(unit);
}

void ExplainPoint(const modbus::Point& point, const modbus::Read& read, const Message& message,
                  Json& out) {
  const std::string name(point.name.view());
  for (uint8_t i = 0; i < point.repeat; ++i) {
    const modbus::Value value = modbus::ReadValue(point, i, read, message.data);
    Json text = ValueText(point, value);
    if (point.repeat > 1) {
      out[name].push_back(std::move(text));
      continue;
    }
    out[name] = std::move(text);
    if (value.rejected) continue;
    const bool is_number = point.type != modbus::Type::kTime && point.type != modbus::Type::kHex;
    if (is_number && point.unit != Unit::kNone) {
      out[name + "_" + UnitSuffix(point.unit)] = Decimal(value.raw, value.exponent);
    }
    if (point.parts.view().find('W') != std::string_view::npos) out["weekday"] = value.weekday;
  }
}

void ExplainMap(const modbus::Profile& profile, const modbus::Read& read, const Message& message,
                Json& out) {
  out["start"] = read.start;
  for (const modbus::Point& point : profile.points) {
    const auto registers = static_cast<uint16_t>(point.registers * point.repeat);
    if (!read.Holds(point.address, registers)) continue;
    if (point.fraction && !read.Holds(*point.fraction, 2)) continue;
    ExplainPoint(point, read, message, out);
  }
  Observation seen;
  modbus::Observe(message, profile, &read, 0, seen);
  if (seen.status) out["status"] = HexNumber(*seen.status, 4);
  ExplainState(seen, out);
}

// Start, count and values, as far as the function has them in this direction.
void ExplainContent(const Message& message, Json& out) {
  const bool answer = message.direction == Direction::kResponse;
  const bool coils = modbus::OfCoils(message.function);
  if (answer && modbus::IsRead(message.function)) {
    out["byte_count"] = message.data.size();
    if (coils) {
      out["coils"] = Coils(message);
    } else {
      out["registers"] = Registers(message.data);
    }
    return;
  }
  out["start"] = message.start;
  if (message.function == modbus::kWriteCoil) {
    out["value"] = message.value == modbus::kCoilOn ? 1 : 0;
  } else if (message.function == modbus::kWriteRegister) {
    out["value"] = message.value;
  } else {
    out["count"] = message.count;
  }
  if (message.data.empty()) return;
  out["byte_count"] = message.data.size();
  out["values"] = coils ? Coils(message) : Registers(message.data);
}

Json FieldList(const Framing& framing, const Message& message, Bytes frame) {
  Json list = Json::array();
  size_t at = 0;
  const auto add = [&](std::string_view name, size_t length) {
    list.push_back(PlaceJson(name, frame, at, length));
    at += length;
  };
  if (framing.pdu_at == modbus::kTcpHeader) {
    add("transaction", 2);
    add("protocol_id", 2);
    add("length", 2);
  }
  add("unit", 1);
  add("fc", 1);
  const bool read_answer =
      message.direction == Direction::kResponse && modbus::IsRead(message.function);
  const size_t end = frame.size() - framing.behind;
  if (message.exception != 0) {
    add("exception", 1);
  } else if (!read_answer) {
    add("start", 2);
    const bool single =
        message.function == modbus::kWriteCoil || message.function == modbus::kWriteRegister;
    add(single ? "value" : "count", 2);
  }
  if (!message.data.empty()) {
    add("byte_count", 1);
    const bool coils = modbus::OfCoils(message.function);
    add(!read_answer ? "values" : coils ? "coils" : "registers", end - at);
  }
  if (framing.behind != 0) add("crc", framing.behind);
  return list;
}

// A sound frame in one direction.
Json ExplainIn(const Framing& framing, const Question& question, Direction direction, Bytes frame) {
  Message message;
  const Error error = framing.parse(frame, direction, message);
  Json out = {{"direction", direction == Direction::kRequest ? "request" : "response"}};
  if (framing.pdu_at == modbus::kTcpHeader) out["transaction"] = message.transaction;
  out["unit"] = message.unit;
  out["fc"] = std::to_integer<int>(frame[framing.pdu_at]);
  if (!error.ok()) {
    out["unsupported"] = Lower(Name(error.fault));
    out["position"] = error.position;
    return out;
  }
  out["function"] = FunctionText(message.function);
  if (message.exception != 0) {
    out["exception"] = message.exception;
    out["meaning"] = ExceptionText(message.exception);
  } else {
    ExplainContent(message, out);
  }
  if (const MeterProfile* profile = ProfileOf(question, message)) {
    if (const auto read = ReadOf(question, *profile, message)) {
      out["profile"] = profile->id;
      ExplainMap(profile->modbus, *read, message, out);
    }
  }
  out["fields"] = FieldList(framing, message, frame);
  return out;
}

// Without a direction nothing is guessed: a frame that can only be one of the two is read as that,
// one that can be both is shown as both.
Json ExplainFrame(const Framing& framing, const Question& question, Bytes frame, size_t offset) {
  Json out = {{"valid", true}, {"offset", offset}, {"bytes", frame.size()}};
  if (question.direction != Direction::kUnknown) {
    out.update(ExplainIn(framing, question, question.direction, frame));
    return out;
  }
  Json readings = Json::array();
  for (const Direction direction : {Direction::kRequest, Direction::kResponse}) {
    Json reading = ExplainIn(framing, question, direction, frame);
    if (!reading.contains("unsupported")) readings.push_back(std::move(reading));
  }
  if (readings.size() == 1) {
    out.update(readings[0]);
  } else {
    out["unit"] = std::to_integer<int>(frame[framing.pdu_at - 1]);
    out["fc"] = std::to_integer<int>(frame[framing.pdu_at]);
    if (readings.empty()) out["unsupported"] = "control";
    if (!readings.empty()) out["readings"] = std::move(readings);
  }
  out["direction_given"] = false;
  return out;
}

Candidate ProbeBoth(const Framing& framing, Direction direction, Bytes data) {
  if (direction != Direction::kUnknown) return framing.probe(data, direction);
  const Candidate request = framing.probe(data, Direction::kRequest);
  const Candidate response = framing.probe(data, Direction::kResponse);
  if (request.match != Match::kFrame) return response;
  if (response.match != Match::kFrame) return request;
  return request.size >= response.size ? request : response;
}

// The checksum fits though the function is none of ours, or its data no layout has.
bool IsSound(const Framing& framing, Bytes bytes) {
  Message message;
  const Error error = framing.parse(bytes, Direction::kResponse, message);
  return error.ok() || error.fault == Fault::kControl || error.fault == Fault::kLayout ||
         (framing.behind != 0 && error.position >= framing.pdu_at &&
          error.fault != Fault::kChecksum && error.fault != Fault::kShort);
}

Error FaultOf(const Framing& framing, Direction direction, Bytes bytes) {
  Message message;
  const bool request = direction == Direction::kRequest;
  const Error error =
      framing.parse(bytes, request ? Direction::kRequest : Direction::kResponse, message);
  if (framing.behind == 0 || error.fault != Fault::kChecksum) return error;
  // Of a frame that is longer or shorter than its function says, that is what is wrong.
  const size_t pdu =
      modbus::PduSize(bytes.subspan(1), request ? Direction::kRequest : Direction::kResponse);
  const size_t size = pdu + 1 + framing.behind;
  if (pdu != 0 && bytes.size() < size && direction != Direction::kUnknown) {
    return {Fault::kShort, static_cast<uint16_t>(bytes.size()), static_cast<uint32_t>(size),
            static_cast<uint32_t>(bytes.size())};
  }
  if (pdu != 0 && bytes.size() > size && direction != Direction::kUnknown) {
    return framing.parse(bytes.first(size), direction, message);
  }
  return error;
}

Json Explain(const Framing& framing, const Question& question, Bytes bytes) {
  Json out = {{"protocol", framing.protocol},
              {"profile", question.profile == nullptr ? "" : question.profile->id}};
  bool found = false;
  for (size_t at = 0; at < bytes.size();) {
    const Bytes rest = bytes.subspan(at);
    const Candidate candidate = ProbeBoth(framing, question.direction, rest);
    if (candidate.match != Match::kFrame) {
      ++at;
      continue;
    }
    Json frame = ExplainFrame(framing, question, rest.first(candidate.size), at);
    if (found) {
      out["next"].push_back(std::move(frame));
    } else {
      out.update(frame);
      found = true;
    }
    at += candidate.size;
  }
  if (found) return out;
  if (IsSound(framing, bytes)) {
    out.update(ExplainFrame(framing, question, bytes, 0));
  } else {
    out.update(FaultJson(FaultOf(framing, question.direction, bytes), 0, 4));
  }
  return out;
}

}  // namespace

Json ExplainModbusRtu(const Question& question, Bytes bytes) {
  return Explain(kRtu, question, bytes);
}

Json ExplainModbusTcp(const Question& question, Bytes bytes) {
  return Explain(kTcp, question, bytes);
}

// From the first byte on: a CRC alone, or none, is soon found within other protocols' bytes.
bool FitsModbusRtu(const Question& question, Bytes bytes) {
  const Json found = ExplainModbusRtu(question, bytes);
  return found.at("valid").get<bool>() && found.at("offset") == 0;
}

bool FitsModbusTcp(const Question& question, Bytes bytes) {
  const Json found = ExplainModbusTcp(question, bytes);
  return found.at("valid").get<bool>() && found.at("offset") == 0 &&
         found.at("bytes") == bytes.size();
}

}  // namespace karez::protocols

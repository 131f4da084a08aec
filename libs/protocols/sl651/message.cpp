#include "libs/protocols/sl651/message.h"

#include <algorithm>

#include "libs/protocols/bcd.h"

namespace karez::protocols::sl651 {
namespace {

constexpr std::byte kTimeMark{0xF0};
constexpr std::byte kStationMark{0xF1};
constexpr size_t kPreamble = 8;
constexpr size_t kEventBytes = 64;

uint8_t At(Bytes bytes, size_t offset) { return std::to_integer<uint8_t>(bytes[offset]); }

bool HasMark(Bytes body, size_t at, std::byte mark) {
  return body.size() >= at + 2 && body[at] == mark && body[at + 1] == mark;
}

// YY MM DD [hh [mm [ss]]], BCD.
bool ReadTime(Bytes bytes, LocalTime& out) {
  uint8_t parts[6] = {0, 1, 1, 0, 0, 0};
  bool bcd = true;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const uint8_t packed = At(bytes, i);
    bcd = bcd && IsBcd(packed);
    parts[i] = static_cast<uint8_t>(FromBcd(packed));
  }
  out = {static_cast<uint16_t>(2000 + parts[0]), parts[1], parts[2], parts[3], parts[4], parts[5]};
  return bcd && IsValid(out);
}

// Functions whose reports name the station's category behind its address.
bool HasCategory(Function function) {
  switch (function) {
    case Function::kTest:
    case Function::kUniform:
    case Function::kTimed:
    case Function::kAlarm:
    case Function::kHourly:
    case Function::kPicture:
    case Function::kQueryNow:
    case Function::kQueryPeriod:
    case Function::kQueryElements:
    case Function::kPumps:
      return true;
    default:
      return false;
  }
}

// Downlink bodies that name what they ask for, without values.
bool Asks(const Header& header) {
  const auto function = static_cast<Function>(header.function);
  return header.down && (function == Function::kQueryElements || function == Function::kGetBasic ||
                         function == Function::kGetRunning || function == Function::kQueryPeriod);
}

Error ReadStation(Message& out, size_t& at) {
  const size_t mark_at = at;
  const bool category = HasCategory(static_cast<Function>(out.header.function)) && !out.header.down;
  at += 2 + out.station.size() + (category ? 1 : 0);
  if (out.body.size() < at) {
    return {Fault::kLayout, static_cast<uint16_t>(kHeaderSize + mark_at), static_cast<uint32_t>(at),
            static_cast<uint32_t>(out.body.size())};
  }
  out.has_station = true;
  for (size_t i = 0; i < out.station.size(); ++i) out.station[i] = At(out.body, mark_at + 2 + i);
  out.has_category = category;
  if (category) out.category = At(out.body, at - 1);
  return {};
}

}  // namespace

Number ReadNumber(Bytes bcd) {
  Number number;
  const auto reject = [&number](RejectReason reason) {
    number.rejected = true;
    number.reason = reason;
    return number;
  };
  if (bcd.empty() || bcd.size() > 9) return reject(RejectReason::kOutOfRange);
  const bool filled =
      std::all_of(bcd.begin(), bcd.end(), [](std::byte b) { return b == std::byte{0xFF}; });
  if (filled) return reject(RejectReason::kNoValue);
  const bool negative = bcd[0] == std::byte{0xFF};
  for (const std::byte b : bcd.subspan(negative ? 1 : 0)) {
    const auto packed = std::to_integer<uint8_t>(b);
    if (!IsBcd(packed)) return reject(RejectReason::kNotBcd);
    number.raw = number.raw * 100 + static_cast<int64_t>(FromBcd(packed));
  }
  if (negative) number.raw = -number.raw;
  return number;
}

Error ParseMessage(Bytes frame, Message& out) {
  out = Message{};
  if (const Error error = ParseLink(frame, out.header, out.body); !error.ok()) return error;
  size_t at = 0;
  const bool later_packet = out.header.stx == kStxPackets && out.header.packet > 1;
  if (!later_packet && out.body.size() >= kPreamble) {
    out.has_preamble = true;
    out.serial = static_cast<uint16_t>(At(out.body, 0) << 8 | At(out.body, 1));
    out.time_valid = ReadTime(out.body.subspan(2, 6), out.time);
    at = kPreamble;
    if (HasMark(out.body, at, kStationMark)) {
      if (const Error error = ReadStation(out, at); !error.ok()) return error;
    }
    if (out.header.down && out.header.function == static_cast<uint8_t>(Function::kQueryPeriod) &&
        out.body.size() >= at + 8) {
      out.has_period = ReadTime(out.body.subspan(at, 4), out.from) &&
                       ReadTime(out.body.subspan(at + 4, 4), out.to);
      if (out.has_period) at += 8;
    }
  }
  out.items_at = at;
  return {};
}

bool ItemReader::Stop(size_t at) {
  trailing_ = message_.body.subspan(at);
  at_ = message_.body.size();
  return false;
}

bool ItemReader::Next(Item& out) {
  const Bytes body = message_.body;
  if (at_ == body.size()) return false;
  out = Item{};
  out.offset = at_;
  const auto function = static_cast<Function>(message_.header.function);
  const auto rest = [&](Item::Type type, size_t skip) {
    out.type = type;
    out.value = body.subspan(at_ + skip);
    out.size = body.size() - at_;
    at_ = body.size();
    return true;
  };
  if (!message_.has_preamble && message_.header.stx == kStxPackets) {
    return rest(Item::Type::kPicture, 0);
  }
  if (!message_.has_preamble) return Stop(at_);
  if (HasMark(body, at_, std::byte{0xF2})) return rest(Item::Type::kManual, 2);
  if (HasMark(body, at_, std::byte{0xF3})) return rest(Item::Type::kPicture, 2);
  if (HasMark(body, at_, kTimeMark)) {
    if (body.size() < at_ + 7) return Stop(at_);
    out.type = Item::Type::kObservationTime;
    out.value = body.subspan(at_ + 2, 5);
    out.time_valid = ReadTime(out.value, out.time);
    out.size = 7;
    at_ += 7;
    return true;
  }
  if (!message_.header.down && function == Function::kVersion) {
    const size_t length = At(body, at_);
    if (body.size() != at_ + 1 + length) return Stop(at_);
    return rest(Item::Type::kVersion, 1);
  }
  if (!message_.header.down && function == Function::kEvents && body.size() - at_ == kEventBytes) {
    return rest(Item::Type::kEvents, 0);
  }
  size_t head = 2;
  out.identifier = At(body, at_);
  if (out.identifier == 0xFF) ++head;
  if (body.size() < at_ + head) return Stop(at_);
  if (head == 3) out.extension = At(body, at_ + 1);
  const uint8_t definition = At(body, at_ + head - 1);
  size_t length = definition >> 3;
  out.decimals = definition & 7;
  // A query names elements; only its time step carries a value.
  if (Asks(message_.header) && !(function == Function::kQueryPeriod && out.identifier == 0x04)) {
    out.type = Item::Type::kAsked;
    length = 0;
  }
  if (body.size() < at_ + head + length) return Stop(at_);
  if (out.type == Item::Type::kElement && out.identifier == 0xF4 && length == 12) {
    out.type = Item::Type::kRainSeries;
  } else if (out.type == Item::Type::kElement && out.identifier >= 0xF5 && out.identifier <= 0xFC &&
             length == 24) {
    out.type = Item::Type::kLevelSeries;
  }
  out.value = body.subspan(at_ + head, length);
  out.size = head + length;
  at_ += out.size;
  return true;
}

}  // namespace karez::protocols::sl651

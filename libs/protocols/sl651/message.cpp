#include "libs/protocols/sl651/message.h"

#include <algorithm>

#include "libs/protocols/bcd.h"
#include "libs/protocols/sl651/parts.h"

namespace karez::protocols::sl651 {
namespace {

constexpr size_t kPreamble = 8;

uint8_t At(Bytes bytes, size_t offset) { return std::to_integer<uint8_t>(bytes[offset]); }

}  // namespace

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

bool HasCategory(const Header& header) {
  if (header.down) return false;
  switch (static_cast<Function>(header.function)) {
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

namespace {

Error ReadStation(Message& out, size_t& at) {
  const size_t mark_at = at;
  const bool category = HasCategory(out.header);
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
  if (IsFilled(bcd, std::byte{0xFF})) return reject(RejectReason::kNoValue);
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
  Header header;
  Bytes body;
  if (const Error error = ParseLink(frame, header, body); !error.ok()) return error;
  return ParseBody(header, body, out);
}

Error ParseBody(const Header& header, Bytes body, Message& out) {
  out = Message{};
  out.header = header;
  out.body = body;
  size_t at = 0;
  // An answer names the last packet, or a wrong one, and still has serial number and time.
  const bool later_packet = !header.down && header.stx == kStxPackets && header.packet > 1;
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

}  // namespace karez::protocols::sl651

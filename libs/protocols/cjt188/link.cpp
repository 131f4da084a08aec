#include "libs/protocols/cjt188/link.h"

#include <algorithm>
#include <cstring>

#include "libs/protocols/bcd.h"
#include "libs/protocols/checksum.h"
#include "libs/protocols/hex_text.h"

namespace karez::protocols::cjt188 {
namespace {

constexpr std::byte kStart{0x68};
constexpr std::byte kEnd{0x16};
constexpr std::byte kWakeUp{0xFE};
constexpr size_t kLengthAt = 10;

}  // namespace

bool Address::Parse(std::string_view text, Address& out) {
  if (text.size() != 14) return false;
  for (size_t i = 0; i < 7; ++i) {
    const int high = HexDigit(text[2 * i]);
    const int low = HexDigit(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out.wire[6 - i] = static_cast<uint8_t>(high << 4 | low);
  }
  return true;
}

FixedText<40> Address::Text() const {
  char text[14];
  const Bytes bytes = std::as_bytes(std::span(wire));
  StoreHex(static_cast<uint32_t>(LoadLowFirst(bytes.subspan(3, 4))), text);
  StoreHex(static_cast<uint32_t>(LoadLowFirst(bytes.first(4))), text + 6);  // A3 once more
  return FixedText<40>(std::string_view(text, sizeof text));
}

bool Address::IsWildcard() const {
  return std::all_of(wire.begin(), wire.end(), [](uint8_t b) { return b == 0xAA; });
}

Candidate Probe::operator()(Bytes data) const {
  if (data[0] != kStart) return {};
  if (data.size() <= kLengthAt) return {Match::kMore};
  const size_t length = std::to_integer<size_t>(data[kLengthAt]);
  if (length > kMaxData) return {};
  const size_t size = kMinFrame + length;
  if (data.size() < size) return {Match::kMore};
  if (data[size - 1] != kEnd) return {};
  if (std::to_integer<uint8_t>(data[size - 2]) != Sum8(data.first(size - 2))) {
    return {Match::kBadChecksum};
  }
  return {Match::kFrame, static_cast<uint16_t>(size)};
}

Error ParseLink(Bytes frame, Header& header, Bytes& data) {
  if (frame.empty() || frame[0] != kStart) {
    return {Fault::kStart, 0, 0x68, frame.empty() ? 0 : std::to_integer<uint32_t>(frame[0])};
  }
  if (frame.size() < kHeaderSize) {
    return {Fault::kShort, static_cast<uint16_t>(frame.size()), kMinFrame,
            static_cast<uint32_t>(frame.size())};
  }
  const auto length = std::to_integer<uint8_t>(frame[kLengthAt]);
  if (length > kMaxData) return {Fault::kLength, kLengthAt, kMaxData, length};
  const size_t size = kMinFrame + length;
  if (frame.size() < size) {
    return {Fault::kShort, static_cast<uint16_t>(frame.size()), static_cast<uint32_t>(size),
            static_cast<uint32_t>(frame.size())};
  }
  const auto end_at = static_cast<uint16_t>(size - 1);
  if (frame[end_at] != kEnd) {
    return {Fault::kEnd, end_at, 0x16, std::to_integer<uint32_t>(frame[end_at])};
  }
  const uint8_t computed = Sum8(frame.first(size - 2));
  const auto sent = std::to_integer<uint8_t>(frame[size - 2]);
  if (computed != sent) {
    return {Fault::kChecksum, static_cast<uint16_t>(size - 2), computed, sent};
  }
  if (frame.size() != size) {
    return {Fault::kLength, kLengthAt, static_cast<uint32_t>(frame.size() - kMinFrame), length};
  }
  header.meter_type = std::to_integer<uint8_t>(frame[1]);
  std::memcpy(header.address.wire.data(), frame.data() + 2, header.address.wire.size());
  header.control = std::to_integer<uint8_t>(frame[9]);
  header.length = length;
  data = frame.subspan(kHeaderSize, length);
  return {};
}

Written WriteLink(const Header& header, Bytes data, size_t wake_up_bytes,
                  std::span<std::byte> out) {
  if (data.size() > kMaxData) {
    return {{Fault::kValue, kLengthAt, kMaxData, static_cast<uint32_t>(data.size())}};
  }
  const size_t size = wake_up_bytes + kMinFrame + data.size();
  if (out.size() < size) return {{Fault::kBuffer, 0, static_cast<uint32_t>(size), 0}};
  std::fill_n(out.begin(), wake_up_bytes, kWakeUp);
  const std::span<std::byte> frame = out.subspan(wake_up_bytes, kMinFrame + data.size());
  frame[0] = kStart;
  frame[1] = std::byte{header.meter_type};
  for (size_t i = 0; i < header.address.wire.size(); ++i) {
    frame[2 + i] = std::byte{header.address.wire[i]};
  }
  frame[9] = std::byte{header.control};
  frame[kLengthAt] = static_cast<std::byte>(data.size());
  std::copy(data.begin(), data.end(), frame.begin() + kHeaderSize);
  frame[frame.size() - 2] = std::byte{Sum8(frame.first(frame.size() - 2))};
  frame[frame.size() - 1] = kEnd;
  return {{}, size};
}

}  // namespace karez::protocols::cjt188

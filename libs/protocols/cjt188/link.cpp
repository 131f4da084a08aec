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
constexpr size_t kAddressAt = 2;
constexpr size_t kLengthAt = 10;

}  // namespace

bool Address::Parse(std::string_view text, Address& out) {
  return text.size() == 2 * kSize && ParseHexNumber(text, out.digits);
}

void Address::Write(FixedText<40>& out) const {
  char* text = out.Rewrite(2 * kSize);
  StoreHex(static_cast<uint32_t>(digits >> 24), text);
  StoreHex(static_cast<uint32_t>(digits), text + 6);  // A3 once more
}

bool Address::IsWildcard() const { return IsRepeated(digits, kSize, 0xAA); }

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
  header.address.digits = LoadLowFirst(frame.subspan<kAddressAt, Address::kSize>());
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
  StoreLowFirst(header.address.digits, &frame[kAddressAt], Address::kSize);
  frame[9] = std::byte{header.control};
  frame[kLengthAt] = static_cast<std::byte>(data.size());
  std::copy(data.begin(), data.end(), frame.begin() + kHeaderSize);
  frame[frame.size() - 2] = std::byte{Sum8(frame.first(frame.size() - 2))};
  frame[frame.size() - 1] = kEnd;
  return {{}, size};
}

}  // namespace karez::protocols::cjt188

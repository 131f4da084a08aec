#include "libs/protocols/mbus/link.h"

#include <algorithm>

#include "libs/protocols/checksum.h"

namespace karez::protocols::mbus {
namespace {

constexpr std::byte kAck{0xE5};
constexpr std::byte kShortStart{0x10};
constexpr std::byte kLongStart{0x68};
constexpr std::byte kEnd{0x16};
constexpr size_t kShortSize = 5;
constexpr size_t kOverhead = 6;  // 68 L L 68 … CS 16
constexpr size_t kMinUserData = 3;

uint32_t Number(std::byte b) { return std::to_integer<uint32_t>(b); }

Error Short(Bytes bytes, size_t needed) {
  return {Fault::kShort, static_cast<uint16_t>(bytes.size()), static_cast<uint32_t>(needed),
          static_cast<uint32_t>(bytes.size())};
}

// End and checksum of a frame whose summed bytes are `user`.
Error CheckTail(Bytes bytes, Bytes user) {
  const size_t end_at = bytes.size() - 1;
  if (bytes[end_at] != kEnd) {
    return {Fault::kEnd, static_cast<uint16_t>(end_at), 0x16, Number(bytes[end_at])};
  }
  const uint8_t computed = Sum8(user);
  if (bytes[end_at - 1] != std::byte{computed}) {
    return {Fault::kChecksum, static_cast<uint16_t>(end_at - 1), computed,
            Number(bytes[end_at - 1])};
  }
  return {};
}

Error ParseShort(Bytes bytes, Frame& out) {
  if (bytes.size() < kShortSize) return Short(bytes, kShortSize);
  if (const Error error = CheckTail(bytes.first(kShortSize), bytes.subspan(1, 2)); !error.ok()) {
    return error;
  }
  if (bytes.size() != kShortSize) {
    return {Fault::kLength, kShortSize, kShortSize, static_cast<uint32_t>(bytes.size())};
  }
  out.kind = FrameKind::kShort;
  out.control = static_cast<uint8_t>(bytes[1]);
  out.address = static_cast<uint8_t>(bytes[2]);
  out.data = {};
  if (!IsFromMaster(out)) return {Fault::kControl, 1, 0, out.control};
  return {};
}

Error ParseLong(Bytes bytes, Frame& out) {
  if (bytes.size() < 4) return Short(bytes, kOverhead + kMinUserData);
  if (bytes[1] != bytes[2]) return {Fault::kLength, 2, Number(bytes[1]), Number(bytes[2])};
  const size_t length = std::to_integer<size_t>(bytes[1]);
  if (length < kMinUserData) return {Fault::kLength, 1, kMinUserData, Number(bytes[1])};
  if (bytes[3] != kLongStart) return {Fault::kStart, 3, 0x68, Number(bytes[3])};
  const size_t size = kOverhead + length;
  if (bytes.size() < size) return Short(bytes, size);
  const Bytes user = bytes.subspan(4, length);
  if (const Error error = CheckTail(bytes.first(size), user); !error.ok()) return error;
  if (bytes.size() != size) {
    return {Fault::kLength, 1, static_cast<uint32_t>(bytes.size() - kOverhead), Number(bytes[1])};
  }
  out.kind = FrameKind::kLong;
  out.control = static_cast<uint8_t>(user[0]);
  out.address = static_cast<uint8_t>(user[1]);
  out.data = user.subspan(2);
  return {};
}

}  // namespace

Candidate Probe::operator()(Bytes data) const {
  if (data[0] == kAck && acknowledgements) return {Match::kFrame, 1};
  if (data[0] == kShortStart) {
    if (data.size() > 1 && (data[1] & std::byte{0xC0}) != std::byte{0x40}) return {};
    if (data.size() < kShortSize) return {Match::kMore};
    if (data[4] != kEnd) return {};
    if (data[3] != std::byte{Sum8(data.subspan(1, 2))}) return {Match::kBadChecksum};
    return {Match::kFrame, kShortSize};
  }
  if (data[0] != kLongStart) return {};
  if (data.size() < 4) return {Match::kMore};
  const size_t length = std::to_integer<size_t>(data[1]);
  if (data[1] != data[2] || length < kMinUserData || data[3] != kLongStart) return {};
  const size_t size = kOverhead + length;
  if (data.size() < size) return {Match::kMore};
  if (data[size - 1] != kEnd) return {};
  if (data[size - 2] != std::byte{Sum8(data.subspan(4, length))}) return {Match::kBadChecksum};
  return {Match::kFrame, static_cast<uint16_t>(size)};
}

Error ParseLink(Bytes bytes, Frame& out) {
  if (bytes.empty()) return {Fault::kStart, 0, 0x68, 0};
  if (bytes[0] == kShortStart) return ParseShort(bytes, out);
  if (bytes[0] == kLongStart) return ParseLong(bytes, out);
  if (bytes[0] != kAck) return {Fault::kStart, 0, 0x68, Number(bytes[0])};
  if (bytes.size() != 1) return {Fault::kLength, 1, 1, static_cast<uint32_t>(bytes.size())};
  out = {};
  return {};
}

Written WriteLink(const Frame& frame, std::span<std::byte> out) {
  const bool is_long = frame.kind == FrameKind::kLong;
  if (is_long && (frame.data.empty() || frame.data.size() + 2 > kMaxUserData)) {
    return {{Fault::kValue, 6, kMaxUserData - 2, static_cast<uint32_t>(frame.data.size())}};
  }
  const size_t size = frame.kind == FrameKind::kAck ? 1
                      : is_long                     ? kOverhead + 2 + frame.data.size()
                                                    : kShortSize;
  if (out.size() < size) return {{Fault::kBuffer, 0, static_cast<uint32_t>(size), 0}};
  if (frame.kind == FrameKind::kAck) {
    out[0] = kAck;
    return {{}, size};
  }
  const size_t user_at = is_long ? 4 : 1;
  out[0] = kShortStart;
  if (is_long) {
    out[0] = out[3] = kLongStart;
    out[1] = out[2] = static_cast<std::byte>(2 + frame.data.size());
  }
  out[user_at] = std::byte{frame.control};
  out[user_at + 1] = std::byte{frame.address};
  if (is_long) std::copy(frame.data.begin(), frame.data.end(), out.begin() + 6);
  out[size - 2] = std::byte{Sum8(Bytes(out).subspan(user_at, size - 2 - user_at))};
  out[size - 1] = kEnd;
  return {{}, size};
}

}  // namespace karez::protocols::mbus

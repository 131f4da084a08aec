#include "libs/protocols/payload/frame.h"

#include <algorithm>

namespace karez::protocols::payload {
namespace {

uint16_t Load16(Bytes bytes, ByteOrder order) {
  const auto first = std::to_integer<unsigned>(bytes[0]);
  const auto second = std::to_integer<unsigned>(bytes[1]);
  return static_cast<uint16_t>(order == ByteOrder::kBig ? first << 8 | second
                                                        : second << 8 | first);
}

void Store16(unsigned value, ByteOrder order, std::span<std::byte> out) {
  const std::byte high{static_cast<uint8_t>(value >> 8)};
  const std::byte low{static_cast<uint8_t>(value & 0xFF)};
  out[0] = order == ByteOrder::kBig ? high : low;
  out[1] = order == ByteOrder::kBig ? low : high;
}

uint16_t Crc(Bytes bytes, const Frame& spec) {
  unsigned crc = spec.crc_initial;
  for (const std::byte b : bytes) {
    crc ^= std::to_integer<unsigned>(b) << 8;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 0x8000) != 0 ? crc << 1 ^ spec.crc_polynomial : crc << 1;
      crc &= 0xFFFF;
    }
  }
  return static_cast<uint16_t>(crc);
}

bool IsWakeUp(const Frame& spec, std::byte b) {
  return std::find(spec.wake_up.begin(), spec.wake_up.end(), b) != spec.wake_up.end();
}

}  // namespace

Error FindFrame(Bytes bytes, const Frame& spec, Bytes& out) {
  size_t at = 0;
  while (at < bytes.size() && IsWakeUp(spec, bytes[at])) ++at;
  const auto start = static_cast<uint16_t>(std::min<size_t>(at, UINT16_MAX));
  out = bytes.subspan(at);
  const size_t shortest = spec.length_offset + 2u + spec.tail();
  const size_t head = std::min(out.size(), spec.start.size());
  if (!std::equal(spec.start.begin(), spec.start.begin() + static_cast<ptrdiff_t>(head),
                  out.begin())) {
    return {Fault::kStart, start, std::to_integer<uint32_t>(spec.start[0]),
            std::to_integer<uint32_t>(out[0])};
  }
  const auto found = static_cast<uint32_t>(out.size());
  if (out.size() < shortest) return {Fault::kShort, start, static_cast<uint32_t>(shortest), found};
  const size_t told = Load16(out.subspan(spec.length_offset, 2), spec.order);
  const auto length_at = static_cast<uint16_t>(start + spec.length_offset);
  if (told > out.size()) return {Fault::kShort, length_at, static_cast<uint32_t>(told), found};
  if (told != out.size()) return {Fault::kLength, length_at, static_cast<uint32_t>(told), found};
  const size_t crc_at = told - spec.tail();
  const auto end_at = static_cast<uint16_t>(start + told - 1);
  if (spec.end && out.back() != *spec.end) {
    return {Fault::kEnd, end_at, std::to_integer<uint32_t>(*spec.end),
            std::to_integer<uint32_t>(out.back())};
  }
  const uint16_t computed = Crc(out.first(crc_at), spec);
  const uint16_t in_frame = Load16(out.subspan(crc_at, 2), spec.order);
  if (computed != in_frame) {
    return {Fault::kChecksum, static_cast<uint16_t>(start + crc_at), computed, in_frame};
  }
  return {};
}

void CloseFrame(const Frame& spec, std::span<std::byte> out) {
  std::copy(spec.start.begin(), spec.start.end(), out.begin());
  Store16(static_cast<unsigned>(out.size()), spec.order, out.subspan(spec.length_offset, 2));
  const size_t crc_at = out.size() - spec.tail();
  Store16(Crc(out.first(crc_at), spec), spec.order, out.subspan(crc_at, 2));
  if (spec.end) out.back() = *spec.end;
}

}  // namespace karez::protocols::payload

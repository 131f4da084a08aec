#include "libs/protocols/sl651/link.h"

#include <algorithm>

#include "libs/protocols/modbus/frame.h"

namespace karez::protocols::sl651 {
namespace {

constexpr std::byte kStart{0x7E};
constexpr size_t kLengthAt = 11;
constexpr size_t kStxAt = 13;
constexpr size_t kTail = 3;  // ETX and CRC
constexpr size_t kPacketNumbers = 3;
constexpr uint8_t kDown = 8;

uint8_t At(Bytes bytes, size_t offset) { return std::to_integer<uint8_t>(bytes[offset]); }

uint16_t LoadHighFirst(Bytes bytes, size_t offset) {
  return static_cast<uint16_t>(At(bytes, offset) << 8 | At(bytes, offset + 1));
}

void StoreHighFirst(uint16_t value, std::byte* out) {
  out[0] = static_cast<std::byte>(value >> 8);
  out[1] = static_cast<std::byte>(value & 0xFF);
}

bool IsEtx(uint8_t byte) {
  constexpr uint8_t kAll[] = {kEtx, kEtb, kEnq, kAck, kNak, kEot, kEsc};
  return std::find(std::begin(kAll), std::end(kAll), byte) != std::end(kAll);
}

Error Short(Bytes frame, size_t needed) {
  return {Fault::kShort, static_cast<uint16_t>(frame.size()), static_cast<uint32_t>(needed),
          static_cast<uint32_t>(frame.size())};
}

// Everything but whether bytes follow; `size` is the frame's.
Error Check(Bytes frame, size_t& size) {
  for (size_t i = 0; i < 2; ++i) {
    if (frame.size() <= i) return i == 0 ? Error{Fault::kStart, 0, 0x7E, 0} : Short(frame, i + 1);
    if (frame[i] != kStart) return {Fault::kStart, static_cast<uint16_t>(i), 0x7E, At(frame, i)};
  }
  if (frame.size() < kHeaderSize) return Short(frame, kHeaderSize + kTail);
  const uint16_t field = LoadHighFirst(frame, kLengthAt);
  const size_t length = field & 0x0FFF;
  if (field >> 12 != 0 && field >> 12 != kDown) return {Fault::kLength, kLengthAt, 0, field};
  const uint8_t stx = At(frame, kStxAt);
  if (stx != kStx && stx != kStxPackets) return {Fault::kControl, kStxAt, kStx, stx};
  if (stx == kStxPackets && length < kPacketNumbers) {
    return {Fault::kLength, kLengthAt, kPacketNumbers, static_cast<uint32_t>(length)};
  }
  size = kHeaderSize + length + kTail;
  if (frame.size() < size) return Short(frame, size);
  const auto etx_at = static_cast<uint16_t>(size - kTail);
  if (!IsEtx(At(frame, etx_at))) return {Fault::kEnd, etx_at, kEtx, At(frame, etx_at)};
  const uint16_t computed = modbus::Crc16(frame.first(size - 2));
  const uint16_t sent = LoadHighFirst(frame, size - 2);
  if (computed != sent) {
    return {Fault::kChecksum, static_cast<uint16_t>(size - 2), computed, sent};
  }
  return {};
}

}  // namespace

FixedText<40> Header::Station() const {
  constexpr char kDigits[] = "0123456789ABCDEF";
  FixedText<40> text;
  for (const uint8_t byte : station) {
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 0xF]);
  }
  return text;
}

bool ParseStation(std::string_view text, std::array<uint8_t, 5>& out) {
  if (text.size() != 10) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    const size_t digit = kDigits.find(text[i]);
    if (digit == std::string_view::npos) return false;
    out[i / 2] = static_cast<uint8_t>(unsigned{out[i / 2]} << 4 | digit);
  }
  return true;
}

Candidate Probe::operator()(Bytes data) const {
  if (data[0] != kStart || (data.size() > 1 && data[1] != kStart)) return {};
  size_t size = 0;
  const Error error = Check(data, size);
  if (error.ok()) return {Match::kFrame, static_cast<uint16_t>(size)};
  if (error.fault == Fault::kShort) return {Match::kMore};
  return {error.fault == Fault::kChecksum ? Match::kBadChecksum : Match::kNo};
}

Error ParseLink(Bytes frame, Header& header, Bytes& body) {
  size_t size = 0;
  if (const Error error = Check(frame, size); !error.ok()) return error;
  if (frame.size() != size) {
    return {Fault::kLength, kLengthAt, static_cast<uint32_t>(frame.size() - kHeaderSize - kTail),
            static_cast<uint32_t>(size - kHeaderSize - kTail)};
  }
  header = {};
  header.down = At(frame, kLengthAt) >> 4 == kDown;
  const size_t station_at = header.down ? 2 : 3;
  header.centre = At(frame, header.down ? 7 : 2);
  for (size_t i = 0; i < header.station.size(); ++i) header.station[i] = At(frame, station_at + i);
  header.password = LoadHighFirst(frame, 8);
  header.function = At(frame, 10);
  header.stx = At(frame, kStxAt);
  header.etx = At(frame, size - kTail);
  body = frame.subspan(kHeaderSize, size - kHeaderSize - kTail);
  if (header.stx == kStxPackets) {
    header.packets = static_cast<uint16_t>(At(body, 0) << 4 | At(body, 1) >> 4);
    header.packet = static_cast<uint16_t>((At(body, 1) & 0x0F) << 8 | At(body, 2));
    body = body.subspan(kPacketNumbers);
  }
  return {};
}

Written WriteLink(const Header& header, Bytes body, std::span<std::byte> out) {
  const bool packets = header.stx == kStxPackets;
  const size_t length = body.size() + (packets ? kPacketNumbers : 0);
  if (length > kMaxBody || !IsEtx(header.etx) || header.packets > 0xFFF || header.packet > 0xFFF) {
    return {{Fault::kValue, kLengthAt, kMaxBody, static_cast<uint32_t>(length)}};
  }
  const size_t size = kHeaderSize + length + kTail;
  if (out.size() < size) return {{Fault::kBuffer, 0, static_cast<uint32_t>(size), 0}};
  out[0] = out[1] = kStart;
  out[header.down ? 7 : 2] = std::byte{header.centre};
  std::transform(header.station.begin(), header.station.end(), out.begin() + (header.down ? 2 : 3),
                 [](uint8_t b) { return std::byte{b}; });
  StoreHighFirst(header.password, &out[8]);
  out[10] = std::byte{header.function};
  StoreHighFirst(static_cast<uint16_t>((header.down ? kDown << 12 : 0) | length), &out[kLengthAt]);
  out[kStxAt] = std::byte{header.stx};
  size_t at = kHeaderSize;
  if (packets) {
    const uint32_t numbers = static_cast<uint32_t>(header.packets) << 12 | header.packet;
    for (int shift = 16; shift >= 0; shift -= 8)
      out[at++] = static_cast<std::byte>(numbers >> shift & 0xFF);
  }
  std::copy(body.begin(), body.end(), out.begin() + static_cast<ptrdiff_t>(at));
  out[size - kTail] = std::byte{header.etx};
  StoreHighFirst(modbus::Crc16(Bytes(out).first(size - 2)), &out[size - 2]);
  return {{}, size};
}

}  // namespace karez::protocols::sl651

#include "libs/protocols/szy206/link.h"

#include <algorithm>

namespace karez::protocols::szy206 {
namespace {

constexpr std::byte kStart{0x68};
constexpr std::byte kEnd{0x16};
constexpr size_t kUserAt = 3;
constexpr size_t kOverhead = 5;
constexpr uint8_t kPictureLength = 1;  // L of a picture
constexpr uint8_t kPictureFunction = 0x61;

constexpr std::array<uint8_t, 256> MakeTable() {
  std::array<uint8_t, 256> table{};
  for (unsigned i = 0; i < 256; ++i) {
    unsigned crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x80) != 0 ? crc << 1 ^ 0xE5u : crc << 1;
    table[i] = static_cast<uint8_t>(crc & 0xFF);
  }
  return table;
}

constexpr std::array<uint8_t, 256> kTable = MakeTable();

uint8_t At(Bytes bytes, size_t offset) { return std::to_integer<uint8_t>(bytes[offset]); }

Error Short(Bytes frame, size_t needed) {
  return {Fault::kShort, static_cast<uint16_t>(frame.size()), static_cast<uint32_t>(needed),
          static_cast<uint32_t>(frame.size())};
}

// Of C … data, where L does not tell it.
Error CheckPicture(Bytes frame, size_t& length) {
  if (frame.size() <= kUserAt) return Short(frame, kUserAt + kMinUserData);
  const bool divided = (At(frame, kUserAt) & 0x40) != 0;
  const size_t length_at = kUserAt + kMinUserData + (divided ? 1 : 0);
  if (frame.size() < length_at + 2) return Short(frame, length_at + 2);
  if (At(frame, length_at - 1) != kPictureFunction) {
    return {Fault::kLength, 1, kMinUserData, kPictureLength};
  }
  const size_t bytes = size_t{At(frame, length_at)} | size_t{At(frame, length_at + 1)} << 8;
  length = length_at - kUserAt + 2 + bytes;
  if (bytes <= kMaxPicture) return {};
  return {Fault::kLength, static_cast<uint16_t>(length_at), kMaxPicture,
          static_cast<uint32_t>(bytes)};
}

// Everything but whether bytes follow; `size` is the frame's.
Error Check(Bytes frame, size_t& size) {
  if (frame.empty() || frame[0] != kStart) {
    return {Fault::kStart, 0, 0x68, frame.empty() ? 0u : At(frame, 0)};
  }
  if (frame.size() < 3) return Short(frame, kOverhead + kMinUserData);
  if (frame[2] != kStart) return {Fault::kStart, 2, 0x68, At(frame, 2)};
  size_t length = At(frame, 1);
  if (length == kPictureLength) {
    if (const Error error = CheckPicture(frame, length); !error.ok()) return error;
  }
  if (length < kMinUserData) return {Fault::kLength, 1, kMinUserData, At(frame, 1)};
  size = kOverhead + length;
  if (frame.size() < size) return Short(frame, size);
  const auto end_at = static_cast<uint16_t>(size - 1);
  if (frame[end_at] != kEnd) return {Fault::kEnd, end_at, 0x16, At(frame, end_at)};
  const uint8_t computed = Crc(frame.subspan(kUserAt, length));
  if (At(frame, size - 2) != computed) {
    return {Fault::kChecksum, static_cast<uint16_t>(size - 2), computed, At(frame, size - 2)};
  }
  if ((At(frame, kUserAt) & 0x40) != 0 && length < kMinUserData + 1) {
    return {Fault::kLength, 1, kMinUserData + 1, At(frame, 1)};
  }
  return {};
}

}  // namespace

uint8_t Header::Control() const {
  return static_cast<uint8_t>((up ? 0x80 : 0) | (divided ? 0x40 : 0) | (frame_count & 3) << 4 |
                              (kind & 0x0F));
}

FixedText<40> Header::Address() const {
  constexpr char kDigits[] = "0123456789ABCDEF";
  FixedText<40> text;
  for (const uint8_t byte : address) {
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 0xF]);
  }
  return text;
}

uint8_t Crc(Bytes bytes) {
  uint8_t crc = 0;
  for (const std::byte b : bytes) crc = kTable[crc ^ std::to_integer<uint8_t>(b)];
  return crc;
}

Candidate Probe::operator()(Bytes data) const {
  size_t size = 0;
  const Error error = Check(data, size);
  if (error.ok()) return {Match::kFrame, static_cast<uint16_t>(size)};
  if (error.fault == Fault::kShort) return {Match::kMore};
  return {error.fault == Fault::kChecksum ? Match::kBadChecksum : Match::kNo};
}

Error ParseLink(Bytes frame, Header& header, Bytes& data) {
  size_t size = 0;
  if (const Error error = Check(frame, size); !error.ok()) return error;
  if (frame.size() != size) {
    return {Fault::kLength, 1, static_cast<uint32_t>(frame.size() - kOverhead), At(frame, 1)};
  }
  const Bytes user = frame.subspan(kUserAt, size - kOverhead);
  const uint8_t control = At(user, 0);
  header.up = (control & 0x80) != 0;
  header.divided = (control & 0x40) != 0;
  header.frame_count = control >> 4 & 3;
  header.kind = control & 0x0F;
  header.divs = header.divided ? At(user, 1) : 0;
  const size_t address_at = header.divided ? 2 : 1;
  for (size_t i = 0; i < header.address.size(); ++i) header.address[i] = At(user, address_at + i);
  header.function = At(user, address_at + header.address.size());
  header.picture = At(frame, 1) == kPictureLength;
  data = user.subspan(header.Size());
  return {};
}

Written WriteLink(const Header& header, Bytes data, std::span<std::byte> out) {
  const size_t length = header.Size() + data.size();
  const size_t limit = header.picture ? header.Size() + kMaxPicture : kMaxUserData;
  if (length > limit || (header.picture && header.function != kPictureFunction)) {
    return {{Fault::kValue, 1, static_cast<uint32_t>(limit), static_cast<uint32_t>(length)}};
  }
  const size_t size = kOverhead + length;
  if (out.size() < size) return {{Fault::kBuffer, 0, static_cast<uint32_t>(size), 0}};
  out[0] = out[2] = kStart;
  out[1] = header.picture ? std::byte{kPictureLength} : static_cast<std::byte>(length);
  size_t at = kUserAt;
  out[at++] = std::byte{header.Control()};
  if (header.divided) out[at++] = std::byte{header.divs};
  for (const uint8_t byte : header.address) out[at++] = std::byte{byte};
  out[at++] = std::byte{header.function};
  if (header.picture) {
    out[at++] = static_cast<std::byte>(data.size() & 0xFF);
    out[at++] = static_cast<std::byte>(data.size() >> 8);
  }
  std::copy(data.begin(), data.end(), out.begin() + static_cast<ptrdiff_t>(at));
  out[size - 2] = std::byte{Crc(Bytes(out).subspan(kUserAt, length))};
  out[size - 1] = kEnd;
  return {{}, size};
}

}  // namespace karez::protocols::szy206

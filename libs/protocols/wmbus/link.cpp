#include "libs/protocols/wmbus/link.h"

#include <algorithm>

#include "libs/protocols/bcd.h"

namespace karez::protocols::wmbus {
namespace {

constexpr size_t kCrcSize = 2;
constexpr size_t kBlockA = 16;   // data bytes of each block behind the first
constexpr size_t kFirstB = 126;  // data bytes in front of format B's first checksum
constexpr size_t kMinSize = 11;  // header and CI

constexpr std::array<uint16_t, 256> MakeTable() {
  std::array<uint16_t, 256> table{};
  for (unsigned i = 0; i < 256; ++i) {
    unsigned crc = i << 8;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x3D65u : crc << 1;
    table[i] = static_cast<uint16_t>(crc);
  }
  return table;
}

constexpr std::array<uint16_t, 256> kTable = MakeTable();

uint16_t LoadCrc(Bytes bytes) {
  return static_cast<uint16_t>(std::to_integer<unsigned>(bytes[0]) << 8 |
                               std::to_integer<unsigned>(bytes[1]));
}

// Data bytes of the block that begins at `offset` of a bare telegram.
size_t BlockSize(Format format, size_t offset, size_t size) {
  const size_t limit = format == Format::kB ? (offset == 0 ? kFirstB : size)
                       : offset == 0        ? kHeaderSize
                                            : kBlockA;
  return std::min(limit, size - offset);
}

Error ParseBlocks(Format format, Bytes bytes, size_t size, std::span<std::byte> bare) {
  size_t at = 0;
  for (size_t offset = 0; offset < size;) {
    const size_t block = BlockSize(format, offset, size);
    const Bytes data = bytes.subspan(at, block);
    const uint16_t computed = Crc(data);
    const uint16_t sent = LoadCrc(bytes.subspan(at + block, kCrcSize));
    if (computed != sent) {
      return {Fault::kChecksum, static_cast<uint16_t>(at + block), computed, sent};
    }
    std::copy(data.begin(), data.end(), bare.begin() + static_cast<ptrdiff_t>(offset));
    offset += block;
    at += block + kCrcSize;
  }
  return {};
}

// Bare size of a frame of format B whose L says that `framed` bytes are sent.
size_t BareSizeB(size_t framed) {
  return framed - (framed > kFirstB + kCrcSize ? 2 * kCrcSize : kCrcSize);
}

void ReadHeader(Bytes bare, Link& out) {
  out.control = static_cast<uint8_t>(bare[1]);
  out.sender.manufacturer = static_cast<uint16_t>(LoadLowFirst(bare.subspan(2, 2)));
  out.sender.number = static_cast<uint32_t>(LoadLowFirst(bare.subspan(4, 4)));
  out.sender.version = static_cast<uint8_t>(bare[8]);
  out.sender.medium = static_cast<uint8_t>(bare[9]);
}

}  // namespace

uint16_t Crc(Bytes bytes) {
  unsigned crc = 0;
  for (const std::byte b : bytes) {
    crc = (crc << 8 ^ kTable[(crc >> 8 ^ std::to_integer<unsigned>(b)) & 0xFF]) & 0xFFFF;
  }
  return static_cast<uint16_t>(~crc & 0xFFFF);
}

size_t FramedSize(Format format, size_t size) {
  if (size < kMinSize || size > kMaxTelegram) return 0;
  if (format == Format::kBare) return size;
  if (format == Format::kA) return size + kCrcSize * (1 + (size - kHeaderSize + 15) / kBlockA);
  const size_t framed = size + (size > kFirstB ? 2 * kCrcSize : kCrcSize);
  return framed > kMaxTelegram ? 0 : framed;
}

size_t FramedOffset(Format format, size_t offset) {
  if (format == Format::kB) return offset + (offset >= kFirstB ? kCrcSize : 0);
  if (format == Format::kBare || offset < kHeaderSize) return offset;
  return offset + kCrcSize * (1 + (offset - kHeaderSize) / kBlockA);
}

Candidate Probe::operator()(Bytes data) const {
  const size_t size = std::to_integer<size_t>(data[0]) + 1;
  const size_t framed = FramedSize(Format::kA, size);
  if (framed == 0) return {};
  if (data.size() < kHeaderSize + kCrcSize) return {Match::kMore};
  if (Crc(data.first(kHeaderSize)) != LoadCrc(data.subspan(kHeaderSize))) return {};
  if (data.size() < framed) return {Match::kMore};
  std::array<std::byte, kMaxTelegram> bare;
  const Error error = ParseBlocks(Format::kA, data, size, bare);
  return {error.ok() ? Match::kFrame : Match::kBadChecksum, static_cast<uint16_t>(framed)};
}

Error ParseLink(Bytes bytes, std::array<std::byte, kMaxTelegram>& bare, Link& out, bool or_b) {
  if (bytes.size() < kMinSize) {
    return {Fault::kShort, static_cast<uint16_t>(bytes.size()), kMinSize,
            static_cast<uint32_t>(bytes.size())};
  }
  const size_t size = std::to_integer<size_t>(bytes[0]) + 1;
  if (size >= kMinSize && bytes.size() == FramedSize(Format::kA, size)) {
    if (const Error error = ParseBlocks(Format::kA, bytes, size, bare); !error.ok()) return error;
    out.format = Format::kA;
    out.size = size;
  } else if (bytes.size() == size) {
    const size_t inner = or_b && size >= kMinSize + kCrcSize ? BareSizeB(size) : 0;
    const bool has_crc = inner != 0 && ParseBlocks(Format::kB, bytes, inner, bare).ok();
    out.format = has_crc ? Format::kB : Format::kBare;
    out.size = has_crc ? inner : size;
    if (!has_crc) std::copy(bytes.begin(), bytes.end(), bare.begin());
  } else {
    return {Fault::kLength, 0, static_cast<uint32_t>(bytes.size() - 1),
            static_cast<uint32_t>(bytes[0])};
  }
  bare[0] = static_cast<std::byte>(out.size - 1);
  ReadHeader(bare, out);
  return {};
}

Written WriteLink(Format format, Bytes bare, std::span<std::byte> out) {
  const size_t framed = FramedSize(format, bare.size());
  if (framed == 0) return {{Fault::kValue, 0, kMaxTelegram, static_cast<uint32_t>(bare.size())}};
  if (out.size() < framed) return {{Fault::kBuffer, 0, static_cast<uint32_t>(framed), 0}};
  size_t at = 0;
  for (size_t offset = 0; offset < bare.size();) {
    const size_t block =
        format == Format::kBare ? bare.size() : BlockSize(format, offset, bare.size());
    const Bytes data = bare.subspan(offset, block);
    std::copy(data.begin(), data.end(), out.begin() + static_cast<ptrdiff_t>(at));
    if (offset == 0) {
      out[0] = static_cast<std::byte>((format == Format::kB ? framed : bare.size()) - 1);
    }
    if (format != Format::kBare) {
      const uint16_t crc = Crc(Bytes(out).subspan(at, block));
      out[at + block] = static_cast<std::byte>(crc >> 8);
      out[at + block + 1] = static_cast<std::byte>(crc & 0xFF);
      at += kCrcSize;
    }
    offset += block;
    at += block;
  }
  return {{}, framed};
}

}  // namespace karez::protocols::wmbus

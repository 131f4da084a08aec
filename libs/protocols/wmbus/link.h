// Wireless M-Bus link layer (EN 13757-4): a telegram with its block checksums, or without them as
// most radio modules deliver it.
//
//   format A   L C M(2) A(6) CRC | 16 bytes CRC | … the rest CRC     L counts no CRC
//   format B   L C M(2) A(6) … up to 126 bytes CRC | the rest CRC    L counts the CRCs
//   bare       L C M(2) A(6) …                                       L = bytes behind it
//
// CRC-16, polynomial 3D65, inverted, high byte first. Pure functions without allocation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/framer.h"
#include "libs/protocols/mbus/identity.h"
#include "libs/protocols/mbus/link.h"

namespace karez::protocols::wmbus {

using mbus::Written;

enum class Format : uint8_t { kBare, kA, kB };

inline constexpr size_t kHeaderSize = 10;    // L C M A
inline constexpr size_t kMaxTelegram = 256;  // bare
inline constexpr size_t kMaxFrame = kMaxTelegram + 2 * 17;

// C fields.
inline constexpr uint8_t kSndNr = 0x44;  // data, no answer awaited
inline constexpr uint8_t kSndIr = 0x46;  // installation
inline constexpr uint8_t kRspUd = 0x08;

struct Link {
  Format format = Format::kBare;
  uint8_t control = 0;
  mbus::Identity sender;
  size_t size = 0;  // of the bare telegram
  // Version and medium stand in front of the number: Hydrometer's telegrams of a form of their own.
  bool version_first = false;
};

uint16_t Crc(Bytes bytes);

// Bytes on the air of a bare telegram of `size` bytes; 0 when the format cannot carry it.
size_t FramedSize(Format format, size_t size);
// Where byte `offset` of the bare telegram stands in the framed one.
size_t FramedOffset(Format format, size_t offset);

// Finds frames of format A: the first block's checksum makes a start recognisable. Datagrams of
// the other formats go to ParseLink as they are.
struct Probe {
  static constexpr size_t kMaxFrame = wmbus::kMaxFrame;
  Candidate operator()(Bytes data) const;
};

// `bytes` is exactly one telegram in any of the three formats, told apart by size and checksums.
// `bare` receives it without checksums, L as in the bare form. Faults: kShort, kLength (`expected`
// bytes behind L), kChecksum (of a block of format A, when the size says that format). One bare
// telegram in 65,536 ends by chance in what would be format B's checksum: not `or_b`, it is bare.
[[nodiscard]] Error ParseLink(Bytes bytes, std::array<std::byte, kMaxTelegram>& bare, Link& out,
                              bool or_b = true);

// Frames a bare telegram, whose L is set here.
[[nodiscard]] Written WriteLink(Format format, Bytes bare, std::span<std::byte> out);

}  // namespace karez::protocols::wmbus

// Wired M-Bus link layer (EN 13757-2, the FT 1.2 frames of IEC 60870-5-1).
//
//   E5                              acknowledgement
//   10 C A CS 16                    short frame: C from the master
//   68 L L 68 C A CI data CS 16     long frame; L counts C … data, CS = sum of those bytes mod 256
//
// Pure functions without allocation, safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/framer.h"

namespace karez::protocols::mbus {

inline constexpr size_t kMaxUserData = 255;  // C, A, CI and data
inline constexpr size_t kMaxFrame = kMaxUserData + 6;

// C fields. Bit 6: sent by the master. Bit 5 of a master's C is the frame count bit (FCB), which
// alternates with every new request.
inline constexpr uint8_t kSndNke = 0x40;
inline constexpr uint8_t kSndUd = 0x53;
inline constexpr uint8_t kReqUd1 = 0x5A;
inline constexpr uint8_t kReqUd2 = 0x5B;
inline constexpr uint8_t kRspUd = 0x08;
inline constexpr uint8_t kFrameCountBit = 0x20;

// A fields with a meaning of their own; 0 is an unconfigured device, 1…250 are devices.
inline constexpr uint8_t kSelectedDevice = 0xFD;  // the one that a select frame matched
inline constexpr uint8_t kAnyDevice = 0xFE;       // answers whatever its address
inline constexpr uint8_t kAllWithoutAnswer = 0xFF;

enum class FrameKind : uint8_t { kAck, kShort, kLong };

struct Frame {
  FrameKind kind = FrameKind::kAck;
  uint8_t control = 0;  // of short and long frames
  uint8_t address = 0;
  Bytes data;  // long frames: CI and what follows, at least the CI
};

inline bool IsFromMaster(const Frame& frame) { return (frame.control & 0x40) != 0; }

// Finds short and long frames. A lone E5 is an acknowledgement only on a line where one is awaited:
// in noise every 256th byte is E5.
struct Probe {
  static constexpr size_t kMaxFrame = mbus::kMaxFrame;
  bool acknowledgements = false;

  Candidate operator()(Bytes data) const;
};

// `bytes` is exactly one frame. Checks start, both lengths, second start, end and checksum, in this
// order, and says which fails.
[[nodiscard]] Error ParseLink(Bytes bytes, Frame& out);

// kValue when a long frame's data is empty or longer than 253 bytes.
struct Written {
  Error error;
  size_t size = 0;
};
[[nodiscard]] Written WriteLink(const Frame& frame, std::span<std::byte> out);

}  // namespace karez::protocols::mbus

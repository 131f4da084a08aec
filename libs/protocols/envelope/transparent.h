// Transparent terminals: after a registration packet and between heartbeats the stream is meter
// frames. Both packets are described by the terminal's profile, as data
// (libs/protocols/profiles/terminals, read by libs/protocols/profiles_json).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "libs/protocols/codec.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/framer.h"

namespace karez::protocols::envelope {

// A packet of fixed length, piece by piece.
struct PatternPiece {
  enum class Kind : uint8_t {
    kLiteral,   // these bytes
    kAny,       // `length` bytes of any value
    kAsciiId,   // `length` characters 0-9 A-Z a-z: (part of) the terminal's number
    kBinaryId,  // `length` bytes, read as hex digits
  };
  Kind kind = Kind::kLiteral;
  uint8_t length = 0;
  std::array<uint8_t, 16> literal{};
};

struct Pattern {
  static constexpr size_t kMaxLength = 128;

  FixedVector<PatternPiece, 8> pieces;

  size_t Length() const;
  bool empty() const { return pieces.empty(); }
  // kMore while all bytes given so far fit and more are needed.
  Match Test(Bytes data) const;
  // Number of the terminal in a packet that matches, letters in upper case. Up to 16 characters.
  FixedText<16> Id(Bytes packet) const;
};

// Immutable once loaded; shared between threads.
struct TerminalProfile {
  std::string id;  // file name without .json
  std::string name;
  bool acknowledged = false;  // speaks the envelope; the rest is then unused
  Pattern registration;
  Pattern heartbeat;
  Protocol protocol = Protocol::kCjt188;
};

enum class Item : uint8_t { kRegistration, kHeartbeat, kFrame };

// bytes == frame_bytes + garbage_bytes + envelope_bytes + unregistered_bytes + pending
struct TransparentCounts {
  uint64_t bytes = 0;
  uint64_t frames = 0;
  uint64_t frame_bytes = 0;
  uint64_t garbage_bytes = 0;
  uint64_t envelope_bytes = 0;      // registration packets and heartbeats
  uint64_t unregistered_bytes = 0;  // before the first registration packet
  uint64_t checksum_failures = 0;
};

struct TransparentItem {
  Item item = Item::kFrame;
  Bytes bytes;             // valid until the next Push
  FixedText<16> terminal;  // of a registration
};

// One connection of a transparent terminal; used by one thread at a time, like Framer. Before its
// registration packet every other byte is counted as unregistered and dropped.
class TransparentStream {
 public:
  // `profile` must outlive the stream.
  explicit TransparentStream(const TerminalProfile& profile);

  size_t Push(Bytes bytes);
  std::optional<TransparentItem> Next();
  void Flush() { framer_.Flush(); }
  bool registered() const { return registered_; }
  const TransparentCounts& counts() const { return counts_; }

 private:
  struct Probe {
    static constexpr size_t kMaxFrame = std::max(Pattern::kMaxLength, MeterProbe::kMaxFrame);
    const TerminalProfile* profile = nullptr;
    bool registered = false;
    Candidate operator()(Bytes data) const;
  };

  const TerminalProfile& profile_;
  Framer<Probe> framer_;
  bool registered_ = false;
  TransparentCounts counts_;
};

}  // namespace karez::protocols::envelope

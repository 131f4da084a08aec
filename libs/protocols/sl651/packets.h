// Puts the packets of one message (STX 16, mode M3) together again: pictures, long periods.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "libs/protocols/fixed.h"
#include "libs/protocols/sl651/link.h"

namespace karez::protocols::sl651 {

// The memory is the caller's: as much as the longest message. No allocation; one joiner per
// station, used by one thread at a time.
class PacketJoiner {
 public:
  static constexpr uint16_t kMaxPackets = 512;

  explicit PacketJoiner(std::span<std::byte> memory) : memory_(memory) { sizes_.fill(kAbsentSize); }

  enum class State : uint8_t {
    kMore,      // missing() tells what to ask for with NAK, once the last packet has come
    kComplete,  // header() and body() are the message's
    kRefused,   // no packet of a message, one too many, or more bytes than there is memory
  };
  // In any order, each as often as it comes. A packet of another station or function, of another
  // number of packets, or with other bytes than the one of its number, begins anew.
  State Add(const Header& header, Bytes body);

  uint16_t missing() const;  // the first one's number
  const Header& header() const { return header_; }
  Bytes body() const { return memory_.first(size_); }

 private:
  static constexpr uint16_t kAbsentSize = UINT16_MAX;

  size_t PlaceOf(size_t index) const;          // in memory_
  bool MayBe(size_t index, Bytes body) const;  // not another message's packet of that number

  std::span<std::byte> memory_;  // the bodies that have come, in the order of their numbers
  size_t size_ = 0;
  uint16_t found_ = 0;
  Header header_;
  std::array<uint16_t, kMaxPackets> sizes_;
};

}  // namespace karez::protocols::sl651

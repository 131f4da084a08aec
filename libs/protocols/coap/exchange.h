// What a CoAP endpoint must remember and wait for: retransmission times, repeated messages, order
// of notifications. Rules only: the caller has the clock and the socket.
//
// An endpoint is what the caller says it is. On NB-IoT the source port changes with every sleep
// (PSM), so know a device by its LwM2M endpoint name or DTLS connection id, never by IP and port.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace karez::protocols::coap {

// Transmission parameters of RFC 7252 section 4.8, all in milliseconds. Immutable.
struct Transmission {
  uint32_t ack_timeout_ms = 2000;
  uint32_t random_permille = 1500;  // ACK_RANDOM_FACTOR × 1000
  uint32_t max_retransmit = 4;
  uint32_t max_latency_ms = 100'000;

  // Round trips of ten seconds and more are normal on NB-IoT.
  static constexpr Transmission NarrowBand() { return {.ack_timeout_ms = 15'000}; }

  // How long to wait for an acknowledgement after transmission `attempt` (0 = the first one).
  // `random_permille_of_range` 0…1000 is a fresh random number per message, not per attempt.
  constexpr uint64_t WaitMs(uint32_t attempt, uint32_t random_permille_of_range) const {
    const uint64_t spread =
        uint64_t{ack_timeout_ms} * (random_permille - 1000) * random_permille_of_range / 1'000'000;
    return (ack_timeout_ms + spread) << attempt;
  }
  constexpr uint64_t MaxTransmitSpanMs() const {
    return uint64_t{ack_timeout_ms} * ((1u << max_retransmit) - 1) * random_permille / 1000;
  }
  constexpr uint64_t MaxTransmitWaitMs() const {
    return uint64_t{ack_timeout_ms} * ((2u << max_retransmit) - 1) * random_permille / 1000;
  }
  // How long a message id must not be used again: 247 s with the standard's values.
  constexpr uint64_t ExchangeLifetimeMs() const {
    return MaxTransmitSpanMs() + 2 * uint64_t{max_latency_ms} + ack_timeout_ms;
  }
  constexpr uint64_t NonLifetimeMs() const { return MaxTransmitSpanMs() + max_latency_ms; }
};

// True when a notification is newer than the last one seen (RFC 7641 section 3.4): sequence numbers
// are of 24 bits and wrap; after 128 s any number is newer.
constexpr bool IsNewer(uint32_t last, uint64_t last_ms, uint32_t next, uint64_t next_ms) {
  constexpr uint32_t kHalf = 1u << 23;
  return (last < next && next - last < kHalf) || (last > next && last - next > kHalf) ||
         next_ms > last_ms + 128'000;
}

// The message ids of one endpoint that were answered lately. Remembers the last N: a sleeping meter
// sends a handful in a lifetime. Not thread-safe.
template <size_t N = 16>
class RecentMessages {
 public:
  // True the first time; false for a repetition within `lifetime_ms` (ExchangeLifetimeMs).
  bool IsNew(uint16_t message_id, uint64_t now_ms, uint64_t lifetime_ms) {
    for (size_t i = 0; i < count_; ++i) {
      if (seen_[i].message_id == message_id && now_ms < seen_[i].at_ms + lifetime_ms) return false;
    }
    seen_[next_] = {message_id, now_ms};
    next_ = (next_ + 1) % N;
    if (count_ < N) ++count_;
    return true;
  }

 private:
  struct Seen {
    uint16_t message_id = 0;
    uint64_t at_ms = 0;
  };
  std::array<Seen, N> seen_{};
  size_t count_ = 0;
  size_t next_ = 0;
};

}  // namespace karez::protocols::coap

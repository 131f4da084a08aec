// A meter frame as an edge received it, and what became of it. Values.
#pragma once

#include <string>

#include "services/metering/domain/reading.h"

namespace karez::metering::domain {

using FrameId = Id<struct FrameTag>;

struct RawFrame {
  FrameId id;  // given by the edge: Kafka delivering the frame again does not change it
  TerminalId terminal_id;
  std::string terminal_number;
  std::string device_address;  // as sent, in the text form of its protocol
  Path path = Path::kKept;
  // The terminal's sequence number of the message; of a polled meter, the number of the question.
  std::int64_t sequence = 0;
  Instant received_at;
  std::string edge_id;
  std::string payload;  // from the frame's first byte to its last
};

enum class Outcome { kStored, kDuplicate, kQuarantined };
inline std::string Name(Outcome outcome) {
  switch (outcome) {
    case Outcome::kStored:
      return "stored";
    case Outcome::kDuplicate:
      return "duplicate";
    case Outcome::kQuarantined:
      break;
  }
  return "quarantined";
}

struct FrameResult {
  Outcome outcome = Outcome::kStored;
  std::optional<MeterId> meter_id;
  std::string reason;  // kQuarantined: stable name
  std::string detail;  // kQuarantined: what was expected and what was found
};

}  // namespace karez::metering::domain

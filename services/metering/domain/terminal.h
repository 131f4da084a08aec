// A terminal (DTU, concentrator): the thing that connects to an ingest edge for its meters. Pure.
#pragma once

#include <string>

#include "services/metering/domain/meter.h"

namespace karez::metering::domain {

inline constexpr int kDefaultPollSeconds = 3600;

struct Terminal {
  enum class Kind {
    kAcknowledged,  // speaks the envelope and keeps what is not acknowledged
    kTransparent,   // passes bytes through; the edge polls its meters
  };
  TerminalId id;
  std::string number;
  Kind kind = Kind::kAcknowledged;
  BranchId branch_id;
  std::string profile;  // registration and heartbeat packets, transparent only
  int poll_seconds = kDefaultPollSeconds;
  std::int64_t version = 1;
};

// "acknowledged", "transparent": as stored and in imported files.
std::string KindName(Terminal::Kind kind);
// INVALID_ARGUMENT for another text.
Result<Terminal::Kind> ParseKind(const std::string& text);

// The number in the one form in which terminals are told apart on the wire: upper case, without
// leading zeros, because protocols pad shorter numbers to their field. An acknowledged terminal has
// 1 to 16 hexadecimal digits, a transparent one 1 to 16 letters and digits. INVALID_ARGUMENT for
// field `number` otherwise.
Result<std::string> WireNumber(Terminal::Kind kind, const std::string& number);

void CheckPollSeconds(int seconds, Violations& bad);

}  // namespace karez::metering::domain

// The fleet's journal (tests/simulators/fleet/README.md) held against what metering stored: every
// frame that was acknowledged to a terminal must be there, as what it was.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libs/base/error.h"
#include "tools/verify/verify.h"

namespace karez::verify {

// One line of the journal.
struct JournalLine {
  std::string tenant;  // code
  std::string terminal;
  std::string device_address;
  std::string kind;         // "reading" or "day"
  std::string device_time;  // of a reading a time, of a day a date
  std::int64_t value_ml = 0;
  std::vector<std::int64_t> hours;  // of a day: 24, -1 where the meter has none
  std::string outcome;
  std::string frame_hex;
};

// Every whole line; one cut short by a kill is passed over. NOT_FOUND when the file cannot be read,
// INVALID_ARGUMENT names a line that cannot be understood.
Result<std::vector<JournalLine>> ReadJournal(const std::string& path);

// The lines must outlive the proof.
Proof ProveReadings(const std::vector<JournalLine>& lines);

}  // namespace karez::verify

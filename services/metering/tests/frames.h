// Frames as meters and terminals send them, for tests: profile karez-hourly.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "libs/protocols/envelope/envelope.h"
#include "libs/protocols/observation.h"
#include "libs/protocols/profiles_json/catalogue.h"

namespace karez::metering::testing {

inline constexpr const char* kProfile = "karez-hourly";

const protocols::ProfileCatalogue& Profiles();

// A meter's answer with its current and settled volume, in hundredths of a cubic metre. Without
// `clock` the meter has none.
std::string ReadingFrame(const std::string& address, std::int64_t current, std::int64_t settled,
                         const std::optional<protocols::LocalTime>& clock, bool valve_open = true);
// 24 increments in litres from the day's midnight; protocols::kAbsent where there is none.
std::string DayFrame(const std::string& address, const protocols::LocalTime& day,
                     const std::array<std::int64_t, 24>& litres);

// Messages of an acknowledged terminal.
std::string RegisterMessage(const std::string& terminal, std::uint32_t sequence);
std::string HeartbeatMessage(const std::string& terminal, std::uint32_t sequence);
std::string DataMessage(const std::string& terminal, std::uint32_t sequence,
                        const std::string& frames);

// The acknowledgements in a stream, in order.
struct Answer {
  std::uint32_t sequence = 0;
  protocols::envelope::Type acknowledged{};
  protocols::envelope::Outcome outcome{};
};
std::vector<Answer> Answers(const std::string& bytes);

}  // namespace karez::metering::testing

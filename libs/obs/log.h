// One JSON object per line on standard output: a constant message and named fields. The only place
// that knows spdlog. Safe from any thread.
//
//   obs::Info("relay published", {{"events", count}, {"ms", elapsed}});
//
// Never in a field: names, addresses, phones, tokens, bodies.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace karez {
struct Trace;
}

namespace karez::obs {

enum class Level { kDebug, kInfo, kWarning, kError };

// A named value, rendered as JSON when the line is written.
class LogField {
 public:
  LogField(std::string_view name, std::string_view value);
  LogField(std::string_view name, const std::string& value)
      : LogField(name, std::string_view(value)) {}
  LogField(std::string_view name, const char* value) : LogField(name, std::string_view(value)) {}
  LogField(std::string_view name, bool value);
  LogField(std::string_view name, double value);
  template <std::integral T>
  LogField(std::string_view name, T value)
      : LogField(name, Integer{static_cast<std::int64_t>(value)}) {}
  // trace_id and span_id.
  explicit LogField(const Trace& trace);

  const std::string& json() const { return json_; }  // "name":value

 private:
  struct Integer {
    std::int64_t value;
  };
  LogField(std::string_view name, Integer value);
  std::string json_;
};

// Called once at start, before other threads run: name and version of the program, lowest level.
void InitLog(std::string_view program, Level lowest);
Level ParseLevel(std::string_view text);  // "debug", "info", "warning", "error"; info otherwise

void Log(Level level, std::string_view message, std::initializer_list<LogField> fields = {});
inline void Debug(std::string_view m, std::initializer_list<LogField> f = {}) {
  Log(Level::kDebug, m, f);
}
inline void Info(std::string_view m, std::initializer_list<LogField> f = {}) {
  Log(Level::kInfo, m, f);
}
inline void Warning(std::string_view m, std::initializer_list<LogField> f = {}) {
  Log(Level::kWarning, m, f);
}
inline void Error(std::string_view m, std::initializer_list<LogField> f = {}) {
  Log(Level::kError, m, f);
}

}  // namespace karez::obs

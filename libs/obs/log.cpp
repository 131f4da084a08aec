#include "libs/obs/log.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <memory>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "libs/base/time.h"
#include "libs/base/trace.h"
#include "libs/obs/json_text.h"

namespace karez::obs {
namespace {

struct Output {
  std::shared_ptr<spdlog::logger> logger;
  std::string program;  // `"svc":"billing",` ready for the line
  Level lowest = Level::kInfo;
};

// Written by InitLog before other threads run, read only afterwards.
Output& TheOutput() {
  static Output output = [] {
    Output made;
    made.logger = std::make_shared<spdlog::logger>(
        "karez", std::make_shared<spdlog::sinks::stdout_sink_mt>());
    made.logger->set_pattern("%v");
    made.logger->set_level(spdlog::level::trace);  // the level is looked at before formatting
    return made;
  }();
  return output;
}

std::string_view LevelName(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "error";
}

std::string Start(std::string_view name) {
  std::string json;
  AppendJsonString(json, name);
  json += ':';
  return json;
}

}  // namespace

LogField::LogField(std::string_view name, std::string_view value) : json_(Start(name)) {
  AppendJsonString(json_, value);
}

LogField::LogField(std::string_view name, bool value)
    : json_(Start(name) + (value ? "true" : "false")) {}

LogField::LogField(std::string_view name, double value) : json_(Start(name)) {
  if (!std::isfinite(value)) {
    json_ += "null";  // JSON has no infinity
    return;
  }
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  json_.append(text, end);
}

LogField::LogField(std::string_view name, Integer value)
    : json_(Start(name) + std::to_string(value.value)) {}

LogField::LogField(const Trace& trace) : json_(Start("trace_id")) {
  AppendJsonString(json_, trace.trace_id);
  json_ += ",\"span_id\":";
  AppendJsonString(json_, trace.span_id);
}

void InitLog(std::string_view program, Level lowest) {
  Output& output = TheOutput();
  output.program = Start("svc");
  AppendJsonString(output.program, program);
  output.program += ',';
  output.lowest = lowest;
}

Level ParseLevel(std::string_view text) {
  for (const Level level : {Level::kDebug, Level::kWarning, Level::kError}) {
    if (text == LevelName(level)) return level;
  }
  return Level::kInfo;
}

void Log(Level level, std::string_view message, std::initializer_list<LogField> fields) {
  const Output& output = TheOutput();
  if (level < output.lowest) return;
  std::string line = "{\"ts\":\"" + FormatInstant(SystemClock().Now()) + "\",\"level\":\"";
  line += LevelName(level);
  line += "\"," + output.program + "\"msg\":";
  AppendJsonString(line, message);
  for (const LogField& field : fields) {
    line += ',';
    line += field.json();
  }
  line += '}';
  output.logger->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace karez::obs

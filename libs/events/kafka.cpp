#include "libs/events/kafka.h"

#include "libs/obs/log.h"

namespace karez::events {
namespace {

void LogLine(const rd_kafka_t*, int level, const char* facility, const char* text) {
  // syslog levels: 3 is an error, 4 a warning; the rest is detail.
  if (level <= 4) obs::Warning("kafka client", {{"facility", facility}, {"detail", text}});
}

}  // namespace

Result<rd_kafka_conf_t*> MakeKafkaConfig(
    const std::vector<std::pair<std::string, std::string>>& settings) {
  rd_kafka_conf_t* config = rd_kafka_conf_new();
  rd_kafka_conf_set_log_cb(config, &LogLine);
  char problem[256];
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(config, name.c_str(), value.c_str(), problem, sizeof problem) !=
        RD_KAFKA_CONF_OK) {
      rd_kafka_conf_destroy(config);
      return Fail(Code::kInvalidArgument, "KAFKA_CONFIG_INVALID", problem);
    }
  }
  return config;
}

}  // namespace karez::events

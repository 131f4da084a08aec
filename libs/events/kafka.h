// Thin helpers over librdkafka's C API, shared by producer and consumer. Inside libs/events only.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <librdkafka/rdkafka.h>

#include "libs/base/error.h"

namespace karez::events {

struct KafkaDeleter {
  void operator()(rd_kafka_t* kafka) const { rd_kafka_destroy(kafka); }
};
using KafkaHandle = std::unique_ptr<rd_kafka_t, KafkaDeleter>;

// A configuration with these settings; INVALID_ARGUMENT when librdkafka does not know one. The
// caller owns the result and hands it to rd_kafka_new.
Result<rd_kafka_conf_t*> MakeKafkaConfig(
    const std::vector<std::pair<std::string, std::string>>& settings);

}  // namespace karez::events

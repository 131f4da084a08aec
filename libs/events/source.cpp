#include "libs/events/source.h"

#include <algorithm>

#include "libs/events/kafka.h"
#include "libs/obs/log.h"

namespace karez::events {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// How long a batch waits for company after its first message.
constexpr milliseconds kCompany{10};

struct MessageDeleter {
  void operator()(rd_kafka_message_t* message) const { rd_kafka_message_destroy(message); }
};
using MessageHandle = std::unique_ptr<rd_kafka_message_t, MessageDeleter>;

struct PartitionsDeleter {
  void operator()(rd_kafka_topic_partition_list_t* list) const {
    rd_kafka_topic_partition_list_destroy(list);
  }
};
using Partitions = std::unique_ptr<rd_kafka_topic_partition_list_t, PartitionsDeleter>;

Message Convert(const rd_kafka_message_t& raw) {
  Message message;
  message.topic = rd_kafka_topic_name(raw.rkt);
  message.partition = raw.partition;
  message.offset = raw.offset;
  if (raw.key != nullptr) message.key.assign(static_cast<const char*>(raw.key), raw.key_len);
  if (raw.payload != nullptr)
    message.payload.assign(static_cast<const char*>(raw.payload), raw.len);
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&raw, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0;
         rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
         ++i) {
      message.headers[name].assign(static_cast<const char*>(value), size);
    }
  }
  FillFromHeaders(message);
  return message;
}

class KafkaSource final : public Source {
 public:
  explicit KafkaSource(KafkaHandle kafka) : kafka_(std::move(kafka)) {}
  ~KafkaSource() override { rd_kafka_consumer_close(kafka_.get()); }

  std::vector<Message> Gather(std::size_t max, milliseconds wait) override {
    std::vector<Message> out;
    auto until = steady_clock::now() + wait;
    while (out.size() < max) {
      const auto left = std::chrono::duration_cast<milliseconds>(until - steady_clock::now());
      const MessageHandle raw(
          rd_kafka_consumer_poll(kafka_.get(), static_cast<int>(std::max<long>(left.count(), 0))));
      if (!raw) {
        if (left.count() <= 0) break;
        continue;
      }
      if (raw->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        obs::Warning("kafka consumer", {{"error", rd_kafka_err2str(raw->err)}});
        if (left.count() <= 0) break;
        continue;
      }
      if (out.empty()) until = steady_clock::now() + kCompany;
      out.push_back(Convert(*raw));
    }
    return out;
  }

  void Done(const std::vector<Message>& messages) override {
    const Partitions list(rd_kafka_topic_partition_list_new(static_cast<int>(messages.size())));
    for (const auto& message : messages) {
      auto* item =
          rd_kafka_topic_partition_list_find(list.get(), message.topic.c_str(), message.partition);
      if (item == nullptr) {
        item =
            rd_kafka_topic_partition_list_add(list.get(), message.topic.c_str(), message.partition);
        item->offset = 0;
      }
      item->offset = std::max(item->offset, message.offset + 1);
    }
    // A partition that was taken away meanwhile refuses; its new owner reads the messages again and
    // the inbox drops them.
    rd_kafka_offsets_store(kafka_.get(), list.get());
  }

  void Idle(milliseconds time) override {
    Partitions assigned = Assigned();
    if (assigned) rd_kafka_pause_partitions(kafka_.get(), assigned.get());
    const auto until = steady_clock::now() + time;
    while (steady_clock::now() < until) {
      const MessageHandle raw(rd_kafka_consumer_poll(kafka_.get(), 50));
      // Fetched before the pause took hold: seek back so that it is delivered again.
      if (raw && raw->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_seek(raw->rkt, raw->partition, raw->offset, 1000);
      }
    }
    if (assigned) rd_kafka_resume_partitions(kafka_.get(), assigned.get());
  }

  std::int64_t Lag() override {
    const Partitions assigned = Assigned();
    if (!assigned ||
        rd_kafka_position(kafka_.get(), assigned.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return 0;
    }
    std::int64_t lag = 0;
    for (int i = 0; i < assigned->cnt; ++i) {
      const auto& item = assigned->elems[i];
      std::int64_t low = 0;
      std::int64_t high = 0;
      if (item.offset >= 0 &&
          rd_kafka_get_watermark_offsets(kafka_.get(), item.topic, item.partition, &low, &high) ==
              RD_KAFKA_RESP_ERR_NO_ERROR) {
        lag += std::max<std::int64_t>(high - item.offset, 0);
      }
    }
    return lag;
  }

 private:
  Partitions Assigned() {
    rd_kafka_topic_partition_list_t* list = nullptr;
    rd_kafka_assignment(kafka_.get(), &list);
    return Partitions(list);
  }

  KafkaHandle kafka_;
};

}  // namespace

Result<std::unique_ptr<Source>> Source::Open(const std::string& brokers, const std::string& group,
                                             const std::vector<std::string>& topics) {
  ASSIGN_OR_RETURN(rd_kafka_conf_t * config,
                   MakeKafkaConfig({{"bootstrap.servers", brokers},
                                    {"group.id", group},
                                    {"client.id", group},
                                    {"enable.auto.commit", "true"},
                                    {"auto.commit.interval.ms", "1000"},
                                    // An offset is stored only after the database has committed.
                                    {"enable.auto.offset.store", "false"},
                                    {"auto.offset.reset", "earliest"},
                                    {"partition.assignment.strategy", "range"},
                                    {"fetch.wait.max.ms", "500"},
                                    // The partitions of a killed process are free after this long.
                                    {"session.timeout.ms", "10000"},
                                    {"heartbeat.interval.ms", "2000"},
                                    {"queued.max.messages.kbytes", "16384"},
                                    {"topic.metadata.refresh.interval.ms", "10000"},
                                    {"allow.auto.create.topics", "false"},
                                    {"socket.keepalive.enable", "true"},
                                    {"socket.nagle.disable", "true"},
                                    {"reconnect.backoff.ms", "100"},
                                    {"reconnect.backoff.max.ms", "1000"}}));
  char problem[256];
  KafkaHandle kafka(rd_kafka_new(RD_KAFKA_CONSUMER, config, problem, sizeof problem));
  if (!kafka) {
    rd_kafka_conf_destroy(config);
    return Fail(Code::kUnavailable, "KAFKA_UNAVAILABLE", problem);
  }
  rd_kafka_poll_set_consumer(kafka.get());
  const Partitions list(rd_kafka_topic_partition_list_new(static_cast<int>(topics.size())));
  for (const auto& topic : topics) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  }
  if (const auto error = rd_kafka_subscribe(kafka.get(), list.get());
      error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return Fail(Code::kUnavailable, "KAFKA_UNAVAILABLE", rd_kafka_err2str(error));
  }
  return std::make_unique<KafkaSource>(std::move(kafka));
}

}  // namespace karez::events

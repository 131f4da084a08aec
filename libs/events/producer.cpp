#include "libs/events/producer.h"

#include <atomic>
#include <thread>

#include "libs/events/kafka.h"
#include "libs/obs/log.h"
#include "libs/obs/metrics.h"

namespace karez::events {
namespace {

class KafkaProducer final : public Producer {
 public:
  explicit KafkaProducer(KafkaHandle kafka) : kafka_(std::move(kafka)) {
    // Delivery reports are served as they come.
    poller_ = std::thread([this] {
      while (!stop_) rd_kafka_poll(kafka_.get(), 100);
    });
  }

  ~KafkaProducer() override {
    stop_ = true;
    poller_.join();
    // What is still queued gets its report (as purged), so that no callback is forgotten.
    Purge();
    rd_kafka_flush(kafka_.get(), 5000);
  }

  bool Send(Record record, Delivered delivered) override {
    rd_kafka_headers_t* headers = rd_kafka_headers_new(record.headers.size());
    for (const auto& [name, value] : record.headers) {
      rd_kafka_header_add(headers, name.c_str(), -1, value.data(),
                          static_cast<ssize_t>(value.size()));
    }
    auto callback = std::make_unique<Delivered>(std::move(delivered));
    const rd_kafka_resp_err_t error =
        rd_kafka_producev(kafka_.get(), RD_KAFKA_V_TOPIC(record.topic.c_str()),
                          RD_KAFKA_V_KEY(record.key.data(), record.key.size()),
                          RD_KAFKA_V_VALUE(record.payload.data(), record.payload.size()),
                          RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                          RD_KAFKA_V_OPAQUE(callback.get()), RD_KAFKA_V_END);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      static_cast<void>(callback.release());  // freed by OnDelivery
      return true;
    }
    rd_kafka_headers_destroy(headers);
    if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      (*callback)(rd_kafka_err2str(error));
      return true;
    }
    return false;
  }

  bool Flush(int ms) override {
    return rd_kafka_flush(kafka_.get(), ms) == RD_KAFKA_RESP_ERR_NO_ERROR;
  }

  void Purge() override {
    rd_kafka_purge(kafka_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  }

  bool Healthy() override {
    const rd_kafka_metadata_t* metadata = nullptr;
    const auto error = rd_kafka_metadata(kafka_.get(), 0, nullptr, &metadata, 1000);
    if (metadata != nullptr) rd_kafka_metadata_destroy(metadata);
    return error == RD_KAFKA_RESP_ERR_NO_ERROR;
  }

  bool fatal() const override {
    char reason[8];
    return rd_kafka_fatal_error(kafka_.get(), reason, sizeof reason) != RD_KAFKA_RESP_ERR_NO_ERROR;
  }

  static void OnDelivery(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
    const std::unique_ptr<Delivered> callback(static_cast<Delivered*>(message->_private));
    const bool ok = message->err == RD_KAFKA_RESP_ERR_NO_ERROR;
    obs::Count("karez_kafka_produced_total", {{"result", ok ? "acknowledged" : "failed"}});
    (*callback)(ok ? std::string() : rd_kafka_err2str(message->err));
  }

 private:
  KafkaHandle kafka_;
  std::atomic<bool> stop_ = false;
  std::thread poller_;
};

}  // namespace

Result<std::shared_ptr<Producer>> Producer::Create(const std::string& brokers,
                                                   const std::string& client_id) {
  ASSIGN_OR_RETURN(rd_kafka_conf_t * config,
                   MakeKafkaConfig({{"bootstrap.servers", brokers},
                                    {"client.id", client_id},
                                    {"enable.idempotence", "true"},
                                    {"compression.type", "lz4"},
                                    {"linger.ms", "5"},
                                    {"batch.num.messages", "10000"},
                                    // Never give up by time: a message lost in the middle of a key
                                    // would leave a gap.
                                    {"message.timeout.ms", "0"},
                                    // The same partitions as Java clients choose.
                                    {"partitioner", "murmur2_random"},
                                    {"socket.keepalive.enable", "true"},
                                    {"socket.nagle.disable", "true"},
                                    {"reconnect.backoff.ms", "100"},
                                    {"reconnect.backoff.max.ms", "1000"}}));
  rd_kafka_conf_set_dr_msg_cb(config, &KafkaProducer::OnDelivery);
  char problem[256];
  KafkaHandle kafka(rd_kafka_new(RD_KAFKA_PRODUCER, config, problem, sizeof problem));
  if (!kafka) {
    rd_kafka_conf_destroy(config);
    return Fail(Code::kUnavailable, "KAFKA_UNAVAILABLE", problem);
  }
  return std::make_shared<KafkaProducer>(std::move(kafka));
}

}  // namespace karez::events

#include "libs/events/relay.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "libs/base/time.h"
#include "libs/events/producer.h"
#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "libs/pg/connection.h"
#include "libs/pg/failure.h"
#include "libs/pg/tx.h"

namespace karez::events {
namespace {

using std::chrono::milliseconds;

constexpr int kBatch = 1000;
constexpr milliseconds kPoll{200};
constexpr milliseconds kRetry{500};
constexpr milliseconds kDeliveryPatience{30'000};

constexpr pg::Query kSelectOutbox{"events.select_outbox", R"sql(
  SELECT tenant_id, id, event_id, type, key, agg_id, agg_version, traceparent, payload, created_at
    FROM outbox ORDER BY id LIMIT $1)sql"};

constexpr pg::Query kDeleteOutbox{"events.delete_outbox", R"sql(
  DELETE FROM outbox o USING unnest($1::integer[], $2::bigint[]) AS done(tenant_id, id)
   WHERE o.tenant_id = done.tenant_id AND o.id = done.id)sql"};

struct OutboxRow {
  std::int32_t tenant = 0;
  std::int64_t id = 0;
  Record record;
  Instant created_at;
};

// Collects the delivery reports of one batch.
class Batch {
 public:
  explicit Batch(std::size_t size) : acknowledged_(size, false), missing_(size) {}
  void Report(std::size_t index, bool ok) {
    const std::lock_guard lock(mutex_);
    acknowledged_[index] = ok;
    failed_ |= !ok;
    if (--missing_ == 0) changed_.notify_all();
  }
  // True when every report came and all are good.
  bool Wait(milliseconds patience) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [this] { return missing_ == 0; }) && !failed_;
  }
  // The acknowledged rows before the first that is not: deleting these keeps the order.
  std::size_t AcknowledgedPrefix() {
    const std::lock_guard lock(mutex_);
    std::size_t n = 0;
    while (n < acknowledged_.size() && acknowledged_[n]) ++n;
    return n;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<bool> acknowledged_;
  std::size_t missing_;
  bool failed_ = false;
};

class OutboxRelay final : public Relay {
 public:
  explicit OutboxRelay(RelayOptions options) : options_(std::move(options)) {
    if (options_.topic.empty()) options_.topic = "karez." + options_.service + ".v1";
    thread_ = std::thread([this] { Run(); });
  }
  ~OutboxRelay() override {
    stop_ = true;
    thread_.join();
  }

 private:
  void Run() {
    while (!stop_) {
      try {
        pg::Connection connection(options_.db_url, options_.password_file,
                                  options_.service + "-relay");
        if (connection.TryLock("relay:" + options_.service)) {
          Publish(connection);
        } else {
          Pause(kRetry);  // another replica is the active relay
        }
      } catch (const std::exception& e) {
        obs::Warning("relay interrupted", {{"error", e.what()}});
        Pause(kRetry);
      }
    }
  }

  void Publish(pg::Connection& connection) {
    while (!stop_) {
      if (!EnsureProducer()) {
        Pause(kRetry);
        continue;
      }
      const auto rows = ReadBatch(connection);
      obs::SetGauge("karez_outbox_oldest_age_seconds",
                    rows.empty() ? 0
                                 : std::chrono::duration<double>(SystemClock().Now() -
                                                                 rows.front().created_at)
                                       .count());
      if (rows.empty()) {
        connection.Wait("outbox", kPoll);
        continue;
      }
      const std::size_t done = Send(rows);
      Delete(connection, rows, done);
      if (done < rows.size()) {
        // Never skip: drop what is in flight and read the table again.
        producer_.reset();
        Pause(kRetry);
      }
    }
  }

  bool EnsureProducer() {
    if (producer_ && !producer_->fatal()) return true;
    auto made = Producer::Create(options_.brokers, options_.service + "-relay");
    if (!made) {
      obs::Error("relay has no producer", {{"error", made.error().message}});
      return false;
    }
    producer_ = *std::move(made);
    return true;
  }

  std::vector<OutboxRow> ReadBatch(pg::Connection& connection) {
    std::vector<OutboxRow> out;
    pg::Tx tx(connection, {});
    for (const auto& row : tx.Exec(kSelectOutbox, kBatch)) {
      OutboxRow item;
      item.tenant = row.Get<std::int32_t>("tenant_id");
      item.id = row.Get<std::int64_t>("id");
      item.created_at = row.Get<Instant>("created_at");
      item.record.topic = options_.topic;
      item.record.key = row.Get<std::string>("key");
      item.record.payload = row.GetBytes("payload");
      item.record.headers = {{"ce_specversion", "1.0"},
                             {"ce_id", row.Get<std::string>("event_id")},
                             {"ce_source", "/" + options_.service},
                             {"ce_type", row.Get<std::string>("type")},
                             {"ce_time", FormatInstant(item.created_at)},
                             {"ce_tenantid", std::to_string(item.tenant)},
                             {"ce_subject", row.Get<std::string>("agg_id")},
                             {"ce_sequence", row.Get<std::string>("agg_version")},
                             {"traceparent", row.Get<std::string>("traceparent")},
                             {"content-type", "application/protobuf"}};
      out.push_back(std::move(item));
    }
    return out;
  }

  // Returns how many rows from the front are safely in Kafka.
  std::size_t Send(const std::vector<OutboxRow>& rows) {
    auto batch = std::make_shared<Batch>(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      while (!producer_->Send(rows[i].record, [batch, i](const std::string& error) {
        if (!error.empty()) obs::Warning("event not delivered", {{"error", error}});
        batch->Report(i, error.empty());
      })) {
        if (stop_) break;
        Pause(milliseconds(10));  // the producer's queue is full
      }
    }
    const auto give_up = std::chrono::steady_clock::now() + kDeliveryPatience;
    while (!batch->Wait(kPoll)) {
      if (stop_ || producer_->fatal() || std::chrono::steady_clock::now() > give_up) break;
    }
    const auto done = batch->AcknowledgedPrefix();
    obs::Count("karez_outbox_published_total", {}, static_cast<double>(done));
    return done;
  }

  static void Delete(pg::Connection& connection, const std::vector<OutboxRow>& rows,
                     std::size_t count) {
    std::vector<std::int32_t> tenants;
    std::vector<std::int64_t> ids;
    for (std::size_t i = 0; i < count; ++i) {
      tenants.push_back(rows[i].tenant);
      ids.push_back(rows[i].id);
    }
    if (ids.empty()) return;
    pg::Tx tx(connection, {});
    tx.Exec(kDeleteOutbox, tenants, ids);
    tx.Commit();
  }

  void Pause(milliseconds time) {
    const auto until = std::chrono::steady_clock::now() + time;
    while (!stop_ && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(milliseconds(10));
    }
  }

  RelayOptions options_;
  std::shared_ptr<Producer> producer_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Relay> Relay::Start(RelayOptions options) {
  return std::make_unique<OutboxRelay>(std::move(options));
}

}  // namespace karez::events

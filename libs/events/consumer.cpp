#include "libs/events/consumer.h"

#include <atomic>
#include <mutex>
#include <thread>

#include "libs/events/inbox.h"
#include "libs/events/source.h"
#include "libs/obs/log.h"
#include "libs/obs/metrics.h"

namespace karez::events {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kRetry{300};
// How long an event waits for the news of its tenant before it is parked.
constexpr milliseconds kTenantPatience{5000};
constexpr const char* kTenantUnknown = "TENANT_UNKNOWN";

// What keeps a message from being applied, and is no reason to set it aside: try again.
struct Transient {
  std::string reason;
};

class KafkaConsumer final : public Consumer {
 public:
  KafkaConsumer(ConsumerOptions options, pg::Pool& pool, pg::TenantDirectory& tenants,
                const Clock& clock)
      : options_(std::move(options)), pool_(pool), tenants_(tenants), clock_(clock) {}
  ~KafkaConsumer() override { Stop(); }

  void OnType(const std::string& topic, const std::string& type, Handler handler) override {
    handlers_[topic][type] = std::move(handler);
  }
  void OnBatch(const std::string& topic, BatchHandler handler) override {
    batch_handlers_[topic] = std::move(handler);
  }

  void Start() override {
    if (handlers_.empty() && batch_handlers_.empty()) return;
    stop_ = false;
    thread_ = std::thread([this] { Run(); });
  }
  void Stop() override {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  std::int64_t lag() const override { return lag_; }

  int Redrive() override {
    std::vector<Parked> parked;
    pool_.RunTransaction({}, [&](pg::Tx& tx) {
      parked = ListParked(tx, options_.name);
      return false;
    });
    int applied = 0;
    std::set<std::string> blocked;  // keys with an event that still fails: later ones wait
    for (const auto& [id, message] : parked) {
      if (blocked.contains(message.topic + message.key)) continue;
      const auto outcome = ApplyOne(message, id);
      if (outcome) {
        ++applied;
      } else {
        blocked.insert(message.topic + message.key);
        pool_.RunTransaction({}, [&](pg::Tx& tx) {
          CountAttempt(tx, id, outcome.error(), clock_.Now());
          return true;
        });
      }
    }
    return applied;
  }

 private:
  void Run() {
    std::vector<std::string> topics;
    for (const auto& [topic, types] : handlers_) topics.push_back(topic);
    for (const auto& [topic, handler] : batch_handlers_) topics.push_back(topic);
    while (!stop_) {
      auto source = Source::Open(options_.brokers, options_.name, topics);
      if (!source) {
        obs::Error("consumer cannot start", {{"error", source.error().message}});
        std::this_thread::sleep_for(kRetry);
        continue;
      }
      while (!stop_) {
        const int limit = batch_handlers_.empty() ? options_.max_batch : options_.max_raw_batch;
        const auto messages = (*source)->Gather(static_cast<std::size_t>(limit), milliseconds(100));
        lag_ = (*source)->Lag();
        obs::SetGauge("karez_consumer_lag_records", static_cast<double>(lag_),
                      {{"consumer", options_.name}});
        if (messages.empty()) continue;
        if (Process(**source, messages)) (*source)->Done(messages);
      }
    }
  }

  // True when every message has been applied or parked; false when the consumer stops before that.
  bool Process(Source& source, const std::vector<Message>& messages) {
    std::map<std::pair<std::string, std::optional<TenantId>>, std::vector<Message>> groups;
    for (const auto& message : messages) {
      groups[{batch_handlers_.contains(message.topic) ? message.topic : "", message.tenant}]
          .push_back(message);
    }
    for (const auto& [group, members] : groups) {
      if (!ProcessGroup(source, members, !group.first.empty())) return false;
    }
    if (tenants_changed_.exchange(false)) Redrive();
    return true;
  }

  bool ProcessGroup(Source& source, const std::vector<Message>& members, bool raw) {
    const auto begun = std::chrono::steady_clock::now();
    while (!stop_) {
      try {
        if (raw) {
          ApplyRaw(members);
        } else if (!ApplyTogether(members, begun)) {
          ApplySingly(members, begun);
        }
        obs::Count("karez_consumed_total", {{"consumer", options_.name}},
                   static_cast<double>(members.size()));
        return true;
      } catch (const Transient& transient) {
        obs::Warning("consumer waits", {{"consumer", options_.name}, {"reason", transient.reason}});
      } catch (const pg::Failure& failure) {
        obs::Warning("consumer waits", {{"consumer", options_.name},
                                        {"sqlstate", failure.sqlstate()},
                                        {"reason", failure.what()}});
      }
      source.Idle(kRetry);
    }
    return false;
  }

  void ApplyRaw(const std::vector<Message>& members) {
    const auto tenant = members.front().tenant ? tenants_.Find(*members.front().tenant) : nullptr;
    if (!tenant) throw Transient{"frames of a tenant that is not known here"};
    const Context context =
        pg::ServiceContext(tenant, options_.service, clock_, members.front().trace);
    const auto result = pool_.Transact(Options(context), [&](pg::Tx& tx) {
      return batch_handlers_.at(members.front().topic)(tx, context, members);
    });
    if (!result) throw Transient{result.error().reason + ": " + result.error().message};
  }

  // The usual case: one transaction for all. False when something in it cannot be applied.
  bool ApplyTogether(const std::vector<Message>& members,
                     std::chrono::steady_clock::time_point begun) {
    std::vector<Message> wanted;
    for (const auto& message : members) {
      if (HandlerOf(message) != nullptr) wanted.push_back(message);
    }
    if (wanted.empty()) return true;
    const auto tenant = TenantOf(wanted.front(), begun);
    if (!tenant) return false;
    const Context context =
        pg::ServiceContext(tenant, options_.service, clock_, wanted.front().trace);
    try {
      const auto result = pool_.Transact(Options(context), [&](pg::Tx& tx) -> Result<void> {
        if (!ParkedKeys(tx, options_.name, wanted).empty()) {
          return Fail(Code::kAborted, "BEHIND_PARKED", "");
        }
        auto fresh = Claim(tx, options_.name, tenant->id, wanted, clock_.Now());
        for (const auto& message : wanted) {
          if (fresh.erase(message.id) == 0) continue;  // applied before, or twice in this batch
          RETURN_IF_ERROR((*HandlerOf(message))(tx, WithTrace(context, message), message));
        }
        return {};
      });
      return result.has_value();
    } catch (const pg::Failure& failure) {
      if (failure.retryable()) throw;
      return false;
    } catch (const std::exception&) {
      return false;
    }
  }

  // One transaction each, so that only what fails is parked, with what came after it for its key.
  void ApplySingly(const std::vector<Message>& members,
                   std::chrono::steady_clock::time_point begun) {
    for (const auto& message : members) {
      if (HandlerOf(message) == nullptr) continue;
      std::string reason;
      if (IsBehindParked(message)) {
        reason = "BEHIND_PARKED: an earlier event of this key is parked.";
      } else if (TenantOf(message, begun) == nullptr) {
        reason = std::string(kTenantUnknown) + ": identity has not announced the tenant.";
      } else if (const auto outcome = ApplyOne(message, std::nullopt); !outcome) {
        reason = outcome.error();
      }
      if (!reason.empty()) ParkOne(message, reason);
    }
  }

  // Applies one message; with `parked` it is taken off the parked list in the same transaction.
  // The error is the reason to park it; Transient and connection failures are thrown.
  tl::expected<void, std::string> ApplyOne(const Message& message,
                                           std::optional<std::int64_t> parked) {
    const auto* handler = HandlerOf(message);
    const auto tenant = TenantOf(message, {});
    if (handler == nullptr || !tenant) return tl::make_unexpected(std::string(kTenantUnknown));
    const Context context = pg::ServiceContext(tenant, options_.service, clock_, message.trace);
    try {
      const auto result = pool_.Transact(Options(context), [&](pg::Tx& tx) -> Result<void> {
        if (parked) Unpark(tx, *parked);
        if (Claim(tx, options_.name, tenant->id, {&message, 1}, clock_.Now()).empty()) return {};
        return (*handler)(tx, context, message);
      });
      if (result) return {};
      return tl::make_unexpected(result.error().reason + ": " + result.error().message);
    } catch (const pg::Failure& failure) {
      if (failure.retryable()) throw;
      return tl::make_unexpected(failure.sqlstate() + ": " + failure.what());
    } catch (const std::exception& e) {
      return tl::make_unexpected(std::string("FAILED: ") + e.what());
    }
  }

  bool IsBehindParked(const Message& message) {
    bool behind = false;
    pool_.RunTransaction({}, [&](pg::Tx& tx) {
      behind = !ParkedKeys(tx, options_.name, {&message, 1}).empty();
      return false;
    });
    return behind;
  }

  void ParkOne(const Message& message, const std::string& reason) {
    obs::Error("event parked", {{"consumer", options_.name},
                                {"topic", message.topic},
                                {"type", message.type},
                                {"reason", reason},
                                obs::LogField(message.trace)});
    obs::Count("karez_parked_events_total", {{"consumer", options_.name}});
    pool_.RunTransaction({}, [&](pg::Tx& tx) {
      Park(tx, options_.name, message, reason, clock_.Now());
      return true;
    });
  }

  const Handler* HandlerOf(const Message& message) const {
    const auto topic = handlers_.find(message.topic);
    if (topic == handlers_.end()) return nullptr;
    const auto handler = topic->second.find(message.type);
    return handler == topic->second.end() ? nullptr : &handler->second;
  }

  // The tenant; a stand-in for the event that announces it; null when it is unknown after patience.
  std::shared_ptr<const Tenant> TenantOf(const Message& message,
                                         std::chrono::steady_clock::time_point begun) {
    if (!message.tenant) return nullptr;
    if (auto tenant = tenants_.Find(*message.tenant)) return tenant;
    if (message.type == "karez.identity.v1.TenantChanged") {
      tenants_changed_ = true;
      auto stand_in = std::make_shared<Tenant>();
      stand_in->id = *message.tenant;
      return stand_in;
    }
    const bool patient = begun.time_since_epoch().count() != 0 &&
                         std::chrono::steady_clock::now() - begun < kTenantPatience;
    if (patient) throw Transient{kTenantUnknown};
    return nullptr;
  }

  pg::TxOptions Options(const Context& context) const {
    return {.tenant = context.tenant_id(), .trace = context.trace()};
  }
  Context WithTrace(const Context& context, const Message& message) const {
    return Context(std::make_shared<Tenant>(context.tenant()), context.principal(), Uuid(),
                   message.trace, context.deadline(), clock_);
  }

  ConsumerOptions options_;
  pg::Pool& pool_;
  pg::TenantDirectory& tenants_;
  const Clock& clock_;
  std::map<std::string, std::map<std::string, Handler>> handlers_;
  std::map<std::string, BatchHandler> batch_handlers_;
  std::atomic<bool> stop_ = false;
  std::atomic<bool> tenants_changed_ = false;
  std::atomic<std::int64_t> lag_ = 0;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Consumer> Consumer::Create(ConsumerOptions options, pg::Pool& pool,
                                           pg::TenantDirectory& tenants, const Clock& clock) {
  return std::make_unique<KafkaConsumer>(std::move(options), pool, tenants, clock);
}

}  // namespace karez::events

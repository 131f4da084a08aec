#include "libs/jobs/runner.h"

#include <atomic>
#include <map>
#include <thread>

#include "libs/jobs/operation_store.h"
#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "libs/pg/connection.h"

namespace karez::jobs {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kPoll{200};
constexpr milliseconds kRetry{500};

constexpr pg::Query kRunningOperations{"jobs.running_operations", R"sql(
  SELECT id, kind FROM operation WHERE tenant_id = $1 AND state = 'running' ORDER BY id)sql"};

constexpr pg::Query kLockOperation{"jobs.lock_operation", R"sql(
  SELECT id, kind, state, done, total, step, request, cursor, result::text AS result, error, caller,
         caller_name, traceparent, created_at, updated_at
    FROM operation WHERE tenant_id = $1 AND id = $2 AND state = 'running' FOR UPDATE)sql"};

constexpr pg::Query kUpdateOperation{"jobs.update_operation", R"sql(
  UPDATE operation
     SET state = $3, done = $4, total = $5, step = $6, cursor = $7, result = $8, error = $9,
         updated_at = $10, version = version + 1
   WHERE tenant_id = $1 AND id = $2)sql"};

constexpr pg::Query kPruneRequests{"jobs.prune_requests", R"sql(
  DELETE FROM request_log WHERE tenant_id = $1 AND created_at < $2)sql"};

constexpr pg::Query kPruneInbox{"jobs.prune_inbox", R"sql(
  DELETE FROM inbox WHERE tenant_id = $1 AND received_at < $2)sql"};

void Save(pg::Tx& tx, const Context& context, const Operation& operation) {
  tx.Exec(kUpdateOperation, context.tenant_id(), operation.id, StateName(operation.state),
          operation.done, operation.total, operation.step, operation.cursor, operation.result,
          operation.error, context.Now());
}

class PgRunner final : public Runner {
 public:
  PgRunner(std::string service, pg::Pool& pool, pg::TenantDirectory& tenants, const Clock& clock)
      : service_(std::move(service)), pool_(pool), tenants_(tenants), clock_(clock) {
    // Answers are kept 90 days; the inbox twice as long as Kafka keeps events.
    Every("prune", std::chrono::hours(6), [](pg::Tx& tx, const Context& context) -> Result<void> {
      tx.Exec(kPruneRequests, context.tenant_id(), context.Now() - std::chrono::days(90));
      tx.Exec(kPruneInbox, context.tenant_id(), context.Now() - std::chrono::days(14));
      return {};
    });
  }
  ~PgRunner() override { Stop(); }

  void On(const std::string& kind, Step step) override { steps_[kind] = std::move(step); }
  void Every(const std::string& name, std::chrono::seconds period, Regular work) override {
    regular_.push_back({name, period, std::move(work), {}});
  }
  void Start() override {
    stop_ = false;
    thread_ = std::thread([this] { Run(); });
  }
  void Stop() override {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }

 private:
  struct RegularWork {
    std::string name;
    std::chrono::seconds period;
    Regular work;
    std::map<TenantId, steady_clock::time_point> last;
  };

  void Run() {
    while (!stop_) {
      try {
        pg::Connection leader(pool_.options().url, pool_.options().password_file,
                              service_ + "-jobs");
        if (!leader.TryLock("jobs:" + service_)) {
          Pause(kRetry);
          continue;
        }
        while (!stop_) {
          if (!RunRound()) Pause(kPoll);
          // The lock is lost with its connection: someone else may lead then.
          if (!leader.Ping()) break;
        }
      } catch (const std::exception& e) {
        obs::Warning("job runner interrupted", {{"error", e.what()}});
        Pause(kRetry);
      }
    }
  }

  // One step of each running operation. False when there was nothing to do.
  bool RunRound() {
    bool worked = false;
    for (const auto& tenant : tenants_.Active()) {
      const Context context =
          pg::ServiceContext(tenant, service_, clock_, Trace::New(), std::chrono::minutes(5));
      std::vector<std::pair<OperationId, std::string>> running;
      pool_.RunTransaction({.tenant = tenant->id}, [&](pg::Tx& tx) {
        running.clear();
        for (const auto& row : tx.Exec(kRunningOperations, tenant->id)) {
          running.emplace_back(row.Get<OperationId>("id"), row.Get<std::string>("kind"));
        }
        return false;
      });
      for (const auto& [id, kind] : running) {
        if (stop_) return true;
        worked |= RunStep(context, id, kind);
      }
      RunRegular(context);
    }
    return worked;
  }

  bool RunStep(const Context& context, OperationId id, const std::string& kind) {
    const auto step = steps_.find(kind);
    if (step == steps_.end()) return false;
    try {
      std::optional<Error> refused;
      pool_.RunTransaction({.tenant = context.tenant_id(), .trace = context.trace()},
                           [&](pg::Tx& tx) {
                             refused = StepInTransaction(tx, context, id, step->second);
                             return !refused;
                           });
      if (refused) FailOperation(context, id, *refused);
      return true;
    } catch (const std::exception& e) {
      obs::Error("job step failed, will be tried again",
                 {{"kind", kind}, {"operation", id.str()}, {"error", e.what()}});
      obs::Count("karez_job_step_errors_total", {{"kind", kind}});
      return false;
    }
  }

  std::optional<Error> StepInTransaction(pg::Tx& tx, const Context& context, OperationId id,
                                         const Step& step) {
    const auto rows = tx.Exec(kLockOperation, context.tenant_id(), id);
    if (rows.empty()) return std::nullopt;
    Operation operation = OperationFromRow(rows[0]);
    // The effects carry the trace and the name of who asked.
    Principal caller = context.principal();
    caller.subject = operation.caller;
    caller.name = operation.caller_name;
    caller.via = service_;
    const Context mine(std::make_shared<Tenant>(context.tenant()), caller, Uuid(),
                       operation.trace.Child(), context.deadline(), clock_);
    const auto progress = step(tx, mine, operation);
    if (!progress) return progress.error();
    if (*progress == Progress::kDone) operation.state = State::kSucceeded;
    if (*progress == Progress::kWait) operation.state = State::kWaiting;
    Save(tx, context, operation);
    if (operation.state != State::kRunning) {
      obs::Info("operation ended", {{"kind", operation.kind},
                                    {"operation", id.str()},
                                    {"state", StateName(operation.state)},
                                    {"done", operation.done},
                                    obs::LogField(operation.trace)});
    }
    return std::nullopt;
  }

  void FailOperation(const Context& context, OperationId id, const Error& error) {
    pool_.RunTransaction({.tenant = context.tenant_id()}, [&](pg::Tx& tx) {
      const auto rows = tx.Exec(kLockOperation, context.tenant_id(), id);
      if (rows.empty()) return false;
      Operation operation = OperationFromRow(rows[0]);
      operation.state = State::kFailed;
      operation.error = error.reason + ": " + error.message;
      Save(tx, context, operation);
      return true;
    });
  }

  void RunRegular(const Context& context) {
    for (auto& regular : regular_) {
      auto& last = regular.last[context.tenant_id()];
      if (last != steady_clock::time_point() && steady_clock::now() - last < regular.period) {
        continue;
      }
      last = steady_clock::now();
      const auto result = pool_.Transact({.tenant = context.tenant_id(), .trace = context.trace()},
                                         [&](pg::Tx& tx) { return regular.work(tx, context); });
      if (!result) {
        obs::Error("regular work failed",
                   {{"name", regular.name}, {"reason", result.error().reason}});
      }
    }
  }

  void Pause(milliseconds time) {
    const auto until = steady_clock::now() + time;
    while (!stop_ && steady_clock::now() < until) {
      std::this_thread::sleep_for(milliseconds(10));
    }
  }

  std::string service_;
  pg::Pool& pool_;
  pg::TenantDirectory& tenants_;
  const Clock& clock_;
  std::map<std::string, Step> steps_;
  std::vector<RegularWork> regular_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Runner> Runner::Create(const std::string& service, pg::Pool& pool,
                                       pg::TenantDirectory& tenants, const Clock& clock) {
  return std::make_unique<PgRunner>(service, pool, tenants, clock);
}

}  // namespace karez::jobs

// Runs the operations of one service: one active runner a service (session advisory lock), one step
// of each running operation in turn, so that a long one does not hold up the others.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "libs/base/context.h"
#include "libs/jobs/operation.h"
#include "libs/pg/pool.h"
#include "libs/pg/tenant_directory.h"

namespace karez::jobs {

enum class Progress {
  kMore,  // call again
  kDone,  // succeeded
  kWait,  // a person must decide; Resume() goes on
};

class Runner {
 public:
  // One step in its own transaction. Changes operation.done/total/step/cursor/result as it goes; a
  // refusal fails the operation with the message, an exception leaves it for the next try.
  using Step = std::function<Result<Progress>(pg::Tx&, const Context&, Operation&)>;
  // Regular work, once per tenant and period, in its own transaction.
  using Regular = std::function<Result<void>(pg::Tx&, const Context&)>;

  static std::unique_ptr<Runner> Create(const std::string& service, pg::Pool& pool,
                                        pg::TenantDirectory& tenants, const Clock& clock);
  virtual ~Runner() = default;  // stops after the step under way

  // Register before Start.
  virtual void On(const std::string& kind, Step step) = 0;
  virtual void Every(const std::string& name, std::chrono::seconds period, Regular work) = 0;
  virtual void Start() = 0;
  virtual void Stop() = 0;
};

}  // namespace karez::jobs

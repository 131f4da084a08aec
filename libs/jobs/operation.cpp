#include "libs/jobs/operation.h"

#include "libs/jobs/operation_store.h"

namespace karez::jobs {
namespace {

constexpr pg::Query kInsertOperation{"jobs.insert_operation", R"sql(
  INSERT INTO operation (tenant_id, id, kind, state, total, request, caller, caller_name,
                         traceparent, created_at, updated_at)
  VALUES ($1, $2, $3, 'running', $4, $5, $6, $7, $8, $9, $9))sql"};

constexpr pg::Query kGetOperation{"jobs.get_operation", R"sql(
  SELECT id, kind, state, done, total, step, request, cursor, result::text AS result, error, caller,
         caller_name, traceparent, created_at, updated_at
    FROM operation WHERE tenant_id = $1 AND id = $2)sql"};

constexpr pg::Query kListOperations{"jobs.list_operations", R"sql(
  SELECT id, kind, state, done, total, step, request, cursor, result::text AS result, error, caller,
         caller_name, traceparent, created_at, updated_at
    FROM operation WHERE tenant_id = $1 AND ($2 = '' OR kind = $2)
   ORDER BY id DESC LIMIT $3)sql"};

constexpr pg::Query kResumeOperation{"jobs.resume_operation", R"sql(
  UPDATE operation SET state = 'running', updated_at = $3, version = version + 1
   WHERE tenant_id = $1 AND id = $2 AND state = 'waiting')sql"};

}  // namespace

std::string StateName(State state) {
  switch (state) {
    case State::kRunning:
      return "running";
    case State::kWaiting:
      return "waiting";
    case State::kSucceeded:
      return "succeeded";
    case State::kFailed:
      return "failed";
    case State::kCancelled:
      return "cancelled";
  }
  return "failed";
}

Operation OperationFromRow(const pg::Row& row) {
  Operation operation;
  operation.id = row.Get<OperationId>("id");
  operation.kind = row.Get<std::string>("kind");
  const auto state = row.Get<std::string>("state");
  for (const State candidate :
       {State::kRunning, State::kWaiting, State::kSucceeded, State::kFailed, State::kCancelled}) {
    if (StateName(candidate) == state) operation.state = candidate;
  }
  operation.done = row.Get<std::int64_t>("done");
  operation.total = row.Get<std::int64_t>("total");
  operation.step = row.Get<std::string>("step");
  operation.request = row.GetBytes("request");
  operation.cursor = row.Get<std::string>("cursor");
  operation.result = row.Get<std::string>("result");
  operation.error = row.Get<std::string>("error");
  operation.caller = row.Get<std::string>("caller");
  operation.caller_name = row.Get<std::string>("caller_name");
  operation.trace = Trace::FromTraceparent(row.Get<std::string>("traceparent"));
  operation.created_at = row.Get<Instant>("created_at");
  operation.updated_at = row.Get<Instant>("updated_at");
  return operation;
}

Operation Begin(pg::Tx& tx, const Context& context, const std::string& kind,
                const google::protobuf::Message& request, std::int64_t total, OperationId id) {
  tx.Exec(kInsertOperation, context.tenant_id(), id, kind, total,
          pg::Bytes{request.SerializeAsString()}, context.principal().subject,
          context.principal().name, context.trace().traceparent(), context.Now());
  return OperationFromRow(tx.Exec(kGetOperation, context.tenant_id(), id).One());
}

Result<Operation> Get(pg::Tx& tx, const Context& context, OperationId id) {
  const auto rows = tx.Exec(kGetOperation, context.tenant_id(), id);
  if (rows.empty()) {
    return Fail(Code::kNotFound, "OPERATION_NOT_FOUND", "There is no such operation.");
  }
  return OperationFromRow(rows[0]);
}

std::vector<Operation> List(pg::Tx& tx, const Context& context, const std::string& kind,
                            int limit) {
  std::vector<Operation> out;
  for (const auto& row : tx.Exec(kListOperations, context.tenant_id(), kind, limit)) {
    out.push_back(OperationFromRow(row));
  }
  return out;
}

Result<void> Resume(pg::Tx& tx, const Context& context, OperationId id) {
  RETURN_IF_ERROR(Get(tx, context, id));
  tx.Exec(kResumeOperation, context.tenant_id(), id, context.Now());
  return {};
}

}  // namespace karez::jobs

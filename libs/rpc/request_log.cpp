#include "libs/rpc/request_log.h"

#include <algorithm>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "libs/auth/secrets.h"
#include "libs/base/assert.h"

namespace karez::rpc {
namespace {

constexpr pg::Query kClaimRequest{"rpc.claim_request", R"sql(
  INSERT INTO request_log (tenant_id, principal, method, request_id, request_hash, created_at)
  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING)sql"};

constexpr pg::Query kFindRequest{"rpc.find_request", R"sql(
  SELECT request_hash, response FROM request_log
   WHERE tenant_id = $1 AND principal = $2 AND method = $3 AND request_id = $4)sql"};

constexpr pg::Query kStoreAnswer{"rpc.store_answer", R"sql(
  UPDATE request_log SET response = $5
   WHERE tenant_id = $1 AND principal = $2 AND method = $3 AND request_id = $4)sql"};

std::string Hash(const google::protobuf::Message& request) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  request.SerializeToCodedStream(&coded);
  coded.Trim();
  return auth::Sha256(bytes);
}

}  // namespace

Result<bool> ClaimRequest(pg::Tx& tx, const Context& context, const std::string& method,
                          const google::protobuf::Message& request,
                          google::protobuf::Message& response) {
  const std::string hash = Hash(request);
  const auto& caller = context.principal().subject;
  const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(context.deadline() -
                                                                              SystemClock().Now());
  tx.LimitLockWait(std::max(patience, std::chrono::milliseconds(1)));
  const auto claimed = tx.Exec(kClaimRequest, context.tenant_id(), caller, method,
                               context.request_id(), pg::Bytes{hash}, context.Now());
  tx.LimitLockWait(std::chrono::milliseconds(0));
  if (claimed.affected() == 1) return false;
  const auto rows =
      tx.Exec(kFindRequest, context.tenant_id(), caller, method, context.request_id());
  const auto first = rows.One();  // reads from `rows`
  if (first.GetBytes("request_hash") != hash) {
    return Fail(Code::kInvalidArgument, "REQUEST_ID_REUSED",
                "This request_id was used before with other content. Use a new UUID for a new "
                "request.");
  }
  const bool parsed = response.ParseFromString(first.GetBytes("response"));
  KAREZ_ASSERT(parsed);
  return true;
}

void StoreAnswer(pg::Tx& tx, const Context& context, const std::string& method,
                 const google::protobuf::Message& response) {
  tx.Exec(kStoreAnswer, context.tenant_id(), context.principal().subject, method,
          context.request_id(), pg::Bytes{response.SerializeAsString()});
}

Result<Uuid> RequestIdOf(const google::protobuf::Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("request_id");
  KAREZ_ASSERT(field != nullptr);  // every changing RPC has one
  const auto text = request.GetReflection()->GetString(request, field);
  const auto id = Uuid::Parse(text);
  if (!id || id->is_nil()) {
    return FailField("request_id",
                     text.empty() ? "Is missing. Send a UUID of your own (or the header "
                                    "Idempotency-Key), the same one when you try again."
                                  : "Must be a UUID such as 0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b.");
  }
  return *id;
}

}  // namespace karez::rpc

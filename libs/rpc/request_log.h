// Stored answers of changing calls, so that the same request_id gets the first answer. Inside
// libs/rpc only.
#pragma once

#include <string>

#include <google/protobuf/message.h>

#include "libs/base/context.h"
#include "libs/pg/tx.h"

namespace karez::rpc {

// Claims the request id of the context for this transaction. True: it was answered before, and
// `response` holds that answer. Waits, until the deadline, for a twin that is under way.
// INVALID_ARGUMENT REQUEST_ID_REUSED when the id was used with other content.
Result<bool> ClaimRequest(pg::Tx& tx, const Context& context, const std::string& method,
                          const google::protobuf::Message& request,
                          google::protobuf::Message& response);

void StoreAnswer(pg::Tx& tx, const Context& context, const std::string& method,
                 const google::protobuf::Message& response);

// The request's `request_id`; INVALID_ARGUMENT when it is missing or no UUID.
Result<Uuid> RequestIdOf(const google::protobuf::Message& request);

}  // namespace karez::rpc

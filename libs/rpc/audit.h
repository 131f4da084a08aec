// The audit record of a call. Inside libs/rpc, and for identity's sign-in, which has no caller yet.
#pragma once

#include <string>

#include <google/protobuf/message.h>

#include "libs/base/context.h"
#include "libs/pg/tx.h"

namespace karez::rpc {

// Publishes the record in the caller's transaction. `method`: full RPC name; `outcome`: "OK" or the
// reason of the refusal. Personal fields of the request are left out.
void PublishAudit(pg::Tx& tx, const Context& context, const std::string& service,
                  const std::string& method, const google::protobuf::Message& request,
                  const std::string& outcome);

// A copy of the message as JSON without its personal fields, cut at 4 KiB.
std::string RedactedJson(const google::protobuf::Message& message);

}  // namespace karez::rpc

// From a protobuf event to what Tx::Publish takes.
#pragma once

#include <string>

#include <google/protobuf/message.h>

#include "libs/pg/tx.h"

namespace karez::events {

// tx.Publish(events::MakeFact("account", account.id.value(), account.version, event));
pg::Fact MakeFact(std::string aggregate_type, const Uuid& aggregate_id, std::int64_t version,
                  const google::protobuf::Message& event);

}  // namespace karez::events

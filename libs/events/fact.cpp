#include "libs/events/fact.h"

namespace karez::events {

pg::Fact MakeFact(std::string aggregate_type, const Uuid& aggregate_id, std::int64_t version,
                  const google::protobuf::Message& event) {
  return {std::string(event.GetDescriptor()->full_name()), std::move(aggregate_type), aggregate_id,
          version, event.SerializeAsString()};
}

}  // namespace karez::events

#include "libs/events/inbox.h"

#include <nlohmann/json.hpp>

namespace karez::events {
namespace {

constexpr pg::Query kClaim{"events.claim", R"sql(
  INSERT INTO inbox (tenant_id, consumer, event_id, received_at)
  SELECT $1, $2, event_id, $4 FROM unnest($3::uuid[]) AS event_id ORDER BY event_id
  ON CONFLICT DO NOTHING RETURNING event_id)sql"};

constexpr pg::Query kParkedKeys{"events.parked_keys", R"sql(
  SELECT DISTINCT key FROM parked_event
   WHERE consumer = $1 AND topic = $2 AND key = ANY($3::text[]))sql"};

constexpr pg::Query kPark{"events.park", R"sql(
  INSERT INTO parked_event (consumer, topic, partition, "offset", key, tenant_id, headers, payload,
                            reason, attempts, first_at, last_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $10)
  ON CONFLICT (consumer, topic, partition, "offset") DO NOTHING)sql"};

constexpr pg::Query kListParked{"events.list_parked", R"sql(
  SELECT id, topic, partition, "offset", key, tenant_id, headers::text AS headers, payload
    FROM parked_event WHERE consumer = $1 ORDER BY id)sql"};

constexpr pg::Query kUnpark{"events.unpark", "DELETE FROM parked_event WHERE id = $1"};

constexpr pg::Query kCountAttempt{"events.count_attempt", R"sql(
  UPDATE parked_event SET attempts = attempts + 1, reason = $2, last_at = $3 WHERE id = $1)sql"};

}  // namespace

std::set<Uuid> Claim(pg::Tx& tx, const std::string& consumer, TenantId tenant,
                     std::span<const Message> messages, Instant now) {
  std::vector<Uuid> ids;
  for (const auto& message : messages) ids.push_back(message.id);
  std::set<Uuid> fresh;
  for (const auto& row : tx.Exec(kClaim, tenant, consumer, ids, now)) {
    fresh.insert(row.Get<Uuid>("event_id"));
  }
  return fresh;
}

std::set<std::string> ParkedKeys(pg::Tx& tx, const std::string& consumer,
                                 std::span<const Message> messages) {
  std::map<std::string, std::vector<std::string>> by_topic;
  for (const auto& message : messages) by_topic[message.topic].push_back(message.key);
  std::set<std::string> keys;
  for (const auto& [topic, candidates] : by_topic) {
    for (const auto& row : tx.Exec(kParkedKeys, consumer, topic, candidates)) {
      keys.insert(row.Get<std::string>("key"));
    }
  }
  return keys;
}

void Park(pg::Tx& tx, const std::string& consumer, const Message& message,
          const std::string& reason, Instant now) {
  tx.Exec(kPark, consumer, message.topic, message.partition, message.offset, message.key,
          message.tenant, nlohmann::json(message.headers).dump(), pg::Bytes{message.payload},
          reason, now);
}

std::vector<Parked> ListParked(pg::Tx& tx, const std::string& consumer) {
  std::vector<Parked> out;
  for (const auto& row : tx.Exec(kListParked, consumer)) {
    Parked parked;
    parked.id = row.Get<std::int64_t>("id");
    auto& message = parked.message;
    message.topic = row.Get<std::string>("topic");
    message.partition = row.Get<std::int32_t>("partition");
    message.offset = row.Get<std::int64_t>("offset");
    message.key = row.Get<std::string>("key");
    message.tenant = row.Get<std::optional<std::int32_t>>("tenant_id");
    message.headers = nlohmann::json::parse(row.Get<std::string>("headers"))
                          .get<std::map<std::string, std::string>>();
    message.payload = row.GetBytes("payload");
    FillFromHeaders(message);
    out.push_back(std::move(parked));
  }
  return out;
}

void Unpark(pg::Tx& tx, std::int64_t id) { tx.Exec(kUnpark, id); }

void CountAttempt(pg::Tx& tx, std::int64_t id, const std::string& reason, Instant now) {
  tx.Exec(kCountAttempt, id, reason, now);
}

}  // namespace karez::events

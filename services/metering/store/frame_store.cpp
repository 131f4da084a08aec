#include "services/metering/store/frame_store.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace karez::metering::store {
namespace {

// Sorted, so that two writers never wait for each other in a circle.
constexpr pg::Query kClaim{"metering.claim_frames", R"sql(
  INSERT INTO frame_key (tenant_id, key, frame_id, received_on)
  SELECT $1, key, frame_id, received_on
    FROM unnest($2::uuid[], $3::uuid[], $4::date[]) AS claimed (key, frame_id, received_on)
   ORDER BY key, frame_id
      ON CONFLICT DO NOTHING
  RETURNING key, frame_id)sql"};

constexpr pg::Query kOwners{"metering.frame_key_owners", R"sql(
  SELECT key, frame_id FROM frame_key WHERE tenant_id = $1 AND key = ANY($2::uuid[]))sql"};

constexpr pg::Query kInsertFrames{"metering.insert_frames", R"sql(
  INSERT INTO frame (tenant_id, received_at, id, terminal_number, device_address, meter_id,
                     outcome, payload)
  SELECT $1, received_at, id, terminal_number, device_address, meter_id, outcome, payload
    FROM unnest($2::timestamptz[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::text[],
                $8::bytea[])
         AS f (received_at, id, terminal_number, device_address, meter_id, outcome, payload)
  RETURNING tenant_id)sql"};

constexpr pg::Query kInsertQuarantine{"metering.insert_quarantine", R"sql(
  INSERT INTO quarantine (tenant_id, id, received_at, terminal_number, device_address, reason,
                          detail, payload)
  SELECT $1, id, received_at, terminal_number, device_address, reason, detail, payload
    FROM unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[],
                $8::bytea[])
         AS q (id, received_at, terminal_number, device_address, reason, detail, payload)
  RETURNING tenant_id)sql"};

constexpr pg::Query kRaiseAccount{"metering.raise_frame_account", R"sql(
  INSERT INTO frame_account AS a (tenant_id, day, outcome, reason, frames)
  SELECT $1, day, outcome, reason, frames
    FROM unnest($2::date[], $3::text[], $4::text[], $5::bigint[])
         AS added (day, outcome, reason, frames)
   ORDER BY day, outcome, reason
      ON CONFLICT (tenant_id, day, outcome, reason) DO UPDATE
     SET frames = a.frames + excluded.frames)sql"};

constexpr pg::Query kListAccounts{"metering.list_frame_accounts", R"sql(
  SELECT day, outcome, reason, frames
    FROM frame_account
   WHERE tenant_id = $1 AND day BETWEEN $2 AND $3
   ORDER BY day)sql"};

constexpr pg::Query kListQuarantine{"metering.list_quarantine", R"sql(
  SELECT id, received_at, terminal_number, device_address, reason, detail, payload
    FROM quarantine
   WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id < $2)
   ORDER BY id DESC
   LIMIT $3)sql"};

constexpr pg::Query kListQuarantineReason{"metering.list_quarantine_reason", R"sql(
  SELECT id, received_at, terminal_number, device_address, reason, detail, payload
    FROM quarantine
   WHERE tenant_id = $1 AND reason = $2 AND ($3::uuid IS NULL OR id < $3)
   ORDER BY id DESC
   LIMIT $4)sql"};

constexpr pg::Query kPrune{"metering.prune_frame_keys", R"sql(
  DELETE FROM frame_key WHERE tenant_id = $1 AND received_on < $2)sql"};

using Owners = std::unordered_map<Uuid, Uuid>;  // key -> frame

Owners Insert(pg::Tx& tx, const Context& context, std::span<const FrameClaim> claims) {
  std::vector<Uuid> keys;
  std::vector<domain::FrameId> frames;
  std::vector<LocalDate> days;
  for (const FrameClaim& claim : claims) {
    keys.push_back(claim.key);
    frames.push_back(claim.frame_id);
    days.push_back(claim.received_on);
  }
  Owners inserted;
  for (const pg::Row row : tx.Exec(kClaim, context.tenant_id(), keys, frames, days)) {
    inserted.emplace(row.Get<Uuid>("key"), row.Get<Uuid>("frame_id"));
  }
  return inserted;
}

void RaiseAccount(pg::Tx& tx, const Context& context, std::span<const JudgedFrame> frames) {
  std::map<std::tuple<LocalDate, std::string, std::string>, std::int64_t> added;
  for (const JudgedFrame& judged : frames) {
    const LocalDate day = context.tenant().zone.DateOf(judged.frame->received_at);
    ++added[{day, "received", ""}];
    ++added[{day, Name(judged.result.outcome), judged.result.reason}];
  }
  std::vector<LocalDate> days;
  std::vector<std::string> outcomes, reasons;
  std::vector<std::int64_t> counts;
  for (const auto& [key, count] : added) {
    days.push_back(std::get<0>(key));
    outcomes.push_back(std::get<1>(key));
    reasons.push_back(std::get<2>(key));
    counts.push_back(count);
  }
  tx.Exec(kRaiseAccount, context.tenant_id(), days, outcomes, reasons, counts);
}

void InsertQuarantine(pg::Tx& tx, const Context& context, std::span<const JudgedFrame> frames) {
  std::vector<domain::FrameId> ids;
  std::vector<Instant> times;
  std::vector<std::string> terminals, addresses, reasons, details;
  std::vector<pg::Bytes> payloads;
  for (const JudgedFrame& judged : frames) {
    if (judged.result.outcome != domain::Outcome::kQuarantined) continue;
    ids.push_back(judged.frame->id);
    times.push_back(judged.frame->received_at);
    terminals.push_back(judged.frame->terminal_number);
    addresses.push_back(judged.frame->device_address);
    reasons.push_back(judged.result.reason);
    details.push_back(judged.result.detail);
    payloads.push_back({judged.frame->payload});
  }
  if (ids.empty()) return;
  tx.Exec(kInsertQuarantine, context.tenant_id(), ids, times, terminals, addresses, reasons,
          details, payloads);
}

}  // namespace

std::vector<Claim> ClaimFrames(pg::Tx& tx, const Context& context,
                               std::span<const FrameClaim> claims) {
  std::vector<Claim> answers(claims.size(), Claim::kNew);
  Owners mine = Insert(tx, context, claims);
  std::vector<Uuid> taken;
  std::vector<std::size_t> open;  // claims whose key somebody else has, or had before
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const auto found = mine.find(claims[i].key);
    if (found != mine.end() && found->second == claims[i].frame_id.value()) {
      mine.erase(found);  // the same frame twice in one batch is new once
      continue;
    }
    open.push_back(i);
    taken.push_back(claims[i].key);
  }
  if (open.empty()) return answers;
  Owners owners;
  for (const pg::Row row : tx.Exec(kOwners, context.tenant_id(), taken)) {
    owners.emplace(row.Get<Uuid>("key"), row.Get<Uuid>("frame_id"));
  }
  std::vector<FrameClaim> duplicates;
  for (const std::size_t i : open) {
    const auto owner = owners.find(claims[i].key);
    const bool own = owner != owners.end() && owner->second == claims[i].frame_id.value();
    answers[i] = own ? Claim::kSeen : Claim::kDuplicate;
    if (own) continue;
    duplicates.push_back({claims[i].frame_id.value(), claims[i].frame_id, claims[i].received_on});
  }
  if (duplicates.empty()) return answers;
  const Owners first_seen = Insert(tx, context, duplicates);
  for (const std::size_t i : open) {
    if (answers[i] == Claim::kDuplicate && !first_seen.contains(claims[i].frame_id.value())) {
      answers[i] = Claim::kSeen;
    }
  }
  return answers;
}

void SaveFrames(pg::Tx& tx, const Context& context, std::span<const JudgedFrame> frames) {
  if (frames.empty()) return;
  std::vector<Instant> times;
  std::vector<domain::FrameId> ids;
  std::vector<std::string> terminals, addresses, outcomes;
  std::vector<std::optional<domain::MeterId>> meters;
  std::vector<pg::Bytes> payloads;
  for (const JudgedFrame& judged : frames) {
    times.push_back(judged.frame->received_at);
    ids.push_back(judged.frame->id);
    terminals.push_back(judged.frame->terminal_number);
    addresses.push_back(judged.frame->device_address);
    meters.push_back(judged.result.meter_id);
    outcomes.push_back(Name(judged.result.outcome));
    payloads.push_back({judged.frame->payload});
  }
  tx.Exec(kInsertFrames, context.tenant_id(), times, ids, terminals, addresses, meters, outcomes,
          payloads);
  InsertQuarantine(tx, context, frames);
  RaiseAccount(tx, context, frames);
}

std::vector<FrameAccount> ListFrameAccounts(pg::Tx& tx, const Context& context, LocalDate from,
                                            LocalDate to) {
  std::vector<FrameAccount> out;
  for (const pg::Row row : tx.Exec(kListAccounts, context.tenant_id(), from, to)) {
    const auto day = row.Get<LocalDate>("day");
    if (out.empty() || out.back().day != day) out.push_back({day, 0, 0, 0, {}});
    FrameAccount& account = out.back();
    const auto outcome = row.Get<std::string>("outcome");
    const auto frames = row.Get<std::int64_t>("frames");
    if (outcome == "received") account.received = frames;
    if (outcome == "stored") account.stored = frames;
    if (outcome == "duplicate") account.duplicate = frames;
    if (outcome == "quarantined") account.quarantined[row.Get<std::string>("reason")] = frames;
  }
  return out;
}

std::vector<QuarantinedFrame> ListQuarantine(pg::Tx& tx, const Context& context,
                                             const std::string& reason,
                                             const std::optional<domain::FrameId>& before,
                                             int limit) {
  const pg::Rows rows =
      reason.empty() ? tx.Exec(kListQuarantine, context.tenant_id(), before, limit)
                     : tx.Exec(kListQuarantineReason, context.tenant_id(), reason, before, limit);
  std::vector<QuarantinedFrame> out;
  for (const pg::Row row : rows) {
    out.push_back({row.Get<domain::FrameId>("id"), row.Get<Instant>("received_at"),
                   row.Get<std::string>("terminal_number"), row.Get<std::string>("device_address"),
                   row.Get<std::string>("reason"), row.Get<std::string>("detail"),
                   row.GetBytes("payload")});
  }
  return out;
}

void PruneFrameKeys(pg::Tx& tx, const Context& context, LocalDate day) {
  tx.Exec(kPrune, context.tenant_id(), day);
}

}  // namespace karez::metering::store

// Raw frames, what they are known by, and the account of them. All bulk.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/metering/domain/raw_frame.h"

namespace karez::metering::store {

struct FrameClaim {
  Uuid key;  // digest of device, payload and sequence
  domain::FrameId frame_id;
  LocalDate received_on;
};
enum class Claim {
  kNew,        // the first frame of this key
  kDuplicate,  // another frame has the key; this one is seen for the first time
  kSeen,       // this very frame was worked on before: Kafka delivers it again
};
// One answer per claim, in their order.
std::vector<Claim> ClaimFrames(pg::Tx& tx, const Context& context,
                               std::span<const FrameClaim> claims);

struct JudgedFrame {
  const domain::RawFrame* frame;
  domain::FrameResult result;
};
// Keeps the frames, puts the quarantined ones before people, and raises the account of their days.
void SaveFrames(pg::Tx& tx, const Context& context, std::span<const JudgedFrame> frames);

struct FrameAccount {
  LocalDate day;
  std::int64_t received = 0;
  std::int64_t stored = 0;
  std::int64_t duplicate = 0;
  std::map<std::string, std::int64_t> quarantined;
};
std::vector<FrameAccount> ListFrameAccounts(pg::Tx& tx, const Context& context, LocalDate from,
                                            LocalDate to);

struct QuarantinedFrame {
  domain::FrameId id;
  Instant received_at;
  std::string terminal_number, device_address, reason, detail, payload;
};
// Newest first; empty reason for all; frames before `before`.
std::vector<QuarantinedFrame> ListQuarantine(pg::Tx& tx, const Context& context,
                                             const std::string& reason,
                                             const std::optional<domain::FrameId>& before,
                                             int limit);

// Forgets what frames received before `day` are known by.
void PruneFrameKeys(pg::Tx& tx, const Context& context, LocalDate day);

}  // namespace karez::metering::store

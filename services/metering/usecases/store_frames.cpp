#include "services/metering/usecases/store_frames.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "services/metering/events/meter_facts.h"
#include "services/metering/store/frame_store.h"
#include "services/metering/store/meter_store.h"
#include "services/metering/store/reading_store.h"
#include "services/metering/usecases/decode_frame.h"

namespace karez::metering::usecases {
namespace {

using domain::MeterId;
using domain::Outcome;
using domain::Point;

// Space of the keys that tell duplicates; fixed for ever.
const Uuid& KeySpace() {
  static const Uuid space = Uuid::Parse("0f7f0f3a-6a5e-5d0e-9d3c-7f6f5c1e2a90").value();
  return space;
}

Uuid KeyOf(const domain::RawFrame& frame) {
  std::string name = frame.terminal_id.str() + "|" + frame.device_address + "|" +
                     std::to_string(frame.sequence) + "|";
  return Uuid::V5(KeySpace(), name + frame.payload);
}

// A frame on its way through the batch.
struct Work {
  const domain::RawFrame* frame;
  domain::FrameResult result;
  const domain::Meter* meter = nullptr;
  Decoded decoded;
  domain::Placed placed;  // of a reading
  bool open = true;       // nothing has been decided yet

  void Decide(Outcome outcome, std::string reason = {}, std::string detail = {}) {
    result.outcome = outcome;
    result.reason = std::move(reason);
    result.detail = std::move(detail);
    open = false;
  }
};

class Batch {
 public:
  Batch(pg::Tx& tx, const Context& context) : tx_(tx), context_(context) {}

  void Claim(std::span<const domain::RawFrame> frames) {
    std::vector<store::FrameClaim> claims;
    for (const auto& frame : frames) {
      claims.push_back({KeyOf(frame), frame.id, context_.tenant().zone.DateOf(frame.received_at)});
    }
    const auto answers = store::ClaimFrames(tx_, context_, claims);
    for (std::size_t i = 0; i < frames.size(); ++i) {
      if (answers[i] == store::Claim::kSeen) continue;
      work_.push_back({&frames[i], {}, nullptr, {}, {}, true});
      if (answers[i] == store::Claim::kDuplicate) work_.back().Decide(Outcome::kDuplicate);
    }
  }

  void Match() {
    std::set<std::pair<domain::TerminalId, std::string>> asked;
    for (const Work& work : work_) {
      asked.emplace(work.frame->terminal_id, work.frame->device_address);
    }
    std::vector<domain::TerminalId> terminals;
    std::vector<std::string> addresses;
    for (const auto& [terminal, address] : asked) {
      terminals.push_back(terminal);
      addresses.push_back(address);
    }
    for (auto& meter : store::MatchMeters(tx_, context_, terminals, addresses)) {
      const auto key = std::pair(*meter.terminal_id, meter.device_address);
      meters_.emplace(key, std::move(meter));
    }
    for (Work& work : work_) {
      const auto found = meters_.find({work.frame->terminal_id, work.frame->device_address});
      if (found != meters_.end()) {
        work.meter = &found->second;
        work.result.meter_id = found->second.id;
      } else if (work.open) {
        work.Decide(Outcome::kQuarantined, "unknown_device",
                    "No meter with address " + work.frame->device_address +
                        " is registered on terminal " + work.frame->terminal_number + ".");
      }
    }
  }

  void Decode(const protocols::ProfileCatalogue& profiles) {
    for (Work& work : work_) {
      if (!work.open) continue;
      const auto* profile = profiles.FindMeter(work.meter->profile);
      if (profile == nullptr) {
        work.Decide(Outcome::kQuarantined, "unknown_profile",
                    "The meter's profile " + work.meter->profile + " is not installed here.");
        continue;
      }
      work.decoded = DecodeFrame(*profile, work.frame->payload, context_.tenant().zone);
      if (!work.decoded.reason.empty()) {
        work.Decide(Outcome::kQuarantined, work.decoded.reason, work.decoded.detail);
      } else {
        Place(work);
      }
    }
  }

  void StoreReadings() {
    std::vector<Work*> readings;
    std::set<MeterId> meters;
    for (Work& work : work_) {
      if (!work.open || work.decoded.is_day) continue;
      readings.push_back(&work);
      meters.insert(work.meter->id);
    }
    if (readings.empty()) return;
    std::ranges::stable_sort(readings, {}, [](const Work* work) {
      return std::pair(work->meter->id, work->placed.time);
    });
    latest_ = store::LockLatest(tx_, context_, {meters.begin(), meters.end()});
    const auto neighbours = LateNeighbours(readings);
    std::vector<domain::Reading> accepted;
    for (Work* work : readings) JudgeOne(*work, neighbours, accepted);
    store::InsertReadings(tx_, context_, accepted);
    SaveNewest();
  }

  void StoreDays() {
    std::map<std::pair<MeterId, LocalDate>, domain::Hours> days;
    std::vector<store::Day> asked;
    for (const Work& work : work_) {
      if (!work.open || !work.decoded.is_day) continue;
      const auto key = std::pair(work.meter->id, work.decoded.day);
      if (days.emplace(key, domain::NoHours()).second) {
        asked.push_back({key.first, key.second, {}});
      }
    }
    for (const auto& day : store::LockDays(tx_, context_, asked)) {
      days[{day.meter_id, day.day}] = day.hours;
    }
    std::set<std::pair<MeterId, LocalDate>> changed;
    for (Work& work : work_) {
      if (!work.open || !work.decoded.is_day) continue;
      const auto key = std::pair(work.meter->id, work.decoded.day);
      auto merged = domain::Merge(days[key], work.decoded.hours);
      days[key] = merged.hours;
      if (merged.changed) changed.insert(key);
      if (!merged.conflict.empty()) {
        work.Decide(Outcome::kQuarantined, "conflict",
                    FormatDate(key.second) + ". " + merged.conflict + ".");
      } else {
        work.Decide(merged.changed ? Outcome::kStored : Outcome::kDuplicate);
      }
    }
    std::vector<store::Day> save;
    for (const auto& key : changed) save.push_back({key.first, key.second, days[key]});
    store::SaveDays(tx_, context_, save);
  }

  FrameTally Finish() {
    FrameTally tally;
    std::vector<store::JudgedFrame> judged;
    for (Work& work : work_) {
      if (work.result.outcome == Outcome::kStored) ++tally.stored;
      if (work.result.outcome == Outcome::kDuplicate) ++tally.duplicate;
      if (work.result.outcome == Outcome::kQuarantined) ++tally.quarantined;
      judged.push_back({work.frame, std::move(work.result)});
    }
    store::SaveFrames(tx_, context_, judged);
    return tally;
  }

 private:
  using Neighbours = std::unordered_map<const Work*, store::Neighbours>;

  // Decides when the reading was taken or the day was, or that it cannot be known.
  void Place(Work& work) {
    const auto& zone = context_.tenant().zone;
    const auto stated = work.decoded.is_day ? std::optional(zone.StartOf(work.decoded.day))
                                            : work.decoded.stated_time;
    // A day keeps its date: a wrong one is never replaced by the receipt's.
    const auto path = work.decoded.is_day ? domain::Path::kKept : work.frame->path;
    const auto placed = domain::PlaceInTime(stated, work.frame->received_at, path);
    if (placed) {
      work.placed = *placed;
      return;
    }
    work.Decide(Outcome::kQuarantined, "time_out_of_range",
                "The meter says " + FormatInstant(*stated) + ", received at " +
                    FormatInstant(work.frame->received_at) + ".");
  }

  // Only readings that are not newer than all stored ones need to look into the past.
  Neighbours LateNeighbours(const std::vector<Work*>& readings) {
    std::vector<const Work*> late;
    std::vector<store::Moment> moments;
    for (const Work* work : readings) {
      const auto newest = latest_.find(work->meter->id);
      if (newest == latest_.end() || work->placed.time > newest->second.reading.point.time) {
        continue;
      }
      late.push_back(work);
      moments.push_back({work->meter->id, work->placed.time});
    }
    const auto found = store::FindNeighbours(tx_, context_, moments);
    Neighbours out;
    for (std::size_t i = 0; i < late.size(); ++i) out.emplace(late[i], found[i]);
    return out;
  }

  // Readings come by meter and time, so the last one accepted is the nearest of this batch.
  void JudgeOne(Work& work, const Neighbours& late, std::vector<domain::Reading>& accepted) {
    store::Neighbours stored;
    const auto newest = latest_.find(work.meter->id);
    if (const auto found = late.find(&work); found != late.end()) {
      stored = found->second;
    } else if (newest != latest_.end()) {
      stored.before = newest->second.reading.point;
    }
    if (!accepted.empty() && accepted.back().meter_id == work.meter->id) {
      const Point& last = accepted.back().point;
      if (last.time == work.placed.time) {
        stored.same_time = last;
      } else if (!stored.before || stored.before->time < last.time) {
        stored.before = last;
      }
    }
    const Point point{work.placed.time, work.decoded.value_ml};
    auto verdict = domain::Judge(work.meter->reg, point, stored.same_time, stored.before);
    switch (verdict.kind) {
      case domain::Verdict::Kind::kDuplicate:
        work.Decide(Outcome::kDuplicate);
        return;
      case domain::Verdict::Kind::kQuarantine:
        work.Decide(Outcome::kQuarantined, verdict.reason, verdict.detail);
        return;
      case domain::Verdict::Kind::kStore:
        break;
    }
    work.Decide(Outcome::kStored);
    accepted.push_back({work.meter->id, point, work.frame->received_at, work.placed.quality,
                        work.decoded.settled_ml, work.decoded.valve, work.decoded.battery_low,
                        std::move(verdict.flags)});
    auto& best = newest_[work.meter->id];
    if (!best || best->point.time < point.time) best = accepted.back();
  }

  void SaveNewest() {
    std::vector<store::Latest> save;
    std::vector<pg::Fact> facts;
    for (const auto& [meter, reading] : newest_) {
      const auto before = latest_.find(meter);
      if (before != latest_.end() && before->second.reading.point.time >= reading->point.time) {
        continue;
      }
      const std::int64_t version = before == latest_.end() ? 1 : before->second.version + 1;
      save.push_back({*reading, version});
      facts.push_back(events::LatestReadingChanged(*reading, version));
    }
    store::SaveLatest(tx_, context_, save);
    if (!facts.empty()) tx_.PublishAll(facts);
  }

  pg::Tx& tx_;
  const Context& context_;
  std::vector<Work> work_;
  std::map<std::pair<domain::TerminalId, std::string>, domain::Meter> meters_;
  std::map<MeterId, store::Latest> latest_;
  std::map<MeterId, std::optional<domain::Reading>> newest_;
};

}  // namespace

FrameTally StoreFrames(pg::Tx& tx, const Context& context,
                       const protocols::ProfileCatalogue& profiles,
                       std::span<const domain::RawFrame> frames) {
  Batch batch(tx, context);
  batch.Claim(frames);
  batch.Match();
  batch.Decode(profiles);
  batch.StoreReadings();
  batch.StoreDays();
  return batch.Finish();
}

}  // namespace karez::metering::usecases

// What the explanations of wired and wireless M-Bus share: header, records, places. Internal to
// this library.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/protocols/explain/explain.h"
#include "libs/protocols/mbus/message.h"

namespace karez::protocols {

// A telegram in plain and where each of its bytes stands in the given ones: checksums between them
// may have been taken out.
class TelegramFields {
 public:
  TelegramFields(Bytes plain, std::vector<size_t> positions)
      : plain_(plain), positions_(std::move(positions)) {}

  void Add(std::string_view name, size_t offset, size_t length);
  void Reject(RejectReason reason);  // of the field added last
  size_t position(size_t offset) const { return positions_[offset]; }
  Bytes plain() const { return plain_; }
  void Append(Json list) {
    for (Json& field : list) list_.push_back(std::move(field));
  }
  Json take() { return std::move(list_); }

 private:
  Bytes plain_;
  std::vector<size_t> positions_;
  Json list_ = Json::array();
};

std::vector<size_t> Consecutive(size_t first, size_t count);

// "id", "manufacturer", "version", "medium": with its name on a wire, the bare code on the air.
void ExplainIdentity(const mbus::Identity& identity, bool wireless, Json& out);

std::string MediumText(uint8_t medium);  // "07 water"

// CI and header; `ci_at` is the CI's place in the telegram.
void ExplainTransport(const mbus::Transport& transport, size_t ci_at, bool wireless,
                      TelegramFields& fields, Json& out);

// The first value of a name stands.
void Offer(const std::string& name, const Json& value, Json& out);

// The records of the telegram's bytes body_at … body_at + size, under flat names and as "records".
// `profile` may be null.
void ExplainRecords(size_t body_at, size_t size, const mbus::Profile* profile,
                    TelegramFields& fields, Json& out);

// The asker's profile, otherwise the known one that is about this device; null: there is none.
const MeterProfile* ProfileOf(const Question& question, const mbus::Identity& device);

// "status_flags" of a record whose bits the profile names.
void ExplainFlags(const mbus::Record& record, const mbus::Profile& profile, Json& out);

// What the profile knows of the bytes behind DIF 0F: how many of them.
size_t ExplainMakerData(size_t data_at, Bytes data, const mbus::Profile& profile,
                        TelegramFields& fields, Json& out);

// Alarms and rejections, as the inner model has them.
void ExplainObserved(const Observation& observation, Json& out);

// What a failed Decrypt means, in words: "encrypted, no key", "wrong key", …
std::string ProtectionFault(const Error& error);

}  // namespace karez::protocols

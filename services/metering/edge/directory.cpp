#include "services/metering/edge/directory.h"

#include "libs/obs/log.h"
#include "services/metering/store/meter_store.h"
#include "services/metering/store/terminal_store.h"

namespace karez::metering::edge {

Result<KnownTerminal> Directory::Find(domain::Terminal::Kind kind, const std::string& number) {
  const auto unknown =
      Fail(Code::kNotFound, "TERMINAL_NOT_FOUND", "No terminal is registered with this number.");
  const auto wire = domain::WireNumber(kind, number);
  if (!wire) return unknown;
  const auto key = std::pair(kind, *wire);
  try {
    const auto found = Read(kind, *wire);
    const std::lock_guard lock(mutex_);
    if (!found) {
      seen_.erase(key);
      return unknown;
    }
    seen_[key] = *found;
    return *found;
  } catch (const pg::Failure& failure) {
    obs::Warning("terminals cannot be read", {{"sqlstate", failure.sqlstate()}});
    const std::lock_guard lock(mutex_);
    if (const auto seen = seen_.find(key); seen != seen_.end()) return seen->second;
  }
  return Fail(Code::kUnavailable, "DATABASE_UNAVAILABLE", "The database cannot be reached.");
}

std::optional<KnownTerminal> Directory::Read(domain::Terminal::Kind kind,
                                             const std::string& wire_number) {
  std::optional<store::TerminalKey> key;
  pool_.RunTransaction({}, [&](pg::Tx& tx) {
    key = store::FindTerminalKey(tx, kind, wire_number);
    return false;
  });
  if (!key) return std::nullopt;
  std::optional<KnownTerminal> known;
  pool_.RunTransaction({.tenant = key->tenant}, [&](pg::Tx& tx) {
    known.reset();
    const auto terminal = store::LoadTerminal(tx, key->tenant, key->id);
    if (!terminal) return false;
    known = KnownTerminal{key->tenant, *terminal, {}};
    if (kind == domain::Terminal::Kind::kAcknowledged) return false;
    for (const auto& meter : store::MetersOfTerminal(tx, key->tenant, key->id)) {
      const auto* profile = profiles_.FindMeter(meter.profile);
      if (profile != nullptr) known->meters.push_back({meter.device_address, profile});
    }
    return false;
  });
  return known;
}

}  // namespace karez::metering::edge

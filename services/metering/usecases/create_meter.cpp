#include "services/metering/usecases/create_meter.h"

#include <algorithm>

#include "libs/protocols/codec.h"
#include "services/metering/events/meter_facts.h"
#include "services/metering/store/meter_store.h"
#include "services/metering/store/terminal_store.h"

namespace karez::metering::usecases {
namespace {

constexpr std::size_t kAddressDigits = 14;
// Digits of the four BCD bytes in which a meter sends a volume.
constexpr int kVolumeDigits = 8;

std::string Upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

}  // namespace

Result<domain::Meter> DraftMeter(const protocols::ProfileCatalogue& profiles,
                                 const NewMeter& wanted) {
  Violations bad;
  domain::Meter meter;
  meter.id = domain::MeterId::New();
  meter.number = wanted.number;
  meter.branch_id = wanted.branch_id;
  meter.profile = wanted.profile;
  meter.terminal_id = wanted.terminal_id;
  domain::CheckMeterNumber(meter.number, bad);
  const auto* profile = profiles.FindMeter(meter.profile);
  if (profile == nullptr) {
    bad.Add("profile", "There is no meter profile of this name: see GET /v1/meterProfiles.");
  }
  meter.reg.diameter_mm = wanted.diameter_mm == 0 ? domain::kDefaultDiameterMm : wanted.diameter_mm;
  domain::CheckDiameter(meter.reg.diameter_mm, bad);
  meter.reg.digits = wanted.register_digits;
  if (meter.reg.digits == 0 && profile != nullptr) {
    meter.reg.digits = std::clamp(kVolumeDigits - profile->cjt188.volume_decimals,
                                  domain::kMinRegisterDigits, domain::kMaxRegisterDigits);
  }
  if (wanted.register_digits != 0) domain::CheckRegisterDigits(meter.reg.digits, bad);
  meter.device_address = wanted.device_address.empty()
                             ? domain::AddressFromNumber(meter.number, kAddressDigits)
                             : Upper(wanted.device_address);
  if (!protocols::IsDeviceId(profile ? profile->protocol : protocols::Protocol::kCjt188,
                             meter.device_address)) {
    bad.Add("device_address",
            "Must be 14 hexadecimal digits; it can be left out when the number is decimal.");
  }
  RETURN_IF_ERROR(bad.Check());
  return meter;
}

Result<domain::Meter> CreateMeter(pg::Tx& tx, const Context& context, domain::Meter meter) {
  RETURN_IF_ERROR(store::RequireBranch(tx, context, meter.branch_id));
  if (meter.terminal_id) {
    ASSIGN_OR_RETURN(const auto row, store::GetTerminal(tx, context, *meter.terminal_id));
    meter.terminal_number = row.terminal.number;
  }
  RETURN_IF_ERROR(store::InsertMeter(tx, context, meter));
  tx.Publish(events::MeterChanged(meter));
  return meter;
}

}  // namespace karez::metering::usecases

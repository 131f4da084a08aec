#include "libs/protocols/mbus/profile.h"

#include <algorithm>

namespace karez::protocols::mbus {

bool Profile::IsAbout(const Identity& device) const {
  return std::any_of(makers.begin(), makers.end(), [&device](const Maker& maker) {
    return maker.manufacturer == (device.manufacturer & 0x7FFF) &&
           maker.version.value_or(device.version) == device.version &&
           maker.medium.value_or(device.medium) == device.medium;
  });
}

bool Profile::IsTarget(uint64_t storage) const {
  return target_storage ? storage == *target_storage : storage == 1 || storage == 8;
}

const Flags* Profile::FlagsOf(const Record& record) const {
  if (record.function != Function::kInstant || record.storage != 0 || record.value.size() > 8) {
    return nullptr;
  }
  const auto found = std::find_if(flags.begin(), flags.end(), [&record](const Flags& candidate) {
    return std::equal(candidate.vif.begin(), candidate.vif.end(), record.vif.begin(),
                      record.vif.end());
  });
  return found == flags.end() ? nullptr : &*found;
}

const MakerData* Profile::MakerDataOf(Bytes data) const {
  const auto found =
      std::find_if(maker_data.begin(), maker_data.end(), [data](const MakerData& candidate) {
        return data.size() >= candidate.match.size() &&
               std::equal(candidate.match.begin(), candidate.match.end(), data.begin());
      });
  return found == maker_data.end() ? nullptr : &*found;
}

}  // namespace karez::protocols::mbus

#include "libs/protocols/profiles_json/meter_profile.h"
#include "libs/protocols/profiles_json/reader.h"

namespace karez::protocols {

void ReadMbusProfile(const nlohmann::json& object, const std::string& file, mbus::Profile& out,
                     std::vector<ProfileFault>& faults) {
  ObjectReader reader(object, "mbus", file, faults);
  reader.Number("address", 0, 254, out.address);
  if (out.address == 251 || out.address == 252) {
    reader.Fault("address", "must not be 251 or 252, which EN 13757-2 reserves");
  }
  reader.Finish();
}

}  // namespace karez::protocols

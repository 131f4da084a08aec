#include "libs/protocols/dlt645/identifier.h"
#include "libs/protocols/profiles_json/meter_profile.h"
#include "libs/protocols/profiles_json/reader.h"

namespace karez::protocols {
namespace {

using dlt645::Edition;
using dlt645::Profile;
using nlohmann::json;

void ReadAsked(ObjectReader& reader, std::string_view key, Edition edition,
               std::optional<uint32_t>& out) {
  if (!reader.Has(key)) return;
  uint32_t identifier = 0;
  reader.Hex(key, 2 * static_cast<int>(dlt645::IdentifierSize(edition)), identifier);
  dlt645::Named named;
  if (!dlt645::FindIdentifier(edition, identifier, named)) {
    reader.Fault(key, "must be a known identifier of the edition");
  }
  out = identifier;
}

void ReadScales(ObjectReader& parent, const std::string& file, Profile& out,
                std::vector<ProfileFault>& faults) {
  const json* list = parent.Array("scales");
  if (list == nullptr) return;
  const int digits = 2 * static_cast<int>(dlt645::IdentifierSize(out.edition));
  for (size_t i = 0; i < list->size(); ++i) {
    ObjectReader reader((*list)[i], parent.Path("scales") + "[" + std::to_string(i) + "]", file,
                        faults);
    for (const char* key : {"first", "last", "decimals"}) reader.Require(key);
    dlt645::Scale scale;
    reader.Hex("first", digits, scale.first);
    reader.Hex("last", digits, scale.last);
    reader.Number("decimals", 0, 6, scale.decimals);
    if (scale.last < scale.first) reader.Fault("last", "must not be below first");
    reader.Finish();
    if (!out.scales.push_back(scale)) {
      parent.Fault("scales", "must have at most 8 entries");
      return;
    }
  }
}

}  // namespace

void ReadDlt645Profile(const json& object, const std::string& file, Profile& out,
                       std::vector<ProfileFault>& faults) {
  ObjectReader reader(object, "dlt645", file, faults);
  reader.Choice<Edition>("edition", {{"1997", Edition::k1997}, {"2007", Edition::k2007}},
                         out.edition);
  reader.Number("wake_up_bytes", 0, 7, out.wake_up_bytes);
  reader.Flag("top_bit_is_sign", out.top_bit_is_sign);
  ReadAsked(reader, "current", out.edition, out.current);
  ReadAsked(reader, "settlement", out.edition, out.settlement);
  ReadScales(reader, file, out, faults);
  reader.Finish();
}

}  // namespace karez::protocols

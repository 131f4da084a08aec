#include "libs/protocols/profiles_json/measure.h"

#include <algorithm>
#include <iterator>

#include "libs/protocols/profiles_json/named.h"

namespace karez::protocols {

void CheckNotTaken(ObjectReader& reader, std::string_view name) {
  constexpr std::string_view kTaken[] = {"alarms",  "bytes",  "dir",       "fields",   "fits",
                                         "kind",    "layout", "next",      "protocol", "valid",
                                         "profile", "reason", "rejections"};
  if (std::find(std::begin(kTaken), std::end(kTaken), name) != std::end(kTaken)) {
    reader.Fault("name", "is taken by frame-decode");
  }
}

void ReadFieldName(ObjectReader& reader, std::string& out) {
  constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789_";
  reader.Text("name", out);
  if (out.empty() || out.size() > 32 || out.find_first_not_of(kNameCharacters) != out.npos) {
    reader.Fault("name", "must be 1 to 32 of a-z, 0-9 and '_'");
  }
  CheckNotTaken(reader, out);
}

std::optional<payload::Measure> ReadMeasure(ObjectReader& reader) {
  payload::Measure measure;
  const bool told = reader.Has("quantity");
  if (const auto quantity = ReadNamed<Quantity>(reader, "quantity")) measure.quantity = *quantity;
  for (const char* key : {"unit", "exponent", "storage", "storage_index"}) {
    if (!told && reader.Has(key)) reader.Fault(key, "needs a quantity");
  }
  if (const auto unit = ReadNamed<Unit>(reader, "unit")) measure.unit = *unit;
  reader.Number("exponent", -9, 9, measure.exponent);
  reader.Choice<Storage>("storage",
                         {{"current", Storage::kCurrent},
                          {"settlement", Storage::kSettlement},
                          {"freeze", Storage::kFreeze}},
                         measure.storage);
  reader.Number("storage_index", 0, 255, measure.storage_index);
  return told ? std::optional(measure) : std::nullopt;
}

}  // namespace karez::protocols

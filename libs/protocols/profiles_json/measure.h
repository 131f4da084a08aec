// Parts that payload layouts and platform properties have in common, from JSON. Internal to this
// library.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/protocols/payload/layout.h"
#include "libs/protocols/profiles_json/reader.h"

namespace karez::protocols {

// Notes it when `name`, a field's "name", is one that frame-decode has a meaning of its own for.
void CheckNotTaken(ObjectReader& reader, std::string_view name);

// "name" as the decoded field is to be called: 1 to 32 of a-z, 0-9 and '_', not taken.
void ReadFieldName(ObjectReader& reader, std::string& out);

// quantity, unit, exponent, storage, storage_index; empty without a quantity.
std::optional<payload::Measure> ReadMeasure(ObjectReader& reader);

}  // namespace karez::protocols

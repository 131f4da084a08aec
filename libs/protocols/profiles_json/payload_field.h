// The parts that only a payload's layout has (measure.h has the others), read from a profile; each
// notes what is wrong. Internal to this library.
#pragma once

#include <string>
#include <vector>

#include "libs/protocols/payload/layout.h"
#include "libs/protocols/profiles_json/reader.h"

namespace karez::protocols {

inline constexpr int kMaxPayloadSize = 1024;

bool IsTime(payload::Form form);

void ReadOrder(ObjectReader& reader, payload::ByteOrder& out);
void ReadTexts(ObjectReader& parent, const std::string& file, payload::FieldSpec& out,
               std::vector<ProfileFault>& faults);
payload::FieldSpec ReadField(const nlohmann::json& object, const std::string& path,
                             const std::string& file, payload::ByteOrder order,
                             std::vector<ProfileFault>& faults);

}  // namespace karez::protocols

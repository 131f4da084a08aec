// What makers put behind their own codes, as tables: names for vendor status bits, and the battery
// in data behind DIF 0F. Known from public captures only.
#pragma once

#include <optional>
#include <string>

#include "libs/protocols/mbus/identity.h"
#include "libs/protocols/mbus/record.h"

namespace karez::protocols::mbus {

// Names of the bits set in a vendor's status record, separated by spaces; "OK" when none is.
// Empty when the record is no such one.
std::optional<std::string> VendorFlags(const Identity& maker, const Record& record);

// Battery in `data` (behind DIF 0F), when the maker tells it there.
std::optional<int> VendorBatteryMillivolts(const Identity& maker, Bytes data);

}  // namespace karez::protocols::mbus

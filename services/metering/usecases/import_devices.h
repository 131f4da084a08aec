// Terminals and meters from CSV, one row each (columns: docs/api.md). A row that is there already
// with the same content is unchanged; with other content it is refused, because a file must not
// change a meter behind its readings. A row whose branch is not known yet waits for it.
#pragma once

#include "libs/jobs/import.h"
#include "libs/protocols/profiles_json/catalogue.h"

namespace karez::metering::usecases {

// `profiles` must outlive what is returned.
karez::jobs::ImportKind DeviceImport(const protocols::ProfileCatalogue& profiles);

// What Imports::Wake is told when a branch arrives.
std::string BranchKey(const std::string& code);

}  // namespace karez::metering::usecases

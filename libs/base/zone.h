// Time zones of the IANA database. A Zone is a cheap value that never dangles; safe from any
// thread.
#pragma once

#include <string>
#include <string_view>

#include "libs/base/time.h"

namespace date {
class time_zone;
}

namespace karez {

class Zone {
 public:
  // Asia/Shanghai, the default of a tenant.
  Zone();
  // INVALID_ARGUMENT for a name the database does not know.
  static Result<Zone> Find(std::string_view name);

  std::string name() const;
  LocalDate DateOf(Instant at) const;
  // The first instant of the local date. Where midnight does not exist (Cairo, 26 April 2024) it is
  // the moment the clock jumps to; where it exists twice, the first.
  Instant StartOf(LocalDate date) const;
  // The instant of a local clock reading, hh:mm:ss after StartOf by the wall clock; readings that
  // were skipped map to the moment of the jump, doubled ones to the first.
  Instant At(LocalDate date, std::chrono::seconds time_of_day) const;
  // Wall-clock seconds after midnight at `at`.
  std::chrono::seconds TimeOfDay(Instant at) const;

 private:
  explicit Zone(const date::time_zone* zone) : zone_(zone) {}
  const date::time_zone* zone_;  // owned by the library's database, lives as long as the process
};

}  // namespace karez

// Billing the settled consumption of a month: what one run has come to.
#pragma once

#include <cstdint>

#include "libs/base/time.h"
#include "libs/base/uuid.h"

namespace karez::billing {

using RunId = Id<struct RunTag>;

struct BillRun {
  RunId id{};
  Month month{};
  // Accounts, not lines.
  std::int64_t issued = 0;
  std::int64_t issued_fen = 0;
  std::int64_t held = 0;      // wait for a person
  std::int64_t excluded = 0;  // a person decided not to bill
  std::int64_t failed = 0;    // cannot be billed: no tariff, account unknown
};

}  // namespace karez::billing

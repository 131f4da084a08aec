// Table `operation` as the runner and the free functions share it. Inside libs/jobs only.
#pragma once

#include <string>

#include "libs/jobs/operation.h"
#include "libs/pg/rows.h"

namespace karez::jobs {

std::string StateName(State state);
Operation OperationFromRow(const pg::Row& row);

}  // namespace karez::jobs

// Rows of bills and their states. Inside store/ only.
#pragma once

#include <string>

#include "libs/pg/rows.h"
#include "services/billing/domain/bill.h"

namespace karez::billing::store {

std::string StateText(BillState::Kind kind);
// Columns of bill_state with number, issue_time and due_date of its bill.
BillState StateFromRow(const pg::Row& row);

}  // namespace karez::billing::store

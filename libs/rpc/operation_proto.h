// karez.common.v1.Operation and ImportRow from their tables.
#pragma once

#include "karez/common/v1/operation.pb.h"

#include "libs/jobs/import.h"
#include "libs/jobs/operation.h"

namespace karez::rpc {

void ToProto(const jobs::Operation& operation, common::v1::Operation& out);
void ToProto(const jobs::ImportedRow& row, common::v1::ImportRow& out);
// "imported" for STATE_IMPORTED and so on; empty for STATE_UNSPECIFIED.
std::string RowStateName(common::v1::ImportRow::State state);

}  // namespace karez::rpc

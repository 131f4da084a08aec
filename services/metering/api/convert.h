// Proto <-> domain.
#pragma once

#include "karez/metering/v1/metering.pb.h"

#include "services/metering/domain/settlement.h"
#include "services/metering/store/edge_store.h"
#include "services/metering/store/frame_store.h"
#include "services/metering/store/reading_store.h"
#include "services/metering/store/settlement_store.h"
#include "services/metering/store/terminal_store.h"

namespace karez::metering::api {

void ToProto(const domain::Meter& meter, v1::Meter& out);
void ToProto(const store::TerminalRow& row, v1::Terminal& out);
void ToProto(const domain::Reading& reading, v1::Reading& out);
void ToProto(const store::Day& day, v1::ListDaysResponse::Day& out);
void ToProto(const store::FrameAccount& account, v1::FrameAccount& out);
void ToProto(const store::QuarantinedFrame& frame, v1::QuarantinedFrame& out);
void ToProto(const store::EdgeAccount& account, v1::EdgeAccount& out);
void ToProto(const store::Settlement& settlement, v1::Settlement& out);
void ToProto(const domain::Line& line, v1::SettlementLine& out);

// INVALID_ARGUMENT for field `kind` when it is unspecified.
Result<domain::Terminal::Kind> FromProto(v1::Terminal::Kind kind);

}  // namespace karez::metering::api

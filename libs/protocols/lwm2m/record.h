// One SenML record, whatever its encoding, on its way to or from an entry. Internal to lwm2m/.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "libs/protocols/lwm2m/node.h"

namespace karez::protocols::lwm2m {

struct Record {
  std::string_view name;
  std::optional<double> time_s;
  std::optional<double> number;
  std::optional<int64_t> integer;  // beside `number` when it is one
  std::optional<bool> flag;
  std::optional<std::string_view> text;  // vs, sv
  std::optional<Bytes> opaque;           // vd
  std::optional<std::string_view> link;  // vlo, ov: "66:0"
};

// "66:0" as object << 16 | instance.
std::optional<int64_t> ReadObjectLink(std::string_view text);
FixedText<40> ObjectLinkText(int64_t link);

// base name + name as a path; false when it is none of at least `min_depth` ids.
bool JoinName(std::string_view base, std::string_view name, uint8_t min_depth, Path& out);

// Type by the tables, or by the record where they know nothing. False: the value does not fit.
bool ReadRecordValue(const Record& record, Type type, Value& out);

int64_t MillisecondsOf(double seconds);  // kAbsent when far out of range

}  // namespace karez::protocols::lwm2m

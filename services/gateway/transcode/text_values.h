// Values written as text: numbers, names and the well-known types that are one string in JSON. Used
// for JSON, query parameters and path variables alike. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <google/protobuf/message.h>

#include "services/gateway/transcode/schema.h"

namespace karez::gateway::transcode {

// Sets (or adds to, when repeated) a scalar field from its text. Returns an empty string, or what
// would be right: "Must be a whole number from 0 to 4294967295."
std::string SetScalar(std::string_view text, const google::protobuf::FieldDescriptor* field,
                      google::protobuf::Message& message);

// True for types that SetWellKnown takes.
bool IsTextForm(const MessageInfo& info);
// Sets a Timestamp, Duration, FieldMask or wrapper from its text; answers like SetScalar.
std::string SetWellKnown(std::string_view text, const MessageInfo& info,
                         google::protobuf::Message& message);

// The text of a Timestamp, Duration or FieldMask; empty when the value is outside its range.
std::string TextOf(const MessageInfo& info, const google::protobuf::Message& message);

// `display_name` <-> `displayName`; in paths too ("lines[2].unit_price").
std::string ToCamel(std::string_view name);

std::string Base64(std::string_view bytes);

}  // namespace karez::gateway::transcode

// Strict proto3 JSON over reflection: the one codec of the gateway.
//
// Reading refuses (with every bad field named, up to 32): unknown and duplicate members, wrong
// types, numbers out of range, unknown enum names, two members of one oneof, invalid UTF-8, NUL in
// text, nesting past 64. int64 is taken as a number or a string of digits. Null means absent.
// Writing prints every primitive, repeated and map field even at its default, and leaves out
// messages that are not set. int64 is a string, bytes are base64, enums are names.
//
// Functions share nothing but the immutable schema: safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include <google/protobuf/message.h>

#include "libs/base/error.h"
#include "services/gateway/transcode/schema.h"

namespace karez::gateway::transcode {

// Reads one JSON value into `message`, which should be empty. INVALID_ARGUMENT "BAD_JSON" when the
// text is not JSON (it stops there), "INVALID_FIELDS" with the violations otherwise.
Result<void> ReadJson(const Schema& schema, std::string_view text, const MessageInfo& info,
                      google::protobuf::Message& message);

// The same for one field of `message` (a body mapped to a field).
Result<void> ReadJsonField(const Schema& schema, std::string_view text, const FieldInfo& field,
                           google::protobuf::Message& message);

// Appends `message` as JSON.
void WriteJson(const Schema& schema, const MessageInfo& info,
               const google::protobuf::Message& message, std::string& out);
// The same for one field of it (response_body).
void WriteJsonField(const Schema& schema, const FieldInfo& field,
                    const google::protobuf::Message& message, std::string& out);

// Appends `text` as a JSON string; bytes that are not UTF-8 become U+FFFD.
void WriteJsonString(std::string_view text, std::string& out);

}  // namespace karez::gateway::transcode

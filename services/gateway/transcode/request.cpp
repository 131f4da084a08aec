#include "services/gateway/transcode/request.h"

#include <algorithm>
#include <set>
#include <string>

#include "libs/base/uuid.h"
#include "services/gateway/transcode/json_codec.h"
#include "services/gateway/transcode/text_values.h"

namespace karez::gateway::transcode {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::size_t kParametersMax = 100;
constexpr std::size_t kNameShownMax = 64;

std::string PathText(const FieldPath& path) {
  std::string text;
  for (const FieldInfo* step : path) {
    if (!text.empty()) text += '.';
    text += step->field->name();
  }
  return text;
}

// The message that holds the last field of the path, made on the way.
Message& Holder(const FieldPath& path, Message& message) {
  Message* at = &message;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    at = at->GetReflection()->MutableMessage(at, path[i]->field);
  }
  return *at;
}

// Sets the field at the end of the path, or adds to it. Empty when done, else what would be right.
std::string SetAt(const FieldPath& path, std::string_view text, Message& message) {
  const FieldInfo& last = *path.back();
  Message& holder = Holder(path, message);
  if (last.message == nullptr) return SetScalar(text, last.field, holder);
  if (last.field->is_map() || !IsTextForm(*last.message)) return "Cannot be a query parameter.";
  const auto* reflection = holder.GetReflection();
  Message* child = last.field->is_repeated() ? reflection->AddMessage(&holder, last.field)
                                             : reflection->MutableMessage(&holder, last.field);
  return SetWellKnown(text, *last.message, *child);
}

// Variables of the path win; a body may repeat them only with the same value.
void BindPath(const Schema& schema, const Route& route, const RequestPath& path, Message& message,
              Violations& bad) {
  const std::vector<std::string> values = BindVariables(route.path, path);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const FieldPath& field = route.bindings[i];
    Message& holder = Holder(field, message);
    const auto* reflection = holder.GetReflection();
    const FieldDescriptor* descriptor = field.back()->field;
    const bool given = reflection->HasField(holder, descriptor);
    std::string before;
    if (given) WriteJsonField(schema, *field.back(), holder, before);
    std::string problem = SetScalar(values[i], descriptor, holder);
    if (problem.empty() && given) {
      std::string after;
      WriteJsonField(schema, *field.back(), holder, after);
      if (before != after) problem = "Differs from the one in the path: leave it out of the body.";
    }
    if (!problem.empty()) bad.Add(PathText(field), std::move(problem));
  }
}

class QueryReader {
 public:
  QueryReader(const Route& route, Message& message, Violations& bad)
      : route_(route), message_(message), bad_(bad) {
    for (const FieldPath& path : route.bindings) taken_.insert(PathText(path));
    if (route.body_field != nullptr) taken_.insert(route.body_field->field->name());
  }

  void Read(std::string_view query) {
    std::size_t count = 0;
    while (!query.empty()) {
      const std::size_t end = std::min(query.find('&'), query.size());
      const std::string_view pair = query.substr(0, end);
      query.remove_prefix(std::min(end + 1, query.size()));
      if (pair.empty()) continue;
      if (++count > kParametersMax) return bad_.Add("query", "Too many parameters.");
      const std::size_t equals = std::min(pair.find('='), pair.size());
      std::string name;
      std::string value;
      if (!PercentDecode(pair.substr(0, equals), false, true, name) ||
          !PercentDecode(pair.substr(std::min(equals + 1, pair.size())), false, true, value)) {
        return bad_.Add("query", "Must be percent-encoded.");
      }
      ReadOne(name, value);
    }
  }

 private:
  void ReadOne(const std::string& name, const std::string& value) {
    const std::string shown = name.substr(0, kNameShownMax);
    if (route_.body == Route::Body::kAll) {
      return bad_.Add(shown, "Unknown query parameter: this call takes its fields in the body.");
    }
    const auto path = FindFieldPath(*route_.request, name);
    if (!path) return bad_.Add(shown, "Unknown query parameter: remove it.");
    const std::string field = PathText(*path);
    if (taken_.contains(field) || taken_.contains((*path)[0]->field->name())) {
      return bad_.Add(field, "Is given in the path or body: remove it from the query.");
    }
    const FieldDescriptor* last = path->back()->field;
    if (!last->is_repeated() && !seen_.insert(field).second) {
      return bad_.Add(field, "Given twice: give it once.");
    }
    const Message& holder = Holder(*path, message_);
    const auto* oneof = last->real_containing_oneof();
    if (oneof != nullptr && holder.GetReflection()->HasOneof(holder, oneof)) {
      return bad_.Add(field, "Another field of " + oneof->name() + " is given: give only one.");
    }
    std::string problem = SetAt(*path, value, message_);
    if (!problem.empty()) bad_.Add(field, std::move(problem));
  }

  const Route& route_;
  Message& message_;
  Violations& bad_;
  std::set<std::string> taken_;
  std::set<std::string> seen_;
};

// The path of a field of the body, seen from the request.
std::string InBody(const Route& route, const std::string& field) {
  if (route.body_field == nullptr || field == "body") return field;
  return route.body_field->field->name() + (field[0] == '[' ? "" : ".") + field;
}

void BindKey(const Route& route, std::string_view key, Message& message, Violations& bad) {
  if (key.empty() || route.request_id == nullptr) return;
  const auto id = Uuid::Parse(key);
  if (!id) return bad.Add("Idempotency-Key", "Must be a UUID.");
  const auto* reflection = message.GetReflection();
  const FieldDescriptor* field = route.request_id->field;
  std::string scratch;
  const std::string& given = reflection->GetStringReference(message, field, &scratch);
  if (given.empty()) {
    reflection->SetString(&message, field, id->str());
  } else if (const auto other = Uuid::Parse(given); !other || *other != *id) {
    bad.Add("request_id", "Differs from the Idempotency-Key header: give one of them.");
  }
}

}  // namespace

Result<void> ReadRequest(const Schema& schema, const Route& route, const RequestParts& parts,
                         Message& message) {
  Violations bad;
  if (route.body == Route::Body::kNone) {
    if (!parts.body.empty()) bad.Add("body", "This call takes no body: leave it out.");
  } else if (!parts.body.empty()) {
    const auto read = route.body == Route::Body::kAll
                          ? ReadJson(schema, parts.body, *route.request, message)
                          : ReadJsonField(schema, parts.body, *route.body_field, message);
    if (!read) {
      if (read.error().violations.empty()) return read;
      for (const auto& item : read.error().violations) {
        bad.Add(InBody(route, item.field), item.description);
      }
    }
  }
  BindPath(schema, route, *parts.path, message, bad);
  QueryReader(route, message, bad).Read(parts.query);
  BindKey(route, parts.idempotency_key, message, bad);
  return bad.Check();
}

}  // namespace karez::gateway::transcode

// JSON Schemas (2020-12) of messages, as OpenAPI components. A message that is both sent and
// answered has two: `Bill` as it is answered (every field that is always printed is required) and
// `BillInput` as it may be sent (nothing unknown is allowed). For one thread, at start.
#pragma once

#include <map>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "services/gateway/transcode/routes.h"

namespace karez::gateway::openapi {

using Json = nlohmann::ordered_json;

enum class Direction { kIn, kOut };

// The comment above a declaration, white space joined; empty when there is none.
template <class Descriptor>
std::string CommentOf(const Descriptor* descriptor) {
  google::protobuf::SourceLocation location;
  if (!descriptor->GetSourceLocation(&location)) return {};
  std::string text;
  for (const char c : location.leading_comments + location.trailing_comments) {
    const bool space = c == ' ' || c == '\n';
    if (!space) text += c;
    if (space && !text.empty() && text.back() != ' ') text += ' ';
  }
  if (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

class Schemas {
 public:
  explicit Schemas(const transcode::Routes& routes);

  // Schema of a message: a reference, or the form of a well-known type.
  Json OfMessage(const transcode::MessageInfo& info, Direction direction);
  // Schema of a field's value, lists and maps included.
  Json OfField(const transcode::FieldInfo& field, Direction direction);
  // The request message of a route without the fields that its path binds.
  Json OfBody(const transcode::Route& route);

  // Everything referred to so far.
  const std::map<std::string, Json>& components() const { return components_; }

 private:
  void Visit(const transcode::MessageInfo& info, std::set<const transcode::MessageInfo*>& seen);
  std::string NameOf(const std::string& full_name, const std::string& package) const;
  std::string NameOf(const transcode::MessageInfo& info, Direction direction) const;
  Json Single(const transcode::FieldInfo& field, Direction direction);
  Json OfEnum(const google::protobuf::EnumDescriptor* type);
  Json Object(const transcode::MessageInfo& info, Direction direction,
              const std::set<const transcode::FieldInfo*>& left_out);

  std::set<const transcode::MessageInfo*> sent_;
  std::set<const transcode::MessageInfo*> answered_;
  std::set<const transcode::MessageInfo*> need_request_id_;
  std::map<std::string, std::set<std::string>> packages_of_;  // by short name
  std::map<std::string, Json> components_;
};

}  // namespace karez::gateway::openapi

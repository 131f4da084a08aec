#include "services/gateway/openapi/document.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "services/gateway/openapi/schemas.h"
#include "services/gateway/transcode/text_values.h"

namespace karez::gateway::openapi {
namespace {

using google::protobuf::FieldDescriptor;
using transcode::FieldInfo;
using transcode::FieldPath;
using transcode::MessageInfo;
using transcode::Route;

constexpr int kQueryDepthMax = 4;

constexpr const char* kDescription =
    "Everything a utility does with Karez. Changes carry a `requestId` (a UUID made by the client, "
    "or the `Idempotency-Key` header): the same again gets the first answer. 64-bit integers are "
    "strings. Errors are problem details (RFC 9457). `Karez-Timeout-Ms` shortens the time a call "
    "may take. Streams are server-sent events: `data` with each message, at the end `event: end`, "
    "or `event: error` with problem details.";

Json Problem() {
  const Json text = {{"type", "string"}};
  return {
      {"type", "object"},
      {"description", "Problem details (RFC 9457) of a call that was refused or failed."},
      {"properties",
       {{"type", text},
        {"title", text},
        {"status", {{"type", "integer"}}},
        {"code", {{"type", "string"}, {"description", "Name in google.rpc.Code."}}},
        {"reason", {{"type", "string"}, {"description", "Stable name a program can use."}}},
        {"detail", {{"type", "string"}, {"description", "What is wrong, for people."}}},
        {"action", {{"type", "string"}, {"description", "What to do."}}},
        {"violations",
         {{"type", "array"},
          {"description", "Every field that cannot be accepted."},
          {"items",
           {{"type", "object"},
            {"properties", {{"field", text}, {"description", text}}},
            {"required", {"field", "description"}}}}}},
        {"metadata", {{"type", "object"}, {"additionalProperties", text}}},
        {"traceId", text}}},
      {"required", {"type", "title", "status", "code", "reason", "detail", "action", "traceId"}}};
}

std::string CamelPath(const FieldPath& path) {
  std::string text;
  for (const FieldInfo* step : path) {
    if (!text.empty()) text += '.';
    text += step->field->json_name();
  }
  return text;
}

// "/v1/shelves/{parent}/things/{thingId}:close", and the names of its parameters with their fields.
std::string PathText(const Route& route, std::vector<std::pair<std::string, FieldPath>>& names) {
  using Kind = transcode::PathTemplate::Segment::Kind;
  std::string text;
  const auto& segments = route.path.segments();
  for (std::size_t i = 0; i < segments.size(); ++i) {
    text += '/';
    if (segments[i].kind == Kind::kLiteral) {
      text += segments[i].literal;
      continue;
    }
    std::string name = "rest";
    FieldPath field;
    for (std::size_t v = 0; v < route.bindings.size(); ++v) {
      const auto& variable = route.path.variables()[v];
      if (i < variable.first || i >= variable.last) continue;
      name = CamelPath(route.bindings[v]);
      field = route.bindings[v];
    }
    // A pattern with several wildcards is several parameters of one field.
    const auto same = std::count_if(names.begin(), names.end(), [&](const auto& known) {
      return !field.empty() && known.second == field;
    });
    if (same > 0) name += std::to_string(same + 1);
    text += "{" + name + "}";
    names.emplace_back(std::move(name), std::move(field));
  }
  if (!route.path.verb().empty()) text += ":" + route.path.verb();
  return text;
}

class Document {
 public:
  explicit Document(const transcode::Routes& routes) : routes_(routes), schemas_(routes) {}

  std::string Make() {
    CountNames();
    for (const Route& route : routes_.all()) AddOperation(route);
    Json components = Json::object();
    for (const auto& [name, schema] : schemas_.components()) components[name] = schema;
    components["Problem"] = Problem();
    Json tags = Json::array();
    for (const auto& [name, description] : tags_) {
      tags.push_back({{"name", name}, {"description", description}});
    }
    const Json document = {
        {"openapi", "3.1.0"},
        {"info", {{"title", "Karez"}, {"version", "v1"}, {"description", kDescription}}},
        {"servers", {{{"url", "/"}}}},
        {"security", {{{"bearer", Json::array()}}}},
        {"tags", std::move(tags)},
        {"paths", std::move(paths_)},
        {"components",
         {{"schemas", std::move(components)},
          {"securitySchemes",
           {{"bearer", {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}}}}}}};
    return document.dump();
  }

 private:
  void CountNames() {
    std::set<const google::protobuf::MethodDescriptor*> seen;
    for (const Route& route : routes_.all()) {
      if (seen.insert(route.method).second) ++methods_named_[route.method->name()];
    }
  }

  // Unique: "GetBill", with the service in front where two have it, numbered for more bindings.
  std::string OperationId(const Route& route) {
    std::string id = route.method->name();
    if (methods_named_[id] > 1) id = route.method->service()->name() + "_" + id;
    const int count = ++bindings_of_[id];
    return count == 1 ? id : id + std::to_string(count);
  }

  void AddOperation(const Route& route) {
    std::vector<std::pair<std::string, FieldPath>> in_path;
    const std::string path = PathText(route, in_path);
    auto& tag = tags_[route.service];
    if (const std::string text = CommentOf(route.method->service());
        tag.find(text) == std::string::npos) {
      tag += (tag.empty() ? "" : " ") + text;
    }
    Json operation = {{"operationId", OperationId(route)}, {"tags", {route.service}}};
    if (const std::string comment = CommentOf(route.method); !comment.empty()) {
      operation["summary"] = comment.substr(0, comment.find(". ") + 1);
      if (operation["summary"] == "") operation["summary"] = comment;
      operation["description"] = comment;
    }
    if (Json parameters = Parameters(route, in_path); !parameters.empty()) {
      operation["parameters"] = std::move(parameters);
    }
    if (route.body != Route::Body::kNone) {
      operation["requestBody"] = {
          {"required", !route.request->fields.empty()},
          {"content", {{"application/json", {{"schema", schemas_.OfBody(route)}}}}}};
    }
    operation["responses"] = Responses(route);
    if (route.rule.access() == options::v1::ACCESS_PUBLIC) operation["security"] = Json::array();
    if (!route.rule.permission().empty()) {
      operation["x-karez-permission"] = route.rule.permission();
    }
    operation["x-karez-rate"] = options::v1::RateClass_Name(route.rule.rate());
    std::string method = route.http_method;
    for (char& c : method) c = static_cast<char>(std::tolower(c));
    paths_[path][method] = std::move(operation);
  }

  Json Responses(const Route& route) {
    const Json schema = route.response_field == nullptr
                            ? schemas_.OfMessage(*route.response, Direction::kOut)
                            : schemas_.OfField(*route.response_field, Direction::kOut);
    const char* type = route.streaming() ? "text/event-stream" : "application/json";
    const char* description =
        route.streaming() ? "A stream of events; this is the `data` of each." : "Done.";
    return {{"200", {{"description", description}, {"content", {{type, {{"schema", schema}}}}}}},
            {"default",
             {{"description", "Refused or failed."},
              {"content",
               {{"application/problem+json",
                 {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}}}};
  }

  Json Parameters(const Route& route,
                  const std::vector<std::pair<std::string, FieldPath>>& in_path) {
    Json parameters = Json::array();
    std::set<std::string> taken;
    for (const auto& [name, field] : in_path) {
      Json schema = {{"type", "string"}};
      if (!field.empty()) {
        taken.insert(CamelPath(field));
        schema = schemas_.OfField(*field.back(), Direction::kIn);
        // By convention what a path names `…_id` is a UUID.
        if (field.back()->field->name().ends_with("_id")) schema["format"] = "uuid";
      }
      if (schema.value("type", "") == "string" && !schema.contains("pattern")) {
        schema["minLength"] = 1;
      }
      parameters.push_back(
          {{"name", name}, {"in", "path"}, {"required", true}, {"schema", std::move(schema)}});
    }
    if (route.body != Route::Body::kAll) {
      if (route.body_field != nullptr) taken.insert(route.body_field->field->json_name());
      AddQuery(route, *route.request, "", taken, 0, parameters);
    }
    if (route.request_id != nullptr) {
      parameters.push_back({{"name", "Idempotency-Key"},
                            {"in", "header"},
                            {"description", "Stands in for an empty requestId."},
                            {"schema", {{"type", "string"}, {"format", "uuid"}}}});
    }
    return parameters;
  }

  void AddQuery(const Route& route, const MessageInfo& info, const std::string& prefix,
                const std::set<std::string>& taken, int depth, Json& parameters) {
    for (const FieldInfo& field : info.fields) {
      const std::string name = prefix + field.field->json_name();
      if (taken.contains(name) || field.field->is_map()) continue;
      if (field.message == nullptr || transcode::IsTextForm(*field.message)) {
        Json parameter = {{"name", name}, {"in", "query"}};
        if (&field == route.request_id && route.needs_request_id()) parameter["required"] = true;
        Json schema = schemas_.OfField(field, Direction::kIn);
        if (schema.contains("description")) parameter["description"] = schema["description"];
        schema.erase("description");
        parameter["schema"] = std::move(schema);
        parameters.push_back(std::move(parameter));
      } else if (!field.field->is_repeated() && depth < kQueryDepthMax &&
                 field.message->well_known == transcode::WellKnown::kNone) {
        AddQuery(route, *field.message, name + ".", taken, depth + 1, parameters);
      }
    }
  }

  const transcode::Routes& routes_;
  Schemas schemas_;
  Json paths_ = Json::object();
  std::map<std::string, std::string> tags_;
  std::map<std::string, int> methods_named_;
  std::map<std::string, int> bindings_of_;
};

}  // namespace

std::string MakeDocument(const transcode::Routes& routes) { return Document(routes).Make(); }

}  // namespace karez::gateway::openapi

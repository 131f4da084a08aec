#include "services/gateway/transcode/routes.h"

#include "google/api/annotations.pb.h"

namespace karez::gateway::transcode {
namespace {

using google::api::HttpRule;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

struct Mapping {
  std::string method;
  std::string path;
};

Mapping MappingOf(const HttpRule& rule) {
  switch (rule.pattern_case()) {
    case HttpRule::kGet:
      return {"GET", rule.get()};
    case HttpRule::kPut:
      return {"PUT", rule.put()};
    case HttpRule::kPost:
      return {"POST", rule.post()};
    case HttpRule::kDelete:
      return {"DELETE", rule.delete_()};
    case HttpRule::kPatch:
      return {"PATCH", rule.patch()};
    default:
      return {};
  }
}

tl::unexpected<Error> Bad(const MethodDescriptor* method, const std::string& problem) {
  return Fail(Code::kInvalidArgument, "BAD_ROUTE", method->full_name() + ": " + problem);
}

// "billing" of "karez.billing.v1".
std::string ServiceName(const std::string& package) {
  const std::size_t begin = package.find('.') + 1;
  return package.substr(begin, package.find('.', begin) - begin);
}

Result<void> BindPath(Route& route) {
  for (const auto& variable : route.path.variables()) {
    ASSIGN_OR_RETURN(FieldPath path, FindFieldPath(*route.request, variable.field_path));
    if (path.back()->message != nullptr || path.back()->field->is_repeated()) {
      return Bad(route.method, variable.field_path + " in the path is no single value");
    }
    route.bindings.push_back(std::move(path));
  }
  return {};
}

Result<void> BindBody(const HttpRule& rule, Route& route) {
  if (rule.body() == "*") {
    route.body = Route::Body::kAll;
  } else if (!rule.body().empty()) {
    route.body = Route::Body::kField;
    route.body_field = route.request->Find(rule.body());
    if (route.body_field == nullptr) return Bad(route.method, "no body field " + rule.body());
  }
  if (!rule.response_body().empty()) {
    route.response_field = route.response->Find(rule.response_body());
    if (route.response_field == nullptr) {
      return Bad(route.method, "no response_body field " + rule.response_body());
    }
  }
  return {};
}

Result<Route> MakeRoute(const Schema& schema, const MethodDescriptor* method,
                        const HttpRule& http) {
  Mapping mapping = MappingOf(http);
  if (mapping.method.empty()) return Bad(method, "only get, put, post, delete and patch");
  Route route;
  route.http_method = std::move(mapping.method);
  route.method = method;
  route.rule = method->options().GetExtension(options::v1::rule);
  route.grpc_method = "/" + method->service()->full_name() + "/" + method->name();
  route.service = ServiceName(method->file()->package());
  route.request = &schema.Of(method->input_type());
  route.response = &schema.Of(method->output_type());
  route.request_prototype = schema.Prototype(method->input_type());
  route.response_prototype = schema.Prototype(method->output_type());
  const FieldInfo* request_id = route.request->Find("request_id");
  if (request_id != nullptr && request_id->field->type() == FieldDescriptor::TYPE_STRING &&
      !request_id->field->is_repeated()) {
    route.request_id = request_id;
  }
  ASSIGN_OR_RETURN(route.path, PathTemplate::Parse(mapping.path));
  RETURN_IF_ERROR(BindPath(route));
  RETURN_IF_ERROR(BindBody(http, route));
  return route;
}

}  // namespace

Result<FieldPath> FindFieldPath(const MessageInfo& info, std::string_view path) {
  FieldPath steps;
  const MessageInfo* at = &info;
  while (true) {
    const std::size_t dot = path.find('.');
    const FieldInfo* field = at == nullptr ? nullptr : at->Find(path.substr(0, dot));
    if (field == nullptr) {
      return Fail(Code::kInvalidArgument, "UNKNOWN_FIELD",
                  info.descriptor->full_name() + " has no field " + std::string(path) + ".");
    }
    steps.push_back(field);
    if (dot == std::string_view::npos) return steps;
    // Only single messages without a text form of their own can be entered.
    at = field->field->is_repeated() || field->message == nullptr ||
                 field->message->well_known != WellKnown::kNone
             ? nullptr
             : field->message;
    path.remove_prefix(dot + 1);
  }
}

Result<std::shared_ptr<const Routes>> Routes::Build(std::shared_ptr<const Schema> schema) {
  std::shared_ptr<Routes> routes(new Routes(std::move(schema)));
  for (const auto* file : routes->schema_->files()) {
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j) {
        RETURN_IF_ERROR(routes->AddMethod(file->service(i)->method(j)));
      }
    }
  }
  for (std::size_t i = 0; i < routes->routes_.size(); ++i) {
    const Route& route = routes->routes_[i];
    RETURN_IF_ERROR(routes->table_.Add(route.http_method, route.path, i));
  }
  return routes;
}

Result<void> Routes::AddMethod(const MethodDescriptor* method) {
  if (!method->options().HasExtension(google::api::http)) return {};
  if (!method->options().HasExtension(options::v1::rule)) {
    return Bad(method, "an HTTP mapping without karez.options.v1.rule");
  }
  const auto& rule = method->options().GetExtension(options::v1::rule);
  if (rule.access() == options::v1::ACCESS_INTERNAL) return {};
  if (rule.access() == options::v1::ACCESS_PERMISSION && rule.permission().empty()) {
    return Bad(method, "a rule without a permission");
  }
  if (method->client_streaming()) return Bad(method, "a client stream has no HTTP form");
  const HttpRule& http = method->options().GetExtension(google::api::http);
  ASSIGN_OR_RETURN(Route route, MakeRoute(*schema_, method, http));
  routes_.push_back(std::move(route));
  for (const HttpRule& more : http.additional_bindings()) {
    ASSIGN_OR_RETURN(Route another, MakeRoute(*schema_, method, more));
    routes_.push_back(std::move(another));
  }
  return {};
}

}  // namespace karez::gateway::transcode

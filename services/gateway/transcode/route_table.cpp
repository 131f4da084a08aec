#include "services/gateway/transcode/route_table.h"

namespace karez::gateway::transcode {

struct RouteTable::Node {
  using Methods = std::map<std::string, std::size_t, std::less<>>;
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> one;
  std::map<std::string, Methods, std::less<>> ends;   // by verb: the path may stop here
  std::map<std::string, Methods, std::less<>> rests;  // by verb: `**` takes what is left

  static void TakeFrom(const std::map<std::string, Methods, std::less<>>& by_verb,
                       std::string_view method, std::string_view verb, Found& found) {
    const auto methods = by_verb.find(verb);
    if (methods == by_verb.end()) return;
    found.path_known = true;
    if (const auto hit = methods->second.find(method); hit != methods->second.end()) {
      found.matched = true;
      found.route = hit->second;
      return;
    }
    for (const auto& [name, route] : methods->second) found.allowed.push_back(name);
  }

  void Find(std::string_view method, const RequestPath& path, std::size_t at, Found& found) const {
    if (at == path.segments.size()) {
      TakeFrom(ends, method, path.verb, found);
    } else {
      if (const auto next = literals.find(path.segments[at]); next != literals.end()) {
        next->second->Find(method, path, at + 1, found);
      }
      if (!found.matched && one) one->Find(method, path, at + 1, found);
    }
    if (!found.matched) TakeFrom(rests, method, path.verb, found);
  }
};

RouteTable::RouteTable() : root_(std::make_unique<Node>()) {}
RouteTable::~RouteTable() = default;

Result<void> RouteTable::Add(std::string_view method, const PathTemplate& path_template,
                             std::size_t route) {
  using Kind = PathTemplate::Segment::Kind;
  Node* node = root_.get();
  auto* by_verb = &node->ends;
  for (const auto& segment : path_template.segments()) {
    if (segment.kind == Kind::kRest) {
      by_verb = &node->rests;
      break;
    }
    auto& next = segment.kind == Kind::kOne ? node->one : node->literals[segment.literal];
    if (!next) next = std::make_unique<Node>();
    node = next.get();
    by_verb = &node->ends;
  }
  auto& methods = (*by_verb)[path_template.verb()];
  if (!methods.emplace(method, route).second) {
    return Fail(Code::kAlreadyExists, "ROUTE_TWICE",
                std::string(method) + " " + path_template.text() + " is mapped twice.");
  }
  return {};
}

RouteTable::Found RouteTable::Find(std::string_view method, const RequestPath& path) const {
  Found found;
  root_->Find(method, path, 0, found);
  if (found.matched) found.allowed.clear();
  return found;
}

}  // namespace karez::gateway::transcode

// Finds the route of a method and path. Built once at start, then read from any thread.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "services/gateway/transcode/path_template.h"

namespace karez::gateway::transcode {

class RouteTable {
 public:
  struct Found {
    bool path_known = false;  // some method has this path
    bool matched = false;     // and this method is one of them
    std::size_t route = 0;
    std::vector<std::string> allowed;  // methods of the path, when none matched
  };

  RouteTable();
  ~RouteTable();

  // `method` in upper case. ALREADY_EXISTS when a route of the same method and shape is there.
  Result<void> Add(std::string_view method, const PathTemplate& path_template, std::size_t route);

  // Literal segments win over `*`, and `*` over `**`. A verb matches only itself.
  Found Find(std::string_view method, const RequestPath& path) const;

 private:
  struct Node;
  std::unique_ptr<Node> root_;
};

}  // namespace karez::gateway::transcode

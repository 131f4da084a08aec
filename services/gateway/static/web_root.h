// The console's files, read into memory once and served with ETag, gzip and cache headers. Paths
// are looked up in that list, so none can lead out of it. Immutable: safe from any thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "libs/base/error.h"
#include "services/gateway/http/message.h"

namespace karez::gateway::web {

class WebRoot {
 public:
  // All files below `directory`. NOT_FOUND without an index.html, OUT_OF_RANGE past 64 MiB.
  static Result<std::unique_ptr<const WebRoot>> Load(const std::string& directory);

  // GET and HEAD of a file; a path without a dot in its last part is a page of the console and gets
  // index.html. 404 as problem details otherwise.
  http::Response Serve(const http::Request& request, std::string_view trace_id) const;

 private:
  struct File {
    std::string type;
    std::string etag;
    std::shared_ptr<const std::string> content;
    std::shared_ptr<const std::string> gzip;  // null where it does not pay
    bool immutable = false;                   // its name carries a hash of its content
  };
  static File MakeFile(const std::string& path, std::string content);
  std::map<std::string, File, std::less<>> files_;
};

// Headers of every page and file of ours: nothing is loaded from or shown in other sites.
void AddSecurityHeaders(http::Response& response);

std::string Gzip(std::string_view content);
// True when an `If-None-Match` value names `etag`.
bool EtagMatches(std::string_view if_none_match, std::string_view etag);
// True when `Accept-Encoding` allows gzip.
bool AcceptsGzip(std::string_view accept_encoding);

}  // namespace karez::gateway::web

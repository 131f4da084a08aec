// Where each request goes: /openapi.json, a route of the API, or the console's files.
#pragma once

#include <memory>
#include <string>

#include "services/gateway/http/call.h"
#include "services/gateway/http/message.h"
#include "services/gateway/static/web_root.h"

namespace karez::gateway::http {

struct HandlerOptions {
  std::size_t body_bytes_max = 1 << 20;
  std::size_t heavy_body_bytes_max = 16 << 20;
  int proxies = 0;  // trusted ones in front of us
};

// Safe from any thread.
class ApiHandler final : public Handler {
 public:
  // `core` must outlive the handler; `web` may be null.
  ApiHandler(Core& core, HandlerOptions options, std::string openapi,
             std::unique_ptr<const web::WebRoot> web);

  std::size_t BodyBytesMax(const Request& head) override;
  Response Refuse(int status, std::string_view reason, std::string_view message) override;
  void Handle(std::shared_ptr<Exchange> exchange) override;
  std::string ClientAddress(const Request& head) override;

 private:
  void HandleApi(std::shared_ptr<Exchange> exchange);
  void HandleFile(std::shared_ptr<Exchange> exchange);
  Response OpenApi(const Request& request) const;

  Core& core_;
  const HandlerOptions options_;
  const std::shared_ptr<const std::string> openapi_;
  const std::shared_ptr<const std::string> openapi_gzip_;
  const std::string openapi_etag_;
  const std::unique_ptr<const web::WebRoot> web_;
};

}  // namespace karez::gateway::http

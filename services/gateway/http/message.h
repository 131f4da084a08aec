// A request and a response as plain values, and the exchange that carries them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace karez::gateway::http {

struct Request {
  std::string method;
  std::string path;                                          // still percent-encoded
  std::string query;                                         // without `?`
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  std::string peer;  // address of the client

  // The first value; empty when absent. `name` in lower case.
  std::string_view Header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return {};
  }
};

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::shared_ptr<const std::string> shared_body;  // in place of `body` when set

  std::string_view content() const {
    return shared_body ? std::string_view(*shared_body) : std::string_view(body);
  }
};

// One request waiting for its response. Every method may be called from any thread. Dropping the
// last reference without an answer closes the connection.
class Exchange {
 public:
  virtual ~Exchange() = default;
  virtual const Request& request() const = 0;

  // Once, unless a stream is started.
  virtual void Respond(Response response) = 0;

  // A response whose body follows in pieces (server-sent events). `closed` is called at most once,
  // when the client goes away or the server drains; after it nothing needs to be written.
  virtual void StartStream(Response head, std::function<void()> closed) = 0;
  // `written` is called when the piece has been handed to the network, so that the next one is
  // asked for no sooner; false when the connection is gone. One piece at a time.
  virtual void Write(std::string piece, std::function<void(bool)> written) = 0;
  virtual void EndStream() = 0;
};

// What the server asks of the application.
class Handler {
 public:
  virtual ~Handler() = default;
  // Largest body, in bytes, for this head (its body is still empty).
  virtual std::size_t BodyBytesMax(const Request& head) = 0;
  // Who the client is: `head.peer`, or what trusted proxies say.
  virtual std::string ClientAddress(const Request& head) = 0;
  // A head that was refused before it became an exchange: answers the response to send. `status` is
  // an HTTP status, `reason` and `message` say why.
  virtual Response Refuse(int status, std::string_view reason, std::string_view message) = 0;
  // Must not block.
  virtual void Handle(std::shared_ptr<Exchange> exchange) = 0;
};

}  // namespace karez::gateway::http

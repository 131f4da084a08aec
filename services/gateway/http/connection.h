// One client connection of the server: reads requests, hands them to the handler, writes answers.
#pragma once

#include <memory>

#include <boost/asio/ip/tcp.hpp>

#include "services/gateway/http/message.h"
#include "services/gateway/http/server.h"

namespace karez::gateway::http {

class Connection {
 public:
  // What a connection needs of its server, which outlives it.
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual const ServerOptions& options() const = 0;
    virtual Handler& handler() = 0;
    virtual bool draining() const = 0;
    virtual void Remove(Connection* connection) = 0;
  };

  // `socket`'s executor must be a strand.
  static std::shared_ptr<Connection> Make(Owner& owner, boost::asio::ip::tcp::socket socket);
  virtual ~Connection() = default;

  // Both from any thread.
  virtual void Begin() = 0;
  // Closes when nothing is under way; tells a stream to end.
  virtual void Drain() = 0;
};

}  // namespace karez::gateway::http

// The TCP server of an ingest edge: terminals of both kinds on one port. One thread runs all
// connections; the database is asked on threads of its own.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "libs/pg/tenant_directory.h"
#include "services/metering/edge/connection.h"
#include "services/metering/edge/frame_sink.h"
#include "services/metering/store/edge_store.h"
#include "services/metering/store/terminal_store.h"

namespace karez::metering::edge {

struct ServerOptions {
  std::string listen;  // host:port; port 0 picks one
  std::string edge_id;
  std::string brokers;
  std::string topic;
  int max_connections = 20'000;
  std::chrono::milliseconds idle_timeout = std::chrono::minutes(10);
  std::chrono::milliseconds register_timeout = std::chrono::seconds(60);
  std::chrono::milliseconds poll_timeout = std::chrono::seconds(5);
  int poll_tries = 3;
};

class Server {
 public:
  // All of them must outlive the server.
  Server(ServerOptions options, pg::Pool& pool, pg::TenantDirectory& tenants, const Clock& clock);
  ~Server();  // stops

  // UNAVAILABLE when the address cannot be bound.
  Result<void> Start();
  // Takes no more bytes, waits until what was taken is stored and acknowledged (10 s at most), and
  // writes the account. Safe to repeat.
  void Stop();
  int port() const { return port_; }
  // Why no frame could be acknowledged now, or empty. From any thread.
  std::string NotReady();

  // ---- for connections, on the server's thread -------------------------------------------------
  const ServerOptions& options() const { return options_; }
  const protocols::ProfileCatalogue& profiles() const { return profiles_; }
  FrameSink& sink() { return sink_; }
  Instant Now() const { return clock_.Now(); }
  std::int64_t Micros() const { return Now().time_since_epoch().count(); }
  void Add(const domain::ByteAccount& account) { account_ += account; }
  // Asks the directory; `then` runs on the server's thread.
  void Look(domain::Terminal::Kind kind, const std::string& number,
            std::function<void(const Result<KnownTerminal>&)> then);
  void Registered(const std::shared_ptr<Connection>& connection);
  void Seen(const KnownTerminal& terminal);
  void Gone(const std::shared_ptr<Connection>& connection);

 private:
  struct ContactState {
    TenantId tenant = 0;
    store::Contact contact;
    Instant saved;  // when it was last handed to the database
    bool changed = false;
  };
  using Contacts = std::map<TenantId, std::vector<store::Contact>>;

  void Accept();
  void Tick();
  void SaveSoon();
  store::EdgeAccount Snapshot() const;
  Contacts TakeContacts(bool all);
  bool Save(const store::EdgeAccount& account, const Contacts& contacts);
  void CountBytes();
  void Drain();

  const ServerOptions options_;
  pg::Pool& pool_;
  pg::TenantDirectory& tenants_;
  const Clock& clock_;
  const Uuid run_id_ = Uuid::V7();
  const protocols::ProfileCatalogue profiles_ = protocols::ProfileCatalogue::BuiltIn();
  Directory directory_{pool_, profiles_};
  boost::asio::io_context io_{1};
  boost::asio::ip::tcp::acceptor acceptor_{io_};
  boost::asio::steady_timer timer_{io_};
  FrameSink sink_;
  std::set<std::shared_ptr<Connection>> connections_;
  std::map<domain::TerminalId, std::weak_ptr<Connection>> registered_;
  std::map<domain::TerminalId, ContactState> contacts_;
  domain::ByteAccount account_;
  domain::ByteAccount counted_;  // of account_, in the metrics
  std::int64_t accepted_ = 0;
  int looking_ = 0;
  int port_ = 0;
  std::chrono::steady_clock::time_point next_save_{};
  std::chrono::steady_clock::time_point drain_until_{};
  bool saving_ = false;
  bool draining_ = false;
  boost::asio::thread_pool database_{2};
  std::thread thread_;
};

}  // namespace karez::metering::edge

#include "services/gateway/http/server.h"

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include "libs/obs/metrics.h"
#include "services/gateway/http/connection.h"

namespace karez::gateway::http {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

constexpr std::chrono::milliseconds kAcceptPause{100};

class ServerImpl final : public Server, public Connection::Owner {
 public:
  ServerImpl(ServerOptions options, Handler& handler)
      : options_(std::move(options)),
        handler_(handler),
        io_(options_.threads),
        acceptor_(net::make_strand(io_)) {}
  ~ServerImpl() override { Stop(std::chrono::milliseconds(0)); }

  Result<void> Open();
  void Run() override;
  int port() const override { return acceptor_port_; }
  void After(std::chrono::milliseconds delay, std::function<void()> task) override;
  void Stop(std::chrono::milliseconds patience) override;

  const ServerOptions& options() const override { return options_; }
  Handler& handler() override { return handler_; }
  bool draining() const override { return draining_; }
  void Add(const std::shared_ptr<Connection>& connection);
  void Remove(Connection* connection) override;

 private:
  void Accept();

  const ServerOptions options_;
  Handler& handler_;
  std::atomic<bool> draining_ = false;
  std::mutex mutex_;
  std::condition_variable none_left_;
  std::unordered_map<Connection*, std::weak_ptr<Connection>> connections_;
  // Below what connections use, because the last of them go with it.
  net::io_context io_;
  tcp::acceptor acceptor_;
  int acceptor_port_ = 0;
  std::vector<std::thread> threads_;
};

Result<void> ServerImpl::Open() {
  const auto fail = [this](const std::string& why) {
    return Fail(Code::kUnavailable, "CANNOT_LISTEN",
                "Cannot listen on " + options_.listen + ": " + why);
  };
  const std::size_t colon = options_.listen.rfind(':');
  if (colon == std::string::npos) return fail("not host:port");
  error_code error;
  std::string host = options_.listen.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto address = net::ip::make_address(host, error);
  if (error) return fail(error.message());
  const auto port = static_cast<std::uint16_t>(std::atoi(options_.listen.c_str() + colon + 1));
  const tcp::endpoint endpoint(address, port);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(net::socket_base::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(net::socket_base::max_listen_connections, error);
  if (error) return fail(error.message());
  acceptor_port_ = acceptor_.local_endpoint().port();
  return {};
}

void ServerImpl::Run() {
  net::dispatch(acceptor_.get_executor(), [this] { Accept(); });
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { io_.run(); });
}

void ServerImpl::Accept() {
  acceptor_.async_accept(net::make_strand(io_), [this](error_code error, tcp::socket socket) {
    if (error == net::error::operation_aborted || draining_) return;
    if (error) {  // out of file descriptors, usually: leave those that exist time to end
      auto timer = std::make_shared<net::steady_timer>(acceptor_.get_executor(), kAcceptPause);
      return timer->async_wait([this, timer](error_code) { Accept(); });
    }
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    auto connection = Connection::Make(*this, std::move(socket));
    Add(connection);
    Accept();
  });
}

void ServerImpl::Add(const std::shared_ptr<Connection>& connection) {
  bool full = false;
  {
    const std::lock_guard lock(mutex_);
    connections_.emplace(connection.get(), connection);
    full = connections_.size() > static_cast<std::size_t>(options_.connections_max);
  }
  if (full) {
    obs::Count("karez_http_connections_refused_total");
    return;  // the last reference goes, and the socket with it
  }
  connection->Begin();
}

void ServerImpl::Remove(Connection* connection) {
  const std::lock_guard lock(mutex_);
  connections_.erase(connection);
  if (connections_.empty()) none_left_.notify_all();
}

void ServerImpl::After(std::chrono::milliseconds delay, std::function<void()> task) {
  auto timer = std::make_shared<net::steady_timer>(io_, delay);
  timer->async_wait([timer, task = std::move(task)](error_code error) {
    if (!error) task();
  });
}

void ServerImpl::Stop(std::chrono::milliseconds patience) {
  if (threads_.empty()) return;
  draining_ = true;
  net::post(acceptor_.get_executor(), [this] {
    error_code ignored;
    acceptor_.close(ignored);
  });
  std::vector<std::shared_ptr<Connection>> open;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [pointer, weak] : connections_) {
      if (auto connection = weak.lock()) open.push_back(std::move(connection));
    }
  }
  for (const auto& connection : open) connection->Drain();
  open.clear();
  {
    std::unique_lock lock(mutex_);
    none_left_.wait_for(lock, patience, [this] { return connections_.empty(); });
  }
  io_.stop();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace

Result<std::unique_ptr<Server>> Server::Create(ServerOptions options, Handler& handler) {
  auto server = std::make_unique<ServerImpl>(std::move(options), handler);
  RETURN_IF_ERROR(server->Open());
  return server;
}

}  // namespace karez::gateway::http

#include "services/gateway/http/server.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include "libs/obs/metrics.h"
#include "services/gateway/http/head.h"

namespace karez::gateway::http {
namespace {

namespace beast = boost::beast;
namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

constexpr std::size_t kReadBytes = 8 * 1024;
constexpr std::chrono::seconds kLinger{2};
constexpr std::chrono::milliseconds kAcceptPause{100};

class Connection;

class ServerImpl final : public Server {
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

  const ServerOptions& options() const { return options_; }
  Handler& handler() { return handler_; }
  bool draining() const { return draining_; }
  void Add(const std::shared_ptr<Connection>& connection);
  void Remove(Connection* connection);

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

// One client connection. Everything below runs on its strand unless it says otherwise.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(ServerImpl& server, tcp::socket socket)
      : server_(server), stream_(std::move(socket)), buffer_(128 * 1024) {}
  ~Connection() { server_.Remove(this); }

  void Begin();
  void Drain();

  // For the exchange; from any thread.
  template <class F>
  void Run(F&& f) {
    net::post(stream_.get_executor(),
              std::forward<F>(f));  // never inside the caller, who may hold a lock
  }
  void SendResponse(Response response, bool keep_alive);
  void OpenStream(const Response& head, std::function<void()> closed);
  void SendPiece(std::string piece, std::function<void(bool)> written);
  void CloseStream();
  void Close();

 private:
  using Parser = beast::http::request_parser<beast::http::string_body>;

  void ReadFirstBytes();
  void ReadHead();
  void OnHead(error_code error);
  Request TakeHead() const;
  void ReadBody();
  void OnBody(error_code error);
  void Refuse(const Refusal& refusal);
  void OnWritten(error_code error, bool keep_alive);
  void Linger();
  void Discard();
  void WatchForClose();
  void WriteNextPiece();
  void StreamClosed();

  ServerImpl& server_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  Request head_;
  bool busy_ = false;  // an exchange is under way
  bool head_only_ = false;
  std::string out_head_;
  Response out_;
  // Streaming.
  bool streaming_ = false;
  bool chunked_ = false;
  bool ending_ = false;
  std::function<void()> closed_;
  std::deque<std::pair<std::string, std::function<void(bool)>>> pieces_;
};

class Turn final : public Exchange {
 public:
  Turn(std::shared_ptr<Connection> connection, Request request, bool keep_alive)
      : connection_(std::move(connection)), request_(std::move(request)), keep_alive_(keep_alive) {}
  ~Turn() override {
    if (!answered_) connection_->Run([c = connection_] { c->Close(); });
  }
  const Request& request() const override { return request_; }
  void Respond(Response response) override {
    if (answered_.exchange(true)) return;
    connection_->Run([c = connection_, r = std::move(response), keep = keep_alive_]() mutable {
      c->SendResponse(std::move(r), keep);
    });
  }
  void StartStream(Response head, std::function<void()> closed) override {
    if (answered_.exchange(true)) return;
    connection_->Run([c = connection_, h = std::move(head), f = std::move(closed)]() mutable {
      c->OpenStream(h, std::move(f));
    });
  }
  void Write(std::string piece, std::function<void(bool)> written) override {
    connection_->Run([c = connection_, p = std::move(piece), f = std::move(written)]() mutable {
      c->SendPiece(std::move(p), std::move(f));
    });
  }
  void EndStream() override {
    connection_->Run([c = connection_] { c->CloseStream(); });
  }

 private:
  std::shared_ptr<Connection> connection_;
  Request request_;
  bool keep_alive_;
  std::atomic<bool> answered_ = false;
};

void Connection::Begin() {
  Run([self = shared_from_this()] { self->ReadFirstBytes(); });
}

void Connection::Drain() {
  Run([self = shared_from_this()] {
    if (self->streaming_) {
      self->StreamClosed();
    } else if (!self->busy_) {
      self->Close();
    }
  });
}

void Connection::Close() {
  error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
  stream_.socket().close(ignored);
}

// A connection may idle for long, but once a request has begun its head must come quickly.
void Connection::ReadFirstBytes() {
  busy_ = false;
  if (server_.draining()) return Close();
  if (buffer_.size() > 0) return ReadHead();
  stream_.expires_after(server_.options().idle_timeout);
  stream_.async_read_some(buffer_.prepare(kReadBytes),
                          [self = shared_from_this()](error_code error, std::size_t bytes) {
                            if (error) return self->Close();
                            self->buffer_.commit(bytes);
                            self->ReadHead();
                          });
}

void Connection::ReadHead() {
  busy_ = true;
  parser_.emplace();
  parser_->header_limit(server_.options().header_bytes_max);
  stream_.expires_after(server_.options().head_timeout);
  beast::http::async_read_header(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](error_code error, std::size_t) { self->OnHead(error); });
}

Request Connection::TakeHead() const {
  Request head;
  const auto& message = parser_->get();
  head.method = std::string(message.method_string());
  const std::string_view target(message.target().data(), message.target().size());
  const std::size_t question = std::min(target.find('?'), target.size());
  head.path = std::string(target.substr(0, question));
  head.query = std::string(target.substr(std::min(question + 1, target.size())));
  for (const auto& field : message) {
    std::string name(field.name_string());
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    head.headers.emplace_back(std::move(name), std::string(field.value()));
  }
  error_code ignored;
  head.peer = stream_.socket().remote_endpoint(ignored).address().to_string();
  return head;
}

void Connection::OnHead(error_code error) {
  namespace e = beast::http;
  if (error == e::error::header_limit || error == e::error::buffer_overflow) {
    return Refuse({431, "HEADERS_TOO_LARGE", "The headers are larger than the gateway takes."});
  }
  if (error == beast::error::timeout) {
    return Refuse({408, "HEAD_TIMEOUT", "The request head took too long to arrive."});
  }
  if (error && error.category() == make_error_code(e::error::bad_method).category() &&
      error != e::error::end_of_stream && error != e::error::partial_message) {
    return Refuse({400, "BAD_HTTP", "The request is not well-formed HTTP/1.1."});
  }
  if (error) return Close();
  head_ = TakeHead();
  head_only_ = head_.method == "HEAD";
  const unsigned version = parser_->get().version();
  if (version != 11 && version != 10) {
    return Refuse({505, "HTTP_VERSION", "Use HTTP/1.1."});
  }
  const std::string_view target(parser_->get().target().data(), parser_->get().target().size());
  if (const auto refusal = CheckHead(head_, target, version == 11)) return Refuse(*refusal);
  const std::size_t limit = server_.handler().BodyBytesMax(head_);
  parser_->body_limit(limit);
  if (const auto length = parser_->content_length(); length && *length > limit) {
    return Refuse({413, "BODY_TOO_LARGE", "The body is larger than this call takes."});
  }
  if (!WantsContinue(head_) || parser_->is_done()) return ReadBody();
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  net::async_write(stream_, net::buffer(kContinue),
                   [self = shared_from_this()](error_code failure, std::size_t) {
                     failure ? self->Close() : self->ReadBody();
                   });
}

void Connection::ReadBody() {
  stream_.expires_after(server_.options().body_timeout);
  beast::http::async_read(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](error_code error, std::size_t) { self->OnBody(error); });
}

void Connection::OnBody(error_code error) {
  if (error == beast::http::error::body_limit) {
    return Refuse({413, "BODY_TOO_LARGE", "The body is larger than this call takes."});
  }
  if (error == beast::error::timeout) {
    return Refuse({408, "BODY_TIMEOUT", "The body took too long to arrive."});
  }
  if (error == beast::http::error::bad_chunk || error == beast::http::error::bad_chunk_extension) {
    return Refuse({400, "BAD_HTTP", "The body is not well-formed."});
  }
  if (error) return Close();
  head_.body = std::move(parser_->get().body());
  head_.peer = server_.handler().ClientAddress(head_);
  chunked_ = parser_->get().version() == 11;
  stream_.expires_never();
  const bool keep_alive = parser_->keep_alive();
  server_.handler().Handle(
      std::make_shared<Turn>(shared_from_this(), std::move(head_), keep_alive));
}

void Connection::Refuse(const Refusal& refusal) {
  SendResponse(server_.handler().Refuse(refusal.status, refusal.reason, refusal.message), false);
}

void Connection::SendResponse(Response response, bool keep_alive) {
  keep_alive = keep_alive && !server_.draining();
  out_ = std::move(response);
  out_head_ = HeadText(out_, Framing::kLength, keep_alive);
  const std::string_view content = head_only_ ? std::string_view() : out_.content();
  const std::array<net::const_buffer, 2> buffers = {net::buffer(out_head_), net::buffer(content)};
  stream_.expires_after(server_.options().write_timeout);
  net::async_write(stream_, buffers,
                   [self = shared_from_this(), keep_alive](error_code error, std::size_t) {
                     self->OnWritten(error, keep_alive);
                   });
}

void Connection::OnWritten(error_code error, bool keep_alive) {
  if (error) return Close();
  if (!keep_alive) return Linger();
  ReadFirstBytes();
}

// Closing with unread bytes would reset the connection and could take the answer with it.
void Connection::Linger() {
  error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  stream_.expires_after(kLinger);
  Discard();
}

void Connection::Discard() {
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(kReadBytes),
                          [self = shared_from_this()](error_code error, std::size_t) {
                            error ? self->Close() : self->Discard();
                          });
}

void Connection::OpenStream(const Response& head, std::function<void()> closed) {
  streaming_ = true;
  closed_ = std::move(closed);
  pieces_.emplace_back(HeadText(head, chunked_ ? Framing::kChunked : Framing::kUntilClose, false),
                       nullptr);
  stream_.expires_never();
  WatchForClose();
  WriteNextPiece();
  if (server_.draining()) StreamClosed();
}

// Reads only to notice that the client is gone; what it sends meanwhile is dropped.
void Connection::WatchForClose() {
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(kReadBytes),
                          [self = shared_from_this()](error_code error, std::size_t) {
                            error ? self->StreamClosed() : self->WatchForClose();
                          });
}

void Connection::StreamClosed() {
  if (auto closed = std::exchange(closed_, nullptr)) closed();
}

void Connection::SendPiece(std::string piece, std::function<void(bool)> written) {
  if (!stream_.socket().is_open() || ending_) {
    if (written) written(false);
    return;
  }
  pieces_.emplace_back(chunked_ ? Chunk(piece) : std::move(piece), std::move(written));
  if (pieces_.size() == 1) WriteNextPiece();
}

void Connection::CloseStream() {
  if (ending_) return;
  ending_ = true;
  closed_ = nullptr;
  pieces_.emplace_back(chunked_ ? Chunk("") : "", nullptr);
  if (pieces_.size() == 1) WriteNextPiece();
}

void Connection::WriteNextPiece() {
  stream_.expires_after(server_.options().write_timeout);
  net::async_write(stream_, net::buffer(pieces_.front().first),
                   [self = shared_from_this()](error_code error, std::size_t) {
                     auto written = std::move(self->pieces_.front().second);
                     self->pieces_.pop_front();
                     if (written) written(!error);
                     if (error) {
                       self->StreamClosed();
                       for (auto& piece : self->pieces_) {
                         if (piece.second) piece.second(false);
                       }
                       self->pieces_.clear();
                       return self->Close();
                     }
                     if (!self->pieces_.empty()) return self->WriteNextPiece();
                     if (self->ending_) self->Close();
                   });
}

Result<void> ServerImpl::Open() {
  const auto fail = [this](const std::string& why) {
    return Fail(Code::kUnavailable, "CANNOT_LISTEN",
                "Cannot listen on " + options_.listen + ": " + why);
  };
  const std::size_t colon = options_.listen.rfind(':');
  if (colon == std::string::npos) return fail("not host:port");
  error_code error;
  const auto address = net::ip::make_address(options_.listen.substr(0, colon), error);
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
    auto connection = std::make_shared<Connection>(*this, std::move(socket));
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

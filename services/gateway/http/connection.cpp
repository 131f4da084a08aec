#include "services/gateway/http/connection.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <optional>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include "services/gateway/http/head.h"

namespace karez::gateway::http {
namespace {

namespace beast = boost::beast;
namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

constexpr std::size_t kReadBytes = 8 * 1024;
constexpr std::chrono::seconds kLinger{2};

// One client connection. Everything below runs on its strand unless it says otherwise.
class TcpConnection final : public Connection, public std::enable_shared_from_this<TcpConnection> {
 public:
  TcpConnection(Owner& server, tcp::socket socket)
      : server_(server), stream_(std::move(socket)), buffer_(128 * 1024) {}
  ~TcpConnection() override { server_.Remove(this); }

  void Begin() override;
  void Drain() override;

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

  Owner& server_;
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
  Turn(std::shared_ptr<TcpConnection> connection, Request request, bool keep_alive)
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
  std::shared_ptr<TcpConnection> connection_;
  Request request_;
  bool keep_alive_;
  std::atomic<bool> answered_ = false;
};

void TcpConnection::Begin() {
  Run([self = shared_from_this()] { self->ReadFirstBytes(); });
}

void TcpConnection::Drain() {
  Run([self = shared_from_this()] {
    if (self->streaming_) {
      self->StreamClosed();
    } else if (!self->busy_) {
      self->Close();
    }
  });
}

void TcpConnection::Close() {
  error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
  stream_.socket().close(ignored);
}

// A connection may idle for long, but once a request has begun its head must come quickly.
void TcpConnection::ReadFirstBytes() {
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

void TcpConnection::ReadHead() {
  busy_ = true;
  parser_.emplace();
  parser_->header_limit(server_.options().header_bytes_max);
  parser_->body_limit(boost::none);  // the call's own is set when the head says which call it is
  stream_.expires_after(server_.options().head_timeout);
  beast::http::async_read_header(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](error_code error, std::size_t) { self->OnHead(error); });
}

Request TcpConnection::TakeHead() const {
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

void TcpConnection::OnHead(error_code error) {
  namespace e = beast::http;
  if (error == e::error::header_limit || error == e::error::buffer_overflow) {
    return Refuse({431, "HEADERS_TOO_LARGE", "The headers are larger than the gateway takes."});
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

void TcpConnection::ReadBody() {
  stream_.expires_after(server_.options().body_timeout);
  beast::http::async_read(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](error_code error, std::size_t) { self->OnBody(error); });
}

void TcpConnection::OnBody(error_code error) {
  if (error == beast::http::error::body_limit) {
    return Refuse({413, "BODY_TOO_LARGE", "The body is larger than this call takes."});
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

void TcpConnection::Refuse(const Refusal& refusal) {
  SendResponse(server_.handler().Refuse(refusal.status, refusal.reason, refusal.message), false);
}

void TcpConnection::SendResponse(Response response, bool keep_alive) {
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

void TcpConnection::OnWritten(error_code error, bool keep_alive) {
  if (error) return Close();
  if (!keep_alive) return Linger();
  ReadFirstBytes();
}

// Closing with unread bytes would reset the connection and could take the answer with it.
void TcpConnection::Linger() {
  error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  stream_.expires_after(kLinger);
  Discard();
}

void TcpConnection::Discard() {
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(kReadBytes),
                          [self = shared_from_this()](error_code error, std::size_t) {
                            error ? self->Close() : self->Discard();
                          });
}

void TcpConnection::OpenStream(const Response& head, std::function<void()> closed) {
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
void TcpConnection::WatchForClose() {
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(kReadBytes),
                          [self = shared_from_this()](error_code error, std::size_t) {
                            error ? self->StreamClosed() : self->WatchForClose();
                          });
}

void TcpConnection::StreamClosed() {
  if (auto closed = std::exchange(closed_, nullptr)) closed();
}

void TcpConnection::SendPiece(std::string piece, std::function<void(bool)> written) {
  if (!stream_.socket().is_open() || ending_) {
    if (written) written(false);
    return;
  }
  pieces_.emplace_back(chunked_ ? Chunk(piece) : std::move(piece), std::move(written));
  if (pieces_.size() == 1) WriteNextPiece();
}

void TcpConnection::CloseStream() {
  if (ending_) return;
  ending_ = true;
  closed_ = nullptr;
  pieces_.emplace_back(chunked_ ? Chunk("") : "", nullptr);
  if (pieces_.size() == 1) WriteNextPiece();
}

void TcpConnection::WriteNextPiece() {
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

}  // namespace

std::shared_ptr<Connection> Connection::Make(Owner& owner, tcp::socket socket) {
  return std::make_shared<TcpConnection>(owner, std::move(socket));
}

}  // namespace karez::gateway::http

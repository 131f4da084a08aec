#include "libs/obs/http.h"

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <netdb.h>
#include <poll.h>
#include <string_view>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "libs/obs/metrics.h"

namespace karez::obs {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kLargestRequest = 8192;
constexpr milliseconds kClientTime{1000};  // one client is served at a time

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&&) = delete;
  ~FileDescriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

tl::unexpected<Error> RefuseListen(const std::string& listen, const char* why) {
  return Fail(Code::kUnavailable, "LISTEN_FAILED", "Cannot listen on " + listen + ": " + why);
}

Result<FileDescriptor> Bind(const std::string& listen) {
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos) return RefuseListen(listen, "not host:port");
  std::string host = listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(host.c_str(), listen.c_str() + colon + 1, &hints, &found);
  if (failed != 0) return RefuseListen(listen, gai_strerror(failed));
  FileDescriptor bound(socket(found->ai_family, found->ai_socktype | SOCK_CLOEXEC, 0));
  const int yes = 1;
  setsockopt(bound.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const bool ok = bound.get() >= 0 && bind(bound.get(), found->ai_addr, found->ai_addrlen) == 0 &&
                  ::listen(bound.get(), 16) == 0;
  freeaddrinfo(found);
  if (!ok) return RefuseListen(listen, std::strerror(errno));
  return bound;
}

bool WaitFor(int fd, short events, steady_clock::time_point until) {
  const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now()).count();
  pollfd one{fd, events, 0};
  return left > 0 && poll(&one, 1, static_cast<int>(left)) == 1;
}

// The head of the request, or what of it came in time.
std::string ReadHead(int fd, steady_clock::time_point until) {
  std::string head;
  char block[1024];
  while (head.find("\r\n\r\n") == std::string::npos && head.size() < kLargestRequest &&
         WaitFor(fd, POLLIN, until)) {
    const ssize_t got = recv(fd, block, sizeof block, MSG_DONTWAIT);
    if (got <= 0) break;
    head.append(block, static_cast<std::size_t>(got));
  }
  return head;
}

void WriteAll(int fd, std::string_view text, steady_clock::time_point until) {
  while (!text.empty() && WaitFor(fd, POLLOUT, until)) {
    const ssize_t sent = send(fd, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string Answer(const char* status, const std::string& body,
                   const char* type = "text/plain; charset=utf-8") {
  return std::string("HTTP/1.1 ") + status + "\r\nContent-Type: " + type +
         "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n" + body;
}

class Listener final : public OperatorListener {
 public:
  Listener(FileDescriptor listening, FileDescriptor stop, int port,
           std::function<std::string()> ready)
      : listening_(std::move(listening)),
        stop_(std::move(stop)),
        port_(port),
        ready_(std::move(ready)),
        thread_([this] { Run(); }) {}

  ~Listener() override {
    const std::uint64_t one = 1;
    // Cannot fail: the counter of an eventfd is far from full.
    if (write(stop_.get(), &one, sizeof one) == sizeof one) thread_.join();
  }

  int port() const override { return port_; }

 private:
  void Run() {
    for (;;) {
      pollfd fds[] = {{listening_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
      if (poll(fds, 2, -1) < 0) continue;  // interrupted by a signal
      if (fds[1].revents != 0) return;
      const FileDescriptor client(accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (client.get() < 0) continue;
      const auto until = steady_clock::now() + kClientTime;
      WriteAll(client.get(), Respond(ReadHead(client.get(), until)), until);
    }
  }

  std::string Respond(std::string_view head) const {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    if (!line.starts_with("GET ") || !head.ends_with("\r\n\r\n")) {
      return Answer("400 Bad Request", "Only GET is served here.\n");
    }
    const std::string_view path = line.substr(4, line.find_first_of(" ?", 4) - 4);
    if (path == "/healthz") return Answer("200 OK", "ok\n");
    if (path == "/readyz") {
      const std::string why_not = ready_();
      return why_not.empty() ? Answer("200 OK", "ok\n")
                             : Answer("503 Service Unavailable", why_not + "\n");
    }
    if (path == "/metrics") {
      return Answer("200 OK", ScrapeText(), "text/plain; version=0.0.4; charset=utf-8");
    }
    return Answer("404 Not Found", "Served here: /metrics, /healthz, /readyz.\n");
  }

  FileDescriptor listening_;
  FileDescriptor stop_;
  int port_;
  std::function<std::string()> ready_;
  std::thread thread_;  // last: it uses the others
};

}  // namespace

Result<std::unique_ptr<OperatorListener>> OperatorListener::Start(
    const std::string& listen, std::function<std::string()> ready) {
  ASSIGN_OR_RETURN(FileDescriptor listening, Bind(listen));
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  char port[NI_MAXSERV] = "0";
  getsockname(listening.get(), reinterpret_cast<sockaddr*>(&address), &length);
  getnameinfo(reinterpret_cast<sockaddr*>(&address), length, nullptr, 0, port, sizeof port,
              NI_NUMERICSERV);
  FileDescriptor stop(eventfd(0, EFD_CLOEXEC));
  if (stop.get() < 0) return RefuseListen(listen, std::strerror(errno));
  return std::make_unique<Listener>(std::move(listening), std::move(stop), std::atoi(port),
                                    std::move(ready));
}

}  // namespace karez::obs

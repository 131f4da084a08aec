#include "services/gateway/tests/client.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cstdlib>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace karez::gateway {

Client::Client(int port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{.tv_sec = 10, .tv_usec = 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect");
  }
}

Client::~Client() { Close(); }

void Client::Close() {
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
}

void Client::SendRaw(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the answer, or its absence, tells
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool Client::Fill() {
  char bytes[16384];
  const ssize_t got = recv(socket_, bytes, sizeof bytes, 0);
  if (got <= 0) return false;
  buffer_.append(bytes, static_cast<std::size_t>(got));
  return true;
}

bool Client::Closed() {
  while (Fill()) {
  }
  return true;
}

std::string Client::ReadUntil(std::string_view end) {
  while (end.empty() || buffer_.find(end) == std::string::npos) {
    if (!Fill()) return std::exchange(buffer_, {});
  }
  const std::size_t size = buffer_.find(end) + end.size();
  std::string text = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return text;
}

Answer Client::ReadAnswer() {
  Answer answer;
  answer.head = ReadUntil("\r\n\r\n");
  if (!answer.head.starts_with("HTTP/1.1 ")) return answer;
  answer.status = std::atoi(answer.head.c_str() + 9);
  const auto length = static_cast<std::size_t>(std::atol(answer.Header("content-length").c_str()));
  while (buffer_.size() < length && Fill()) {
  }
  answer.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  return answer;
}

Answer Client::Send(std::string_view method, std::string_view target, const Headers& headers,
                    std::string_view body) {
  std::string text(method);
  text.append(" ").append(target).append(" HTTP/1.1\r\nHost: gateway\r\n");
  for (const auto& [name, value] : headers) text.append(name + ": " + value + "\r\n");
  if (!body.empty()) {
    text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    const bool typed = std::any_of(headers.begin(), headers.end(),
                                   [](const auto& h) { return h.first == "Content-Type"; });
    if (!typed) text += "Content-Type: application/json\r\n";
  }
  SendRaw(text.append("\r\n").append(body));
  return ReadAnswer();
}

std::string Answer::Header(std::string_view name) const {
  std::string lower = head;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  const std::size_t at = lower.find("\r\n" + std::string(name) + ": ");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size() + 4;
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

}  // namespace karez::gateway

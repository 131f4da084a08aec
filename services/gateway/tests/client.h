// A bare HTTP client, so that tests can send what no library would.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace karez::gateway {

struct Answer {
  int status = 0;  // 0: the connection was closed without an answer
  std::string head;
  std::string body;
  // Empty when absent. `name` in lower case.
  std::string Header(std::string_view name) const;
};

class Client {
 public:
  explicit Client(int port);
  ~Client();
  Client(const Client&) = delete;

  void SendRaw(std::string_view bytes);
  Answer ReadAnswer();
  // What is there, until `end` was seen (empty: until the other side closed) or ten seconds passed.
  std::string ReadUntil(std::string_view end);
  bool Closed();  // waits for the other side to close
  void Close();

  using Headers = std::vector<std::pair<std::string, std::string>>;
  Answer Send(std::string_view method, std::string_view target, const Headers& headers = {},
              std::string_view body = {});

 private:
  bool Fill();
  int socket_ = -1;
  std::string buffer_;
};

}  // namespace karez::gateway

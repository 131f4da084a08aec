#include "libs/obs/http.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/obs/metrics.h"

namespace karez::obs {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string Ask(int port, const std::string& request) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
      send(fd, request.data(), request.size(), MSG_NOSIGNAL) >= 0) {
    char block[4096];
    for (ssize_t got = 0; (got = recv(fd, block, sizeof block, 0)) > 0;) {
      answer.append(block, static_cast<std::size_t>(got));
    }
  }
  close(fd);
  return answer;
}

std::string Get(int port, const std::string& path) {
  return Ask(port, "GET " + path + " HTTP/1.1\r\nHost: karez\r\n\r\n");
}

class OperatorListenerTest : public testing::Test {
 protected:
  std::string why_not_;
  std::unique_ptr<OperatorListener> listener_ =
      OperatorListener::Start("127.0.0.1:0", [this] { return why_not_; }).value();
};

TEST_F(OperatorListenerTest, SaysThatTheProcessRuns) {
  EXPECT_THAT(Get(listener_->port(), "/healthz"), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(OperatorListenerTest, SaysWhyTheProcessCannotServe) {
  EXPECT_THAT(Get(listener_->port(), "/readyz"), StartsWith("HTTP/1.1 200 OK\r\n"));
  why_not_ = "database unreachable";
  const std::string answer = Get(listener_->port(), "/readyz");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_THAT(answer, HasSubstr("database unreachable"));
}

TEST_F(OperatorListenerTest, ServesMetricsWithTheirType) {
  Count("test_http_total");
  const std::string answer = Get(listener_->port(), "/metrics?from=test");
  EXPECT_THAT(answer, HasSubstr("Content-Type: text/plain; version=0.0.4"));
  EXPECT_THAT(answer, HasSubstr("test_http_total 1\n"));
}

TEST_F(OperatorListenerTest, RefusesEverythingElse) {
  EXPECT_THAT(Get(listener_->port(), "/"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(Get(listener_->port(), "/metricsx"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(Ask(listener_->port(), "POST /metrics HTTP/1.1\r\n\r\n"),
              StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(Ask(listener_->port(), std::string(9000, 'x')), StartsWith("HTTP/1.1 400 "));
}

TEST_F(OperatorListenerTest, RefusesAPortInUse) {
  const auto second = OperatorListener::Start("127.0.0.1:" + std::to_string(listener_->port()),
                                              [] { return std::string(); });
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::kUnavailable);
  EXPECT_EQ(second.error().reason, "LISTEN_FAILED");
}

}  // namespace
}  // namespace karez::obs

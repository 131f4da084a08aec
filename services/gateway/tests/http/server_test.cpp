// What clients may and may not do to the server, byte by byte.
#include "services/gateway/http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/gateway/http/problem.h"
#include "services/gateway/tests/client.h"

namespace karez::gateway::http {
namespace {

using ::testing::HasSubstr;

// Answers with what it was sent.
class Echo final : public Handler {
 public:
  std::size_t BodyBytesMax(const Request&) override { return 100; }
  std::string ClientAddress(const Request& head) override { return head.peer; }
  Response Refuse(int status, std::string_view reason, std::string_view message) override {
    return ProblemResponse(
        {Code::kInvalidArgument, std::string(reason), std::string(message), {}, {}}, "trace",
        status);
  }
  void Handle(std::shared_ptr<Exchange> exchange) override {
    const Request& request = exchange->request();
    if (request.path == "/drop") return;
    exchange->Respond(
        {200,
         {},
         request.method + " " + request.path + "?" + request.query + " " + request.body,
         nullptr});
  }
};

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    ServerOptions options;
    options.listen = "127.0.0.1:0";
    options.head_timeout = std::chrono::milliseconds(200);
    options.body_timeout = std::chrono::milliseconds(200);
    options.idle_timeout = std::chrono::milliseconds(400);
    server_ = Server::Create(options, echo_).value();
    server_->Run();
  }
  Answer Raw(std::string_view bytes) {
    Client client(server_->port());
    client.SendRaw(bytes);
    return client.ReadAnswer();
  }
  Echo echo_;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, KeepsTheConnectionAndAnswersPipelinedRequestsInOrder) {
  Client client(server_->port());
  client.SendRaw(
      "GET /a?x=1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /b HTTP/1.1\r\nHost: h\r\n"
      "Content-Length: 2\r\n\r\nhi");
  EXPECT_EQ(client.ReadAnswer().body, "GET /a?x=1 ");
  EXPECT_EQ(client.ReadAnswer().body, "POST /b? hi");
  EXPECT_EQ(client.Send("GET", "/c").body, "GET /c? ");
}

TEST_F(ServerTest, TakesChunkedBodies) {
  EXPECT_EQ(Raw("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                "2\r\nhi\r\n1\r\n!\r\n0\r\n\r\n")
                .body,
            "POST /a? hi!");
}

TEST_F(ServerTest, AnswersHeadWithoutABody) {
  Client client(server_->port());
  client.SendRaw("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(client.ReadUntil("\r\n\r\n"), HasSubstr("Content-Length: 9"));
  EXPECT_EQ(client.ReadAnswer().body, "GET /b? ");
}

TEST_F(ServerTest, ClosesForHttp10) {
  Client client(server_->port());
  client.SendRaw("GET /a HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.ReadAnswer().Header("connection"), "close");
  EXPECT_TRUE(client.Closed());
}

TEST_F(ServerTest, SendsContinueWhenAskedTo) {
  Client client(server_->port());
  client.SendRaw(
      "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.SendRaw("hi");
  EXPECT_EQ(client.ReadAnswer().body, "POST /a? hi");
  EXPECT_EQ(Raw("GET / HTTP/1.1\r\nHost: h\r\nExpect: wonders\r\n\r\n").status, 417);
}

TEST_F(ServerTest, RefusesAmbiguousHeads) {
  const auto status = [&](const std::string& head) {
    return Raw("POST /a HTTP/1.1\r\n" + head + "\r\n").status;
  };
  EXPECT_EQ(status(""), 400);
  EXPECT_EQ(status("Host: a\r\nHost: b\r\n"), 400);
  EXPECT_EQ(status("Host: a\r\nAuthorization: x\r\nauthorization: y\r\n"), 400);
  EXPECT_EQ(status("Host: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n"), 400);
  EXPECT_EQ(status("Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n"), 400);
  EXPECT_EQ(status("Host: a\r\nTransfer-Encoding: gzip, chunked\r\n"), 400);
  EXPECT_EQ(status("Host: a\r\nContent-Length: -1\r\n"), 400);
  EXPECT_EQ(status("Host : a\r\n"), 400);
  EXPECT_EQ(Raw("GET http://x/a HTTP/1.1\r\nHost: h\r\n\r\n").status, 400);
  EXPECT_EQ(Raw("\x16\x03\x01 hello\r\n\r\n").status, 400);
}

TEST_F(ServerTest, RefusesTooMuch) {
  EXPECT_EQ(Raw("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 101\r\n\r\n").status, 413);
  EXPECT_EQ(Raw("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 9000000\r\n\r\n").status, 413);
  const std::string chunk = "64\r\n" + std::string(100, 'x') + "\r\n";
  EXPECT_EQ(Raw("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk)
                .status,
            413);
  EXPECT_EQ(Raw("GET /a HTTP/1.1\r\nHost: h\r\nX: " + std::string(40'000, 'x') + "\r\n\r\n").status,
            431);
  EXPECT_EQ(Raw("GET /" + std::string(9'000, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n").status, 414);
}

TEST_F(ServerTest, ClosesOnSlowClients) {
  EXPECT_EQ(Raw("GET /a HTTP/1.1\r\nHost:").status, 0);
  EXPECT_EQ(Raw("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab").status, 0);
  Client idle(server_->port());
  EXPECT_TRUE(idle.Closed());
}

TEST_F(ServerTest, ClosesWhenTheHandlerGivesUp) {
  EXPECT_EQ(Raw("GET /drop HTTP/1.1\r\nHost: h\r\n\r\n").status, 0);
}

}  // namespace
}  // namespace karez::gateway::http

// The whole gateway in front of a real gRPC service.
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/obs/metrics.h"
#include "libs/testing/eventually.h"
#include "services/gateway/tests/client.h"
#include "services/gateway/tests/world.h"

namespace karez::gateway {
namespace {

using karez::testing::Eventually;
using ::testing::HasSubstr;
using ::testing::Not;

// The gateway trusts nobody before identity has spoken.
void WaitUntilReady(World& world) {
  ASSERT_TRUE(Eventually([&] {
    Client client(world.port());
    return client.Send("GET", "/v1/things", {{"Authorization", world.Bearer()}}).status == 200;
  }));
}

class GatewayTest : public ::testing::Test {
 protected:
  void SetUp() override { WaitUntilReady(world_); }
  Answer Send(std::string_view method, std::string_view target, Client::Headers headers = {},
              std::string_view body = {}) {
    headers.emplace_back("Authorization", world_.Bearer());
    return Client(world_.port()).Send(method, target, headers, body);
  }
  World world_;
};

TEST_F(GatewayTest, AnswersAReadWithTheWholeResource) {
  const Answer answer = Send("GET", "/v1/things/7");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.Header("content-type"), "application/json");
  EXPECT_EQ(answer.Header("cache-control"), "no-store");
  EXPECT_EQ(answer.Header("karez-trace-id").size(), 32U);
  EXPECT_EQ(
      answer.body,
      R"({"id":"7","displayName":"","color":"COLOR_UNSPECIFIED","amountFen":"0","lines":[]})");
}

TEST_F(GatewayTest, TakesFieldsFromPathAndQuery) {
  EXPECT_THAT(Send("GET", "/v1/shelves/a%20b/things/7").body, HasSubstr("\"shelves/a b\""));
  const Answer answer =
      Send("GET",
           "/v1/things?pageSize=5&filter.colors=COLOR_RED&filter.colors=2&filter.open=true"
           "&filter.since=2026-05-01T08%3A00%3A00%2B08%3A00&page_token=a+b");
  EXPECT_THAT(answer.body,
              HasSubstr(R"(page_size: 5 page_token: \"a b\" filter { colors: COLOR_RED colors: )"
                        R"(COLOR_GREEN since { seconds: 1777593600 } open: true })"));
}

TEST_F(GatewayTest, NamesEveryBadQueryParameter) {
  const Answer answer = Send("GET", "/v1/things?pageSize=x&other=1&pageToken=a&pageToken=b");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr(R"("field":"pageSize")"));
  EXPECT_THAT(answer.body, HasSubstr(R"("field":"other")"));
  EXPECT_THAT(answer.body, HasSubstr(R"("field":"pageToken","description":"Given twice)"));
}

TEST_F(GatewayTest, FillsTheRequestIdFromTheHeader) {
  const std::string key = "0190A6B0-7C5D-7000-8000-0123456789ab";
  const Answer answer = Send("POST", "/v1/things", {{"Idempotency-Key", key}}, "{}");
  EXPECT_THAT(answer.body, HasSubstr(R"("id":"0190a6b0-7c5d-7000-8000-0123456789ab")"));
  EXPECT_EQ(Send("POST", "/v1/things", {{"Idempotency-Key", "x"}}, "{}").status, 400);
  EXPECT_EQ(
      Send("POST", "/v1/things", {{"Idempotency-Key", key}}, R"({"requestId":"other"})").status,
      400);
}

TEST_F(GatewayTest, TurnsRefusalsIntoProblemDetails) {
  const Answer answer = Send("GET", "/v1/things/missing");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.Header("content-type"), "application/problem+json");
  EXPECT_THAT(answer.body, HasSubstr(R"("reason":"THING_NOT_FOUND")"));
  EXPECT_THAT(answer.body, HasSubstr(R"("detail":"The thing is not there: look elsewhere.")"));
  EXPECT_THAT(answer.body, HasSubstr(R"("field":"lines[0].volumeMl")"));
  EXPECT_THAT(answer.body, HasSubstr(R"("metadata":{"thing":"7"})"));
  EXPECT_THAT(answer.body, HasSubstr(answer.Header("karez-trace-id")));
}

TEST_F(GatewayTest, HidesWhatTheTransportSays) {
  for (const int code : {2, 13, 14, 15}) {
    const Answer answer =
        Send("POST", "/v1/greetings", {}, R"({"wish":"fail:)" + std::to_string(code) + "\"}");
    EXPECT_EQ(answer.status, code == 14 ? 503 : 500);
    EXPECT_THAT(answer.body, Not(HasSubstr("10.0.0.1")));
  }
}

TEST_F(GatewayTest, TakesPublicCallsWithoutAToken) {
  const Answer answer = Client(world_.port()).Send("POST", "/v1/greetings", {}, R"({"name":"A"})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"("Hello A")");
}

TEST_F(GatewayTest, RefusesTokensThatAreNotGood) {
  const auto send = [&](const std::string& authorization) {
    return Client(world_.port()).Send("GET", "/v1/things/7", {{"Authorization", authorization}});
  };
  EXPECT_EQ(Client(world_.port()).Send("GET", "/v1/things/7").status, 401);
  EXPECT_EQ(send("Basic eDp5").status, 401);
  std::string changed = world_.Bearer();
  changed[changed.size() - 20] = changed[changed.size() - 20] == 'A' ? 'B' : 'A';
  EXPECT_THAT(send(changed).body, HasSubstr("TOKEN_SIGNATURE_INVALID"));
  EXPECT_THAT(send("Bearer " + world_.Token([](karez::auth::Claims& claims) {
                claims.audience = "probe";
              })).body,
              HasSubstr("TOKEN_AUDIENCE_WRONG"));
  EXPECT_THAT(send("Bearer " + world_.Token([](karez::auth::Claims& claims) {
                claims.issued_at -= std::chrono::hours(1);
                claims.expires_at -= std::chrono::hours(1);
              })).body,
              HasSubstr("TOKEN_EXPIRED"));
}

TEST_F(GatewayTest, RefusesAnEndedSessionWithinTwoSeconds) {
  const std::string bearer = world_.Bearer("session-2");
  const auto send = [&] {
    return Client(world_.port()).Send("GET", "/v1/things", {{"Authorization", bearer}});
  };
  ASSERT_EQ(send().status, 200);
  world_.identity().Revoke("session-2");
  EXPECT_TRUE(Eventually([&] { return send().status == 401; }, std::chrono::seconds(2)));
  EXPECT_THAT(send().body, HasSubstr("SESSION_ENDED"));
}

TEST_F(GatewayTest, HasNoRouteToInternalCalls) {
  EXPECT_EQ(Send("GET", "/v1/hidden").status, 404);
  const Answer wrong = Send("DELETE", "/v1/things/7");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.Header("allow"), "GET, PATCH");
  EXPECT_EQ(Send("POST", "/v1/things/7:burn", {}, "{}").status, 404);
}

TEST_F(GatewayTest, RepeatsAReadOnceWhenTheConnectionBroke) {
  world_.probe().FailNext(1);
  const int before = world_.probe().calls();
  EXPECT_EQ(Send("GET", "/v1/things/7").status, 200);
  EXPECT_EQ(world_.probe().calls(), before + 2);
  world_.probe().FailNext(1);
  EXPECT_EQ(Send("POST", "/v1/things", {}, "{}").status, 503);
}

TEST_F(GatewayTest, GivesUpAtTheDeadline) {
  const Answer answer =
      Send("POST", "/v1/greetings", {{"Karez-Timeout-Ms", "50"}}, R"({"wish":"hang"})");
  EXPECT_EQ(answer.status, 504);
  EXPECT_THAT(answer.body, HasSubstr("DEADLINE_EXCEEDED"));
  EXPECT_EQ(Send("GET", "/v1/things", {{"Karez-Timeout-Ms", "soon"}}).status, 400);
}

TEST_F(GatewayTest, AnswersAtOnceWhileTheCircuitIsOpenAndRecovers) {
  world_.StopProbe();
  ASSERT_TRUE(Eventually([&] {
    return Send("POST", "/v1/things", {}, "{}").body.find("CIRCUIT_OPEN") != std::string::npos;
  }));
  const Answer open = Send("GET", "/v1/things/7");
  EXPECT_EQ(open.status, 503);
  EXPECT_NE(open.Header("retry-after"), "");
  EXPECT_THAT(obs::ScrapeText(), HasSubstr("karez_circuit_state{upstream=\"probe\"} 2"));
  world_.StartProbe();
  EXPECT_TRUE(Eventually([&] { return Send("GET", "/v1/things/7").status == 200; }));
}

TEST_F(GatewayTest, StreamsEventsToTheirEnd) {
  Client client(world_.port());
  client.SendRaw("GET /v1/counts:watch?last=3 HTTP/1.1\r\nHost: x\r\nAuthorization: " +
                 world_.Bearer() + "\r\n\r\n");
  const std::string text = client.ReadUntil("");
  EXPECT_THAT(text, HasSubstr("HTTP/1.1 200 OK"));
  EXPECT_THAT(text, HasSubstr("Content-Type: text/event-stream"));
  EXPECT_THAT(text, HasSubstr("data: {\"number\":3}\n\n"));
  EXPECT_THAT(text, HasSubstr("event: end\ndata: {}\n\n"));
  EXPECT_THAT(text, HasSubstr("\r\n0\r\n\r\n"));
}

TEST_F(GatewayTest, KeepsTheStatusOfAStreamThatFailsAtOnce) {
  EXPECT_EQ(Send("GET", "/v1/counts:watch?last=3&failAt=1").status, 404);
  Client client(world_.port());
  client.SendRaw("GET /v1/counts:watch?last=3&failAt=2 HTTP/1.1\r\nHost: x\r\nAuthorization: " +
                 world_.Bearer() + "\r\n\r\n");
  EXPECT_THAT(client.ReadUntil(""), HasSubstr("event: error\ndata: {\"type\":"));
}

TEST_F(GatewayTest, CancelsTheStreamOfAClientThatLeft) {
  {
    Client client(world_.port());
    client.SendRaw(
        "GET /v1/counts:watch?last=100000&pauseMs=1 HTTP/1.1\r\nHost: x\r\n"
        "Authorization: " +
        world_.Bearer() + "\r\n\r\n");
    client.ReadUntil("data: ");
  }
  EXPECT_TRUE(Eventually([&] { return world_.probe().streams_cancelled() == 1; }));
}

TEST_F(GatewayTest, HoldsBackAStreamThatNobodyReads) {
  Client client(world_.port());
  client.SendRaw(
      "GET /v1/counts:watch?last=1000000&paddingBytes=10000 HTTP/1.1\r\nHost: "
      "x\r\nAuthorization: " +
      world_.Bearer() + "\r\n\r\n");
  int before = -1;
  // Comes to a standstill when the buffers on the way are full.
  EXPECT_TRUE(Eventually([&] {
    const int now = world_.probe().counts_written();
    const bool still = now == before && now > 0;
    before = now;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return still;
  }));
  EXPECT_LT(before, 10'000);
}

TEST_F(GatewayTest, EndsTheStreamOfAnEndedSession) {
  Client client(world_.port());
  client.SendRaw(
      "GET /v1/counts:watch?last=100000&pauseMs=20 HTTP/1.1\r\nHost: x\r\n"
      "Authorization: " +
      world_.Bearer("session-3") + "\r\n\r\n");
  client.ReadUntil("data: ");
  world_.identity().Revoke("session-3");
  EXPECT_THAT(client.ReadUntil(""), HasSubstr("SESSION_ENDED"));
}

TEST_F(GatewayTest, DrainsRunningCallsAndClosesStreams) {
  Client stream(world_.port());
  stream.SendRaw(
      "GET /v1/counts:watch?last=100000&pauseMs=20 HTTP/1.1\r\nHost: x\r\n"
      "Authorization: " +
      world_.Bearer() + "\r\n\r\n");
  stream.ReadUntil("data: ");
  Client idle(world_.port());
  Client busy(world_.port());
  const int before = world_.probe().calls();
  std::string body = R"({"wish":"hang"})";
  busy.SendRaw(
      "POST /v1/greetings HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      "Karez-Timeout-Ms: 500\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body);
  ASSERT_TRUE(Eventually([&] { return world_.probe().calls() > before; }));
  world_.app().Stop();
  const Answer answer = busy.ReadAnswer();
  EXPECT_EQ(answer.status, 504);
  EXPECT_EQ(answer.Header("connection"), "close");
  EXPECT_TRUE(idle.Closed());
  EXPECT_THAT(stream.ReadUntil(""), HasSubstr("event: error"));
}

TEST(GatewayLimitsTest, RefusesBeyondTheCallersRateAndSaysWhenToComeBack) {
  World world([](Config& config) {
    config.limits.read = {.caller = {.per_second = 0.1, .burst = 3},
                          .tenant = {.per_second = 100, .burst = 100}};
  });
  WaitUntilReady(world);
  const auto send = [&](const std::string& bearer) {
    return Client(world.port()).Send("GET", "/v1/things/7", {{"Authorization", bearer}});
  };
  const std::string bearer = world.Bearer("session-1", "staff-2");
  EXPECT_EQ(send(bearer).Header("ratelimit-remaining"), "2");
  send(bearer);
  send(bearer);
  const Answer refused = send(bearer);
  EXPECT_EQ(refused.status, 429);
  EXPECT_GE(std::stoi(refused.Header("retry-after")), 5);
  EXPECT_THAT(refused.body, HasSubstr("RATE_LIMITED"));
  EXPECT_EQ(send(world.Bearer("session-1", "staff-3")).status, 200);
}

TEST(GatewayLimitsTest, CountsTheAddressThatTrustedProxiesReport) {
  for (const int proxies : {0, 1}) {
    World world([&](Config& config) {
      config.proxies = proxies;
      config.limits.auth = {.caller = {.per_second = 0.001, .burst = 1},
                            .tenant = {.per_second = 100, .burst = 100}};
    });
    const auto send = [&](const std::string& forwarded) {
      return Client(world.port())
          .Send("POST", "/v1/greetings", {{"X-Forwarded-For", forwarded}}, "{}")
          .status;
    };
    EXPECT_EQ(send("192.0.2.1"), 200);
    EXPECT_EQ(send("192.0.2.2"), proxies == 0 ? 429 : 200);
    EXPECT_EQ(send("192.0.2.9, 192.0.2.2"), 429);  // what the client made up stands left
  }
}

TEST(GatewayStartTest, RefusesAServiceWithoutAnAddress) {
  EXPECT_THROW(World world([](Config& config) { config.upstreams.erase("probe"); }),
               std::runtime_error);
}

}  // namespace
}  // namespace karez::gateway

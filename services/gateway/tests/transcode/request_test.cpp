#include "services/gateway/transcode/request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/gateway/tests/transcode/schema_fixture.h"

namespace karez::gateway::transcode {
namespace {

using ::testing::HasSubstr;

// The request message as text, or the refused fields: "field: description; …".
std::string Read(std::string_view method, std::string_view target, std::string_view body = {},
                 std::string_view key = {}) {
  static const std::shared_ptr<const Routes> kRoutes = Routes::Build(ProbeSchema()).value();
  const std::size_t question = std::min(target.find('?'), target.size());
  const auto path = RequestPath::Parse(target.substr(0, question)).value();
  const auto found = kRoutes->Find(method, path);
  if (!found.matched) return "no route";
  const Route& route = kRoutes->all()[found.route];
  auto message = NewMessage(*route.request);
  const auto read = ReadRequest(
      kRoutes->schema(), route,
      {&path, target.substr(std::min(question + 1, target.size())), body, key}, *message);
  if (read) return message->ShortDebugString();
  if (read.error().violations.empty()) return read.error().message;
  std::string text;
  for (const auto& bad : read.error().violations) text += bad.field + ": " + bad.description + "; ";
  return text;
}

TEST(RequestTest, PutsABodyIntoItsField) {
  EXPECT_EQ(Read("PATCH", "/v1/things/7?updateMask=displayName", R"({"displayName":"a"})"),
            R"(thing { id: "7" display_name: "a" } update_mask { paths: "display_name" })");
}

TEST(RequestTest, NamesBadFieldsOfTheBodyAsSeenFromTheRequest) {
  EXPECT_EQ(Read("PATCH", "/v1/things/7", R"({"lines":[{"volumeMl":"x"}]})").substr(0, 24),
            "thing.lines[0].volume_ml");
}

TEST(RequestTest, LetsABodyRepeatThePathButNotContradictIt) {
  EXPECT_EQ(Read("POST", "/v1/things/7:close", R"({"thingId":"7"})"), R"(thing_id: "7")");
  EXPECT_THAT(Read("POST", "/v1/things/7:close", R"({"thingId":"8"})"),
              HasSubstr("thing_id: Differs from the one in the path"));
}

TEST(RequestTest, TakesAnEmptyBodyAsAnEmptyMessage) {
  EXPECT_EQ(Read("POST", "/v1/things/7:close"), R"(thing_id: "7")");
}

TEST(RequestTest, RefusesABodyWhereNoneBelongs) {
  EXPECT_THAT(Read("GET", "/v1/things/7", "{}"), HasSubstr("body: This call takes no body"));
}

TEST(RequestTest, RefusesQueryParametersBesideAWholeBody) {
  EXPECT_THAT(Read("POST", "/v1/things?requestId=x", "{}"),
              HasSubstr("takes its fields in the body"));
}

TEST(RequestTest, RefusesParametersThatArePartOfPathOrBody) {
  EXPECT_THAT(Read("GET", "/v1/things/7?thingId=8"), HasSubstr("thing_id: Is given in the path"));
  EXPECT_THAT(Read("PATCH", "/v1/things/7?thing.displayName=8", "{}"),
              HasSubstr("thing.display_name: Is given in the path or body"));
}

TEST(RequestTest, RefusesWhatIsNotTextInTheQuery) {
  EXPECT_THAT(Read("GET", "/v1/things?pageToken=%ff"), HasSubstr("page_token: Must be UTF-8"));
  EXPECT_THAT(Read("GET", "/v1/things?pageToken=%zz"), HasSubstr("percent-encoded"));
  EXPECT_THAT(Read("GET", "/v1/things?pageToken=%00"), HasSubstr("NUL"));
  EXPECT_THAT(Read("GET", "/v1/things?filter=x"), HasSubstr("Cannot be a query parameter"));
}

TEST(RequestTest, FillsAnEmptyRequestIdFromTheKey) {
  const std::string id = "0190a6b0-7c5d-7000-8000-0123456789ab";
  EXPECT_EQ(Read("POST", "/v1/things", "{}", id), "request_id: \"" + id + "\"");
  EXPECT_EQ(Read("POST", "/v1/things", "{\"requestId\":\"" + id + "\"}", id),
            "request_id: \"" + id + "\"");
  EXPECT_THAT(Read("POST", "/v1/things", "{\"requestId\":\"x\"}", id), HasSubstr("Differs"));
  EXPECT_THAT(Read("POST", "/v1/things", "{}", "7"), HasSubstr("Idempotency-Key: Must be a UUID"));
}

}  // namespace
}  // namespace karez::gateway::transcode

#include "services/gateway/transcode/path_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/gateway/transcode/route_table.h"

namespace karez::gateway::transcode {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Routes by position of the template in the list.
class Routes {
 public:
  Routes(std::initializer_list<std::string_view> routes) {
    for (const std::string_view route : routes) {
      const std::size_t space = route.find(' ');
      templates_.push_back(PathTemplate::Parse(route.substr(space + 1)).value());
      EXPECT_TRUE(table_.Add(route.substr(0, space), templates_.back(), templates_.size() - 1));
    }
  }
  // "1: a, b" for the route and its variables; "404", "405 GET", or "400".
  std::string Go(std::string_view method, std::string_view path) const {
    const auto parsed = RequestPath::Parse(path);
    if (!parsed) return "400";
    const auto found = table_.Find(method, *parsed);
    if (!found.path_known) return "404";
    if (!found.matched) return "405 " + found.allowed.at(0);
    std::string text = std::to_string(found.route) + ":";
    for (const auto& value : BindVariables(templates_[found.route], *parsed)) text += " " + value;
    return text;
  }

 private:
  std::vector<PathTemplate> templates_;
  RouteTable table_;
};

TEST(PathTemplateTest, BindsOneSegment) {
  const Routes routes{"GET /v1/things/{thing_id}"};
  EXPECT_EQ(routes.Go("GET", "/v1/things/a%20b"), "0: a b");
  EXPECT_EQ(routes.Go("GET", "/v1/things/a%2Fb"), "0: a/b");
  EXPECT_EQ(routes.Go("GET", "/v1/things"), "404");
  EXPECT_EQ(routes.Go("GET", "/v1/things/a/b"), "404");
}

TEST(PathTemplateTest, BindsNestedPatternsAndKeepsEncodedSlashesInThem) {
  const Routes routes{"GET /v1/{name=shelves/*/books/**}"};
  EXPECT_EQ(routes.Go("GET", "/v1/shelves/1/books/a/b%2Fc"), "0: shelves/1/books/a/b%2Fc");
  EXPECT_EQ(routes.Go("GET", "/v1/shelves/1/pens/a"), "404");
}

TEST(PathTemplateTest, LiteralsWinOverWildcards) {
  const Routes routes{"GET /v1/things/{id}", "GET /v1/things/newest"};
  EXPECT_EQ(routes.Go("GET", "/v1/things/newest"), "1:");
  EXPECT_EQ(routes.Go("GET", "/v1/things/other"), "0: other");
}

TEST(PathTemplateTest, ComesBackFromALiteralThatLedNowhere) {
  const Routes routes{"GET /v1/things/newest/lines", "GET /v1/things/{id}/notes"};
  EXPECT_EQ(routes.Go("GET", "/v1/things/newest/notes"), "1: newest");
}

TEST(PathTemplateTest, AnUnknownVerbIsNotAName) {
  const Routes routes{"GET /v1/{name=things/*}", "POST /v1/{name=things/*}:close"};
  EXPECT_EQ(routes.Go("POST", "/v1/things/7:close"), "1: things/7");
  EXPECT_EQ(routes.Go("POST", "/v1/things/7:open"), "404");
  EXPECT_EQ(routes.Go("GET", "/v1/things/7:x"), "404");
  EXPECT_EQ(routes.Go("GET", "/v1/things/7%3Ax"), "0: things/7:x");
}

TEST(PathTemplateTest, TellsAWrongMethodFromAnUnknownPath) {
  const Routes routes{"GET /v1/things/{id}"};
  EXPECT_EQ(routes.Go("DELETE", "/v1/things/7"), "405 GET");
  EXPECT_EQ(routes.Go("DELETE", "/v1/thing/7"), "404");
}

TEST(PathTemplateTest, RefusesPathsThatClimbOrAreNotText) {
  const Routes routes{"GET /v1/{name=**}"};
  for (const char* path : {"", "v1/x", "/v1//x", "/v1/x/", "/v1/.", "/v1/../x", "/v1/%2e%2E/x",
                           "/v1/%", "/v1/%zz", "/v1/%00", "/v1/%ff", "/v1/%C0%AF", "/v1/x:"}) {
    EXPECT_EQ(routes.Go("GET", path), "400") << path;
  }
  EXPECT_EQ(routes.Go("GET", "/v1/%E6%B0%B4"), "0: 水");
}

TEST(PathTemplateTest, RefusesMalformedTemplates) {
  for (const char* text : {"", "v1", "/", "/v1/{", "/v1/{}", "/v1/{a", "/v1/{a=}", "/v1/**/x",
                           "/v1/x:", "/v1/x y", "/v1/{a=**}/x"}) {
    EXPECT_FALSE(PathTemplate::Parse(text)) << text;
  }
}

TEST(PathTemplateTest, RefusesTwoRoutesOfOneShape) {
  RouteTable table;
  EXPECT_TRUE(table.Add("GET", PathTemplate::Parse("/v1/things/{id}").value(), 0));
  const auto twice = table.Add("GET", PathTemplate::Parse("/v1/things/{name}").value(), 1);
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().reason, "ROUTE_TWICE");
}

}  // namespace
}  // namespace karez::gateway::transcode

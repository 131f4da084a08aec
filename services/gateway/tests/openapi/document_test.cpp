#include "services/gateway/openapi/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "services/gateway/tests/transcode/schema_fixture.h"

namespace karez::gateway::openapi {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

const Json& Probe() {
  static const Json kDocument =
      Json::parse(MakeDocument(**transcode::Routes::Build(transcode::ProbeSchema())));
  return kDocument;
}
const Json& Operation(const std::string& path, const std::string& method) {
  return Probe().at("paths").at(path).at(method);
}
const Json& Schema(const std::string& name) {
  return Probe().at("components").at("schemas").at(name);
}

// Every "$ref" below `node` leads to a component.
void CheckReferences(const Json& node) {
  if (node.is_object() && node.contains("$ref")) {
    const std::string name = node["$ref"].get<std::string>();
    EXPECT_TRUE(Probe()["components"]["schemas"].contains(name.substr(name.rfind('/') + 1)))
        << name;
  }
  if (node.is_structured()) {
    for (const auto& child : node) CheckReferences(child);
  }
}

TEST(OpenApiTest, HasEveryRouteAndNoInternalOne) {
  EXPECT_TRUE(Probe()["paths"].contains("/v1/things/{thingId}"));
  EXPECT_TRUE(Probe()["paths"].contains("/v1/shelves/{parent}/things/{thingId}"));
  EXPECT_TRUE(Probe()["paths"].contains("/v1/things/{thingId}:close"));
  EXPECT_TRUE(Probe()["paths"].contains("/v1/things/{thing.id}"));
  EXPECT_FALSE(Probe()["paths"].contains("/v1/hidden"));
  CheckReferences(Probe());
}

TEST(OpenApiTest, TakesTextsFromTheComments) {
  const Json& get = Operation("/v1/things/{thingId}", "get");
  EXPECT_EQ(get["summary"], "Gets a thing.");
  EXPECT_EQ(get["description"], "Gets a thing. NOT_FOUND: THING_NOT_FOUND.");
  EXPECT_EQ(Schema("Thing")["properties"]["displayName"]["description"], "What people call it.");
  EXPECT_EQ(Probe()["tags"][0]["name"], "probe");
  EXPECT_EQ(get["tags"], Json({"probe"}));
}

TEST(OpenApiTest, AsksForTheRequestIdOfChanges) {
  EXPECT_EQ(Schema("CreateThingRequest")["required"], Json({"requestId"}));
  EXPECT_EQ(Schema("CreateThingRequest")["properties"]["requestId"]["format"], "uuid");
  EXPECT_FALSE(Schema("GreetRequest").contains("required"));
}

TEST(OpenApiTest, TellsWhatIsSentFromWhatIsAnswered) {
  EXPECT_EQ(Schema("CreateThingRequest")["properties"]["thing"]["$ref"],
            "#/components/schemas/ThingInput");
  EXPECT_EQ(Schema("ThingInput")["additionalProperties"], false);
  EXPECT_FALSE(Schema("ThingInput").contains("required"));
  EXPECT_EQ(Schema("Thing")["required"],
            Json({"id", "displayName", "color", "amountFen", "lines"}));
  EXPECT_FALSE(Schema("Thing").contains("additionalProperties"));
}

TEST(OpenApiTest, LeavesFieldsOfThePathOutOfTheBody) {
  const Json& body = Schema("CloseThingRequestBody");
  EXPECT_TRUE(body["properties"].contains("requestId"));
  EXPECT_FALSE(body["properties"].contains("thingId"));
}

TEST(OpenApiTest, ListsQueryParametersOfNestedFields) {
  std::vector<std::string> names;
  for (const auto& parameter : Operation("/v1/things", "get")["parameters"]) {
    names.push_back(parameter["name"]);
  }
  EXPECT_THAT(names, ::testing::ElementsAre("pageSize", "pageToken", "filter.colors",
                                            "filter.since", "filter.open"));
}

TEST(OpenApiTest, DescribesValuesAsTheyAreWritten) {
  EXPECT_EQ(Schema("Line")["properties"]["volumeMl"]["type"], "string");
  EXPECT_EQ(Schema("Thing")["properties"]["createTime"]["format"], "date-time");
  EXPECT_EQ(Schema("Color")["enum"], Json({"COLOR_UNSPECIFIED", "COLOR_RED", "COLOR_GREEN"}));
}

TEST(OpenApiTest, SaysWhoMayCallAndHowErrorsLook) {
  const Json& close = Operation("/v1/things/{thingId}:close", "post");
  EXPECT_EQ(close["x-karez-permission"], "probe.thing.close");
  EXPECT_EQ(close["responses"]["default"]["content"]["application/problem+json"]["schema"]["$ref"],
            "#/components/schemas/Problem");
  EXPECT_EQ(Operation("/v1/greetings", "post")["security"], Json::array());
  EXPECT_TRUE(Operation("/v1/counts:watch", "get")["responses"]["200"]["content"].contains(
      "text/event-stream"));
}

}  // namespace
}  // namespace karez::gateway::openapi

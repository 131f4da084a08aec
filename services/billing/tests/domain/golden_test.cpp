// Published tariffs and their worked examples (tests/golden/billing): definitions as they are sent
// over the API, volumes in, lines and totals out.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "services/billing/api/convert.h"
#include "services/billing/domain/rating.h"
#include "services/billing/store/tariff_proto.h"
#include "services/billing/usecases/simulate_tariff.h"

namespace karez::billing {
namespace {

using nlohmann::json;

std::vector<std::string> Files() {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(KAREZ_GOLDEN_DIR)) {
    if (entry.path().extension() == ".json") out.push_back(entry.path().stem());
  }
  std::sort(out.begin(), out.end());
  return out;
}

json Load(const std::string& name) {
  std::ifstream in(std::string(KAREZ_GOLDEN_DIR) + "/" + name + ".json");
  return json::parse(in);
}

std::int64_t Number(const json& value) { return std::stoll(value.get<std::string>()); }

json LineJson(const RatedLine& line) {
  return {{"componentCode", line.component_code},
          {"tier", line.tier},
          {"volumeMl", std::to_string(line.volume_ml)},
          {"unitPriceMicroYuan", std::to_string(line.unit_price_micro_yuan)},
          {"amountFen", std::to_string(line.amount_fen)},
          {"counterBeforeMl", std::to_string(line.counter_before_ml)},
          {"counterAfterMl", std::to_string(line.counter_after_ml)}};
}

class GoldenTest : public testing::TestWithParam<std::string> {};

TEST_P(GoldenTest, EachCaseIsRatedAsPublished) {
  const json file = Load(GetParam());
  v1::TariffDefinition sent;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(file.at("tariff").dump(), &sent).ok());
  const TariffDefinition tariff = store::FromProto(sent);
  ASSERT_TRUE(CheckTariff(tariff, "tariff"));
  for (const json& test : file.at("cases")) {
    SCOPED_TRACE(test.at("name").get<std::string>());
    const auto rating = Rate(tariff, {test.at("householdSize").get<std::int32_t>(),
                                      Number(test.at("usedBeforeMl")), Number(test.at("volumeMl")),
                                      ParseDate(test.at("periodEnd").get<std::string>()).value()});
    ASSERT_TRUE(rating);
    json lines = json::array();
    for (const RatedLine& line : rating->lines) lines.push_back(LineJson(line));
    EXPECT_EQ(lines, test.at("lines"));
    EXPECT_EQ(rating->total_fen, Number(test.at("totalFen")));
    json limits = json::array();
    for (const std::int64_t limit : rating->limits_ml) limits.push_back(std::to_string(limit));
    EXPECT_EQ(limits, test.at("limitsMl"));
  }
}

// The JSON blocks of docs/api.md about simulation, request and answer in turn.
std::vector<json> DocumentedBlocks() {
  std::ifstream in(KAREZ_API_DOCUMENT);
  std::ostringstream text;
  text << in.rdbuf();
  const std::string all = text.str();
  std::vector<json> blocks;
  const std::string begin = "```json\n";
  for (auto at = all.find(begin, all.find("tariffs:simulate")); at != std::string::npos;
       at = all.find(begin, at)) {
    at += begin.size();
    const auto end = all.find("```", at);
    const json block = json::parse(all.substr(at, end - at));
    if (block.contains("tariff") || block.contains("totalFen")) blocks.push_back(block);
  }
  return blocks;
}

TEST(DocumentationTest, TheExamplesAreWhatIsAnswered) {
  const auto blocks = DocumentedBlocks();
  ASSERT_EQ(blocks.size(), 6u);
  for (std::size_t i = 0; i < blocks.size(); i += 2) {
    v1::SimulateTariffRequest request;
    v1::SimulateTariffResponse expected, answered;
    using google::protobuf::util::JsonStringToMessage;
    ASSERT_TRUE(JsonStringToMessage(blocks[i].dump(), &request).ok());
    ASSERT_TRUE(JsonStringToMessage(blocks[i + 1].dump(), &expected).ok());
    const auto rating =
        usecases::SimulateTariff({.tariff = store::FromProto(request.tariff()),
                                  .household_size = request.household_size(),
                                  .used_before_ml = request.used_before_ml(),
                                  .volume_ml = request.volume_ml(),
                                  .period_start = ParseDate(request.period_start()).value(),
                                  .period_end = ParseDate(request.period_end()).value()});
    ASSERT_TRUE(rating);
    api::ToProto(*rating, answered);
    EXPECT_EQ(answered.DebugString(), expected.DebugString());
  }
}

INSTANTIATE_TEST_SUITE_P(Tariffs, GoldenTest, testing::ValuesIn(Files()),
                         [](const auto& file) { return file.param; });

}  // namespace
}  // namespace karez::billing

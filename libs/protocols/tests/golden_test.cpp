// Every frame under tests/golden: bytes in, expected values out, as frame-decode shows them.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "libs/protocols/codec.h"
#include "libs/protocols/profiles_json/catalogue.h"
#include "libs/protocols/tests/hex.h"

namespace karez::protocols {
namespace {

namespace fs = std::filesystem;

std::string ReadText(const fs::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<fs::path> GoldenFrames(const std::string& protocol) {
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::path(KAREZ_GOLDEN_DIR) / protocol)) {
    if (entry.path().extension() == ".hex") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class GoldenTest : public testing::TestWithParam<fs::path> {};

TEST_P(GoldenTest, FrameReadsAsExpected) {
  static const ProfileCatalogue catalogue = ProfileCatalogue::BuiltIn();
  const fs::path hex = GetParam();
  const auto golden = nlohmann::json::parse(ReadText(fs::path(hex).replace_extension(".json")));
  const MeterProfile* profile = catalogue.FindMeter(golden.at("profile").get<std::string>());
  ASSERT_NE(profile, nullptr);
  const std::vector<std::byte> bytes = FromHex(ReadText(hex));
  ASSERT_FALSE(bytes.empty());

  const bool envelope = hex.string().find("/envelope/") != std::string::npos;
  const Description description =
      envelope ? DescribeEnvelope(*profile, bytes) : DescribeFrame(*profile, bytes);

  const auto found = nlohmann::json::parse(description.json);
  for (const auto& [key, expected] : golden.at("expect").items()) {
    ASSERT_TRUE(found.contains(key)) << key << " is missing in " << description.json;
    EXPECT_EQ(found.at(key), expected) << key;
  }
  const std::string folder = hex.parent_path().filename().string();
  EXPECT_EQ(description.valid, folder != "malformed");
  EXPECT_EQ(found.contains("unsupported"), folder == "unsupported");
}

std::string TestName(const testing::TestParamInfo<fs::path>& info) {
  std::string name = info.param.stem().string();
  for (char& c : name) {
    if (c == '-') c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cjt188, GoldenTest, testing::ValuesIn(GoldenFrames("cjt188")), TestName);
INSTANTIATE_TEST_SUITE_P(Envelope, GoldenTest, testing::ValuesIn(GoldenFrames("envelope")),
                         TestName);

}  // namespace
}  // namespace karez::protocols

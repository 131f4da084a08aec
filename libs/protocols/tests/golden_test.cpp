// Every frame under tests/golden: bytes in, expected values out, as frame-decode shows them.
//
// <name>.hex (or .txt, for protocols that are JSON) holds what a device sent; <name>.json tells
// with what it is asked (protocol, profile, direction, keys, already_decrypted; the folder's
// protocol and no profile when absent) and what must come out. The folder malformed/ holds what is
// no frame, unsupported/ sound frames of unknown content.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "libs/protocols/explain/explain.h"
#include "libs/protocols/profiles_json/catalogue.h"

namespace karez::protocols {
namespace {

namespace fs = std::filesystem;

std::string ReadText(const fs::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<fs::path> GoldenFrames() {
  std::vector<fs::path> files;
  for (const Explainer& explainer : Explainers()) {
    const fs::path folder = fs::path(KAREZ_GOLDEN_DIR) / explainer.protocol;
    if (!fs::exists(folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.path().extension() == (explainer.is_text ? ".txt" : ".hex")) {
        files.push_back(entry.path());
      }
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

class GoldenTest : public testing::TestWithParam<fs::path> {};

Question QuestionOf(const fs::path& file, const nlohmann::json& golden) {
  static const ProfileCatalogue catalogue = ProfileCatalogue::BuiltIn();
  Question question;
  question.known = &catalogue.meters();
  question.protocol =
      golden.value("protocol", fs::relative(file, KAREZ_GOLDEN_DIR).begin()->string());
  question.content = ReadText(file);
  if (golden.contains("profile")) {
    question.profile = catalogue.FindMeter(golden.at("profile").get<std::string>());
    EXPECT_NE(question.profile, nullptr) << golden.at("profile");
  }
  const std::string direction = golden.value("direction", "");
  if (direction == "request") question.direction = Direction::kRequest;
  if (direction == "response") question.direction = Direction::kResponse;
  const auto keys = golden.value("keys", nlohmann::json::object());
  for (const auto& [name, key] : keys.items()) {
    question.keys[name] = key.get<std::string>();
  }
  question.already_decrypted = golden.value("already_decrypted", false);
  return question;
}

TEST_P(GoldenTest, FrameReadsAsExpected) {
  const fs::path file = GetParam();
  const auto golden = nlohmann::json::parse(ReadText(fs::path(file).replace_extension(".json")));
  const Question question = QuestionOf(file, golden);

  const Explanation explanation = Explain(question);

  const nlohmann::json found = explanation.json;
  for (const auto& [key, expected] : golden.at("expect").items()) {
    ASSERT_TRUE(found.contains(key)) << key << " is missing in " << found;
    EXPECT_EQ(found.at(key), expected) << key;
  }
  const std::string folder = file.parent_path().filename().string();
  EXPECT_EQ(explanation.valid, folder != "malformed");
  EXPECT_EQ(found.contains("unsupported"), folder == "unsupported");
  // Whoever does not know the protocol finds it.
  Question unknown = question;
  unknown.protocol = "auto";
  const nlohmann::json fits = Explain(unknown).json.at("fits");
  const bool listed = std::find(fits.begin(), fits.end(), question.protocol) != fits.end();
  EXPECT_EQ(listed, explanation.valid) << fits;
}

std::string TestName(const testing::TestParamInfo<fs::path>& info) {
  std::string name = fs::relative(info.param, KAREZ_GOLDEN_DIR).replace_extension().string();
  for (char& c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Frames, GoldenTest, testing::ValuesIn(GoldenFrames()), TestName);

}  // namespace
}  // namespace karez::protocols

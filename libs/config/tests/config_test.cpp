#include "libs/config/config.h"

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

namespace karez::config {
namespace {

class TempFile {
 public:
  explicit TempFile(const std::string& content)
      : path_(std::filesystem::temp_directory_path() /
              ("karez_config_test_" + std::to_string(getpid()))) {
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TempFile() { std::filesystem::remove(path_); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

std::vector<std::string> BadNames(const Reader& reader) {
  std::vector<std::string> names;
  const auto checked = reader.Check();
  if (checked) return names;
  for (const auto& violation : checked.error().violations) names.push_back(violation.field);
  return names;
}

TEST(ReaderTest, TakesValuesAndDefaults) {
  Reader reader(Environment{{"KAREZ_A", "text"}, {"KAREZ_B", "42"}, {"KAREZ_C", "false"}});
  EXPECT_EQ(reader.Text("KAREZ_A", "A text."), "text");
  EXPECT_EQ(reader.Integer("KAREZ_B", "A number.", 7, {1, 100}), 42);
  EXPECT_FALSE(reader.Flag("KAREZ_C", "A switch.", true));
  EXPECT_EQ(reader.Text("KAREZ_D", "Absent.", "fallback"), "fallback");
  EXPECT_EQ(reader.Milliseconds("KAREZ_E", "Absent.", 250, {1, 1000}).count(), 250);
  EXPECT_TRUE(reader.Flag("KAREZ_F", "Absent.", true));
  EXPECT_TRUE(reader.Check());
}

TEST(ReaderTest, ReportsEveryProblemAtOnce) {
  Reader reader(Environment{{"KAREZ_NUMBER", "12x"},
                            {"KAREZ_BIG", "99999999999999999999"},
                            {"KAREZ_RANGE", "0"},
                            {"KAREZ_FLAG", "yes"},
                            {"KAREZ_ADDRESS", "localhost"},
                            {"KAREZ_SECRET_FILE", "/nonexistent/secret"},
                            {"KAREZ_EMPTY", ""}});
  reader.Text("KAREZ_MISSING", "Needed.");
  reader.Text("KAREZ_EMPTY", "Needed too.");
  reader.Integer("KAREZ_NUMBER", "A number.", 1);
  reader.Integer("KAREZ_BIG", "A number.", 1);
  reader.Integer("KAREZ_RANGE", "A number.", 1, {1, 9});
  reader.Flag("KAREZ_FLAG", "A switch.", false);
  reader.Address("KAREZ_ADDRESS", "An address.");
  reader.SecretFile("KAREZ_SECRET_FILE", "A secret.");
  const std::vector<std::string> expected = {"KAREZ_MISSING", "KAREZ_EMPTY",      "KAREZ_NUMBER",
                                             "KAREZ_BIG",     "KAREZ_RANGE",      "KAREZ_FLAG",
                                             "KAREZ_ADDRESS", "KAREZ_SECRET_FILE"};
  EXPECT_EQ(BadNames(reader), expected);
}

TEST(ReaderTest, SaysWhichNumbersAreAllowed) {
  Reader reader(Environment{{"KAREZ_WORKERS", "0"}});
  reader.Integer("KAREZ_WORKERS", "Threads.", 8, {1, 256});
  EXPECT_EQ(reader.Check().error().violations[0].description,
            "Must be a whole number from 1 to 256.");
}

TEST(ReaderTest, AddressesNeedHostAndPort) {
  for (const char* good : {"127.0.0.1:8080", "[::1]:0", "billing.karez.svc:65535"}) {
    Reader reader(Environment{{"KAREZ_LISTEN", good}});
    EXPECT_EQ(reader.Address("KAREZ_LISTEN", "Where to listen."), good);
    EXPECT_TRUE(reader.Check()) << good;
  }
  for (const char* bad : {":8080", "host:", "host:65536", "host:-1", "::1:80", "http://host:80",
                          "host name:80", "[]:80"}) {
    Reader reader(Environment{{"KAREZ_LISTEN", bad}});
    reader.Address("KAREZ_LISTEN", "Where to listen.");
    EXPECT_FALSE(reader.Check()) << bad;
  }
}

TEST(ReaderTest, DescribesWhatWasReadInOrder) {
  const TempFile secret("hush\n");
  Reader reader(Environment{{"KAREZ_SECRET_FILE", secret.path()}});
  reader.SecretFile("KAREZ_SECRET_FILE", "The secret.");
  reader.Integer("KAREZ_WORKERS", "Threads.", 8);
  EXPECT_EQ(reader.Describe(), "KAREZ_SECRET_FILE=" + secret.path() +
                                   "  # The secret.\nKAREZ_WORKERS=8  # Threads.\n");
  EXPECT_EQ(reader.Describe().find("hush"), std::string::npos);
}

TEST(ReadFileTest, DropsOnlyTheLastLineBreak) {
  EXPECT_EQ(ReadFile(TempFile("secret\n").path()).value(), "secret");
  EXPECT_EQ(ReadFile(TempFile("secret\r\n").path()).value(), "secret");
  EXPECT_EQ(ReadFile(TempFile("two\n\n").path()).value(), "two\n");
  EXPECT_EQ(ReadFile(TempFile("").path()).value(), "");
  EXPECT_EQ(ReadFile(TempFile(std::string(10'000, 'x')).path()).value().size(), 10'000U);
}

TEST(ReadFileTest, RefusesWhatIsNotThere) {
  EXPECT_EQ(ReadFile("/nonexistent/secret").error().code, Code::kNotFound);
  EXPECT_FALSE(ReadFile("/"));
  EXPECT_FALSE(ReadFile("/dev/zero"));
}

TEST(ProcessEnvironmentTest, HoldsThePath) { EXPECT_TRUE(ProcessEnvironment().contains("PATH")); }

}  // namespace
}  // namespace karez::config

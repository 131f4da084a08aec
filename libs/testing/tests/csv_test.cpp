#include <gtest/gtest.h>

#include "libs/jobs/import.h"
#include "libs/testing/result_matchers.h"

namespace karez::jobs {
namespace {

const std::vector<std::string> kRequired = {"number", "name"};
const std::vector<std::string> kOptional = {"note"};

TEST(CsvTest, ReadsQuotesLineBreaksAndTheByteOrderMarkOfSpreadsheets) {
  const auto file = ParseCsv(
      "\xef\xbb\xbfnumber,name,note\r\n1,\"Li, \"\"A\"\"\",\"two\nlines\"\r\n\r\n2, 水 ,\n",
      kRequired, kOptional);
  ASSERT_THAT(file, testing::Succeeds());
  ASSERT_EQ(file->rows.size(), 2U);
  EXPECT_EQ(file->rows[0].first, 2);
  EXPECT_EQ(file->rows[0].second["name"], "Li, \"A\"");
  EXPECT_EQ(file->rows[0].second["note"], "two\nlines");
  EXPECT_EQ(file->rows[1].first, 5);
  EXPECT_EQ(file->rows[1].second["name"], "水");
  EXPECT_EQ(file->rows[1].second["note"], "");
}

TEST(CsvTest, LeavesOptionalColumnsOut) {
  const auto file = ParseCsv("name,number\nA,1", kRequired, kOptional);
  ASSERT_THAT(file, testing::Succeeds());
  EXPECT_EQ(file->rows[0].second["note"], "");
}

TEST(CsvTest, NamesEveryFaultOfTheHeader) {
  const auto file = ParseCsv("number,number,colour\n", kRequired, kOptional);
  ASSERT_FALSE(file);
  ASSERT_EQ(file.error().violations.size(), 3U);
  EXPECT_EQ(file.error().violations[0].description, "Column name is missing in the header.");
}

TEST(CsvTest, RefusesRaggedLinesOpenQuotesAndOtherEncodings) {
  EXPECT_THAT(ParseCsv("number,name\n1\n", kRequired, kOptional), testing::RefusesField("csv"));
  EXPECT_THAT(ParseCsv("number,name\n1,\"A\n", kRequired, kOptional), testing::RefusesField("csv"));
  EXPECT_THAT(ParseCsv("number,name\n1,\xc4\xe3\n", kRequired, kOptional),
              testing::RefusesField("csv"));
  EXPECT_THAT(ParseCsv("", kRequired, kOptional), testing::RefusesField("csv"));
}

}  // namespace
}  // namespace karez::jobs

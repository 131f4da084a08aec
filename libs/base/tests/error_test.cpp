#include "libs/base/error.h"

#include <set>
#include <sstream>

#include <gtest/gtest.h>

namespace karez {
namespace {

TEST(CodeTest, EveryCodeHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int number = 0; number <= 16; ++number) {
    const auto name = CodeName(static_cast<Code>(number));
    EXPECT_TRUE(names.insert(name).second) << number << ' ' << name;
    EXPECT_EQ(name == "UNKNOWN", static_cast<Code>(number) == Code::kUnknown) << number;
  }
  EXPECT_EQ(names.size(), 17U);
}

TEST(CodeTest, NumbersAreThoseOfGoogleRpc) {
  EXPECT_EQ(static_cast<int>(Code::kInvalidArgument), 3);
  EXPECT_EQ(static_cast<int>(Code::kNotFound), 5);
  EXPECT_EQ(static_cast<int>(Code::kUnauthenticated), 16);
}

TEST(ViolationsTest, AllAreReportedAtOnce) {
  Violations bad;
  EXPECT_TRUE(bad.Check());
  bad.Add("amount_fen", "Must be more than 0.");
  bad.Add("lines[0]", FailField("volume_ml", "Must not be negative.").value());
  bad.Add("month", Fail(Code::kInvalidArgument, "MONTH_INVALID", "Must be a month.").value());
  const auto refused = bad.Check();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kInvalidArgument);
  EXPECT_EQ(refused.error().reason, "INVALID_FIELDS");
  const std::vector<FieldViolation> expected = {{"amount_fen", "Must be more than 0."},
                                                {"lines[0].volume_ml", "Must not be negative."},
                                                {"month", "Must be a month."}};
  EXPECT_EQ(refused.error().violations, expected);
}

Result<int> Half(int value) {
  if (value % 2 != 0) return Fail(Code::kInvalidArgument, "ODD", "Must be even.");
  return value / 2;
}

Result<int> Quarter(int value) {
  ASSIGN_OR_RETURN(const int half, Half(value));
  ASSIGN_OR_RETURN(const int quarter, Half(half));
  RETURN_IF_ERROR(Half(value));
  return quarter;
}

TEST(ResultTest, MacrosPassValuesAndRefusalsOn) {
  EXPECT_EQ(Quarter(8).value(), 2);
  EXPECT_EQ(Quarter(6).error().reason, "ODD");
}

TEST(ErrorTest, PrintsItsFields) {
  std::ostringstream out;
  out << FailField("name", "Must be set.").value();
  EXPECT_EQ(out.str().substr(0, 32), "INVALID_ARGUMENT INVALID_FIELDS:");
  EXPECT_NE(out.str().find("[name: Must be set.]"), std::string::npos);
}

}  // namespace
}  // namespace karez

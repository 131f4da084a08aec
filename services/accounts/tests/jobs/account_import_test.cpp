#include "services/accounts/jobs/account_import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/database.h"

namespace karez::accounts::jobs {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;

const ManualClock kClock(ParseInstant("2026-06-15T04:00:00Z").value());

Result<usecases::ImportedAccount> Read(std::map<std::string, std::string> changes) {
  std::map<std::string, std::string> cells = {{"number", "A1"},
                                              {"customer_name", "Test Person"},
                                              {"customer_kind", ""},
                                              {"phone", ""},
                                              {"identity_number", ""},
                                              {"region", "Region"},
                                              {"community", "C"},
                                              {"building", ""},
                                              {"unit", ""},
                                              {"room", "101"},
                                              {"branch_code", "north"},
                                              {"tariff_code", "household"},
                                              {"household_size", ""},
                                              {"meter_number", "M1"},
                                              {"from_m3", "12.5"},
                                              {"from_time", ""}};
  for (auto& [column, value] : changes) cells[column] = value;
  return ReadAccountRow(karez::testing::StaffContext(2, kClock), karez::jobs::CsvRow(cells));
}

std::string RefusedField(std::map<std::string, std::string> changes) {
  const auto row = Read(std::move(changes));
  return row ? "" : row.error().violations.front().field;
}

TEST(CubicMetresTest, AreExact) {
  EXPECT_EQ(ParseCubicMetres("0").value(), 0);
  EXPECT_EQ(ParseCubicMetres("12.345").value(), 12'345'000);
  EXPECT_EQ(ParseCubicMetres("0.000001").value(), 1);
  EXPECT_EQ(ParseCubicMetres("1000000000").value(), 1'000'000'000'000'000);
  for (const char* bad :
       {"", ".", "1.", ".5", "-1", "+1", "1,5", "1.0000001", "1e3", "12345678901"}) {
    EXPECT_FALSE(ParseCubicMetres(bad)) << bad;
  }
}

TEST(AccountRowTest, ADayMeansItsBeginningInTheUtilitysZone) {
  EXPECT_EQ(FormatInstant(*Read({{"from_time", "2026-05-01"}}).value().from_time),
            "2026-04-30T16:00:00Z");
  EXPECT_EQ(FormatInstant(*Read({{"from_time", "2026-05-01T08:00:00+08:00"}}).value().from_time),
            "2026-05-01T00:00:00Z");
}

TEST(AccountRowTest, NamesTheColumnAtFault) {
  EXPECT_EQ(RefusedField({}), "");
  EXPECT_EQ(RefusedField({{"number", "a b"}}), "number");
  EXPECT_EQ(RefusedField({{"customer_kind", "firm"}}), "customer_kind");
  EXPECT_EQ(RefusedField({{"phone", "12"}}), "phone");
  EXPECT_EQ(RefusedField({{"identity_number", "1"}}), "identity_number");
  EXPECT_EQ(RefusedField({{"room", ""}}), "room");
  EXPECT_EQ(RefusedField({{"tariff_code", ""}}), "tariff_code");
  EXPECT_EQ(RefusedField({{"household_size", "many"}}), "household_size");
  EXPECT_EQ(RefusedField({{"from_m3", ""}}), "from_m3");
  EXPECT_EQ(RefusedField({{"from_time", "May"}}), "from_time");
  EXPECT_EQ(RefusedField({{"from_time", "2026-07-01"}}), "from_time");
  EXPECT_EQ(RefusedField({{"meter_number", ""}}), "from_m3");
}

TEST(AccountRowTest, NamesAllOfThem) {
  const auto row = Read({{"phone", "12"}, {"room", ""}, {"tariff_code", "X"}});
  ASSERT_FALSE(row);
  EXPECT_THAT(row.error().violations, ElementsAre(Field(&FieldViolation::field, "phone"),
                                                  Field(&FieldViolation::field, "room"),
                                                  Field(&FieldViolation::field, "tariff_code")));
}

}  // namespace
}  // namespace karez::accounts::jobs

#include "services/accounts/domain/customer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace karez::accounts {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;

// Synthetic: region 000000 does not exist; the check digits are right.
constexpr const char* kResident = "000000199001010018";
constexpr const char* kResidentX = "00000019900101000X";

TEST(ResidentNumberTest, ItsCheckDigitDecides) {
  EXPECT_EQ(CleanResidentNumber(kResident).value(), kResident);
  EXPECT_EQ(CleanResidentNumber(kResidentX).value(), kResidentX);
  for (char digit = '0'; digit <= '9'; ++digit) {
    std::string number = kResident;
    number.back() = digit;
    EXPECT_EQ(CleanResidentNumber(number).has_value(), number == kResident) << number;
  }
}

TEST(ResidentNumberTest, EveryChangedDigitIsNoticed) {
  const std::string right = kResident;
  for (std::size_t i = 14; i < 17; ++i) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string number = right;
      number[i] = digit;
      EXPECT_EQ(CleanResidentNumber(number).has_value(), number == right) << number;
    }
  }
}

TEST(ResidentNumberTest, SmallXAndFullWidthDigitsAreTaken) {
  EXPECT_EQ(CleanResidentNumber("00000019900101000x").value(), kResidentX);
  EXPECT_EQ(CleanResidentNumber("０00000 1990-0101 000Ｘ").value(), kResidentX);
}

TEST(ResidentNumberTest, RefusesWrongLengthsAndImpossibleBirthdays) {
  EXPECT_FALSE(CleanResidentNumber(""));
  EXPECT_FALSE(CleanResidentNumber("00000019900101001"));
  EXPECT_FALSE(CleanResidentNumber("X00000199001010018"));
  const auto refused = CleanResidentNumber("000000199002300018");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().violations.front().field, "identity_number");
  EXPECT_THAT(refused.error().violations.front().description, ::testing::HasSubstr("birth"));
}

TEST(CreditCodeTest, ItsCheckCharacterDecides) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  int good = 0;
  for (const char last : kAlphabet) {
    good += CleanCreditCode("91650000MA0000000" + std::string(1, last)) ? 1 : 0;
  }
  EXPECT_EQ(good, 1);
  EXPECT_FALSE(CleanCreditCode("9165000OMA00000000"));  // no letter O
}

TEST(CreditCodeTest, AgreesWithAPublishedExample) {
  // The example that the standard itself is explained with.
  EXPECT_TRUE(CleanCreditCode("91350100M000100Y43"));
  EXPECT_FALSE(CleanCreditCode("91350100M000100Y44"));
}

TEST(PhoneTest, KeepsDigitsAndALeadingPlus) {
  EXPECT_EQ(CleanPhone("138 0000-1234").value(), "13800001234");
  EXPECT_EQ(CleanPhone("+86 (998) 5550000").value(), "+869985550000");
  EXPECT_FALSE(CleanPhone("1234"));
  EXPECT_FALSE(CleanPhone("123456789012345678901"));
  EXPECT_FALSE(CleanPhone("1380000123x"));
  EXPECT_FALSE(CleanPhone("138+00001234"));
}

TEST(MaskTest, ShowsTheLastFourOnly) {
  EXPECT_EQ(MaskPhone("13800001234"), "138****1234");
  EXPECT_EQ(MaskPhone("5550000"), "*****00");
  EXPECT_EQ(MaskPhone("12345678"), "****5678");
  EXPECT_EQ(MaskPhone(""), "");
  EXPECT_EQ(MaskIdentityNumber(kResident), "**************0018");
  EXPECT_EQ(MaskIdentityNumber(""), "");
}

TEST(CustomerTest, NamesEveryBadFieldAtOnce) {
  Violations bad;
  MakeCustomer({}, {"  ", CustomerKind::kPerson, "12", "123"}, "customer_name", bad);
  EXPECT_THAT(bad.items(), ElementsAre(Field(&FieldViolation::field, "customer_name"),
                                       Field(&FieldViolation::field, "phone"),
                                       Field(&FieldViolation::field, "identity_number")));
}

TEST(CustomerTest, AnOrganisationHasACreditCode) {
  Violations bad;
  MakeCustomer({}, {"Bureau", CustomerKind::kOrganisation, "", "91350100M000100Y43"}, "name", bad);
  EXPECT_TRUE(bad.empty());
  MakeCustomer({}, {"Someone", CustomerKind::kPerson, "", "91350100M000100Y43"}, "name", bad);
  EXPECT_FALSE(bad.empty());
}

}  // namespace
}  // namespace karez::accounts

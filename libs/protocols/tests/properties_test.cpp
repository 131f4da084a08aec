// Values that platforms hand over by name: exact numbers, what stands for none, and profiles with
// all their faults.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/protocols/profiles_json/catalogue.h"
#include "libs/protocols/properties/observe.h"

namespace karez::protocols::properties {
namespace {

using platforms::Property;
using testing::UnorderedElementsAre;

Property NumberOf(std::string_view name, int64_t raw, int8_t exponent = 0) {
  Property property;
  property.name = name;
  property.type = Property::Type::kNumber;
  property.raw = raw;
  property.exponent = exponent;
  return property;
}

Property TextOf(std::string_view name, std::string_view text) {
  Property property;
  property.name = name;
  property.type = Property::Type::kText;
  property.text = text;
  return property;
}

Profile VolumeProfile() {
  Profile profile;
  PropertySpec spec;
  spec.property = "total";
  spec.name = "volume";
  spec.measure.emplace();
  spec.measure->unit = Unit::kLitre;
  spec.measure->exponent = -1;
  profile.properties.push_back(spec);
  return profile;
}

TEST(DecimalTest, TextIsReadExactly) {
  const auto is = [](std::string_view text, int64_t raw, int exponent) {
    const auto decimal = ReadDecimal(text);
    return decimal && decimal->raw == raw && decimal->exponent == exponent;
  };
  EXPECT_TRUE(is("12.345", 12345, -3));
  EXPECT_TRUE(is("-0.50", -50, -2));
  EXPECT_TRUE(is("+7", 7, 0));
  EXPECT_TRUE(is("1.5E3", 1500, 0));
  EXPECT_TRUE(is("5e-2", 5, -2));
  EXPECT_TRUE(is("99999999999.9999999", 999999999999999999, -7));
  for (const char* text : {"", ".", "-", "1e", "1e9999", "1e+-5", "12.3.4", "12 m3", "0x10", " 1",
                           "nan", "1000000000000000000.5"}) {
    EXPECT_FALSE(ReadDecimal(text)) << text;
  }
}

TEST(PropertiesTest, ANumberKeepsEveryDigit) {
  const Profile profile = VolumeProfile();
  Observation seen;
  const std::vector<Property> pushed = {TextOf("total", "12345.670")};
  Observe(pushed, profile, seen);
  ASSERT_EQ(seen.registers.size(), 1u);
  EXPECT_EQ(seen.registers[0].raw, 12345670);
  EXPECT_EQ(seen.registers[0].exponent, -4);
  EXPECT_EQ(seen.registers[0].unit, Unit::kLitre);
}

TEST(PropertiesTest, WhatIsNoValueIsRejected) {
  Profile profile = VolumeProfile();
  profile.properties[0].no_value = "-1";
  const auto reason = [&](const Property& property) {
    const Value value = Read(profile.properties[0], property);
    EXPECT_TRUE(value.rejected);
    return value.reason;
  };
  EXPECT_EQ(reason(NumberOf("total", -1)), RejectReason::kNoValue);
  EXPECT_EQ(reason(NumberOf("total", -10, -1)), RejectReason::kNoValue);
  EXPECT_EQ(reason(TextOf("total", "")), RejectReason::kNoValue);
  EXPECT_EQ(reason(Property{}), RejectReason::kNoValue);
  EXPECT_EQ(reason(TextOf("total", "12 L")), RejectReason::kOutOfRange);
  // More digits than a double keeps.
  EXPECT_EQ(reason(NumberOf("total", 12345678901234567, -4)), RejectReason::kOutOfRange);
  EXPECT_FALSE(Read(profile.properties[0], NumberOf("total", 12345678901234567)).rejected);
  // No meter's, and no exponent to reckon with.
  EXPECT_EQ(reason(NumberOf("total", 1, 127)), RejectReason::kOutOfRange);
  EXPECT_EQ(reason(TextOf("total", "1e-120")), RejectReason::kOutOfRange);
}

TEST(PropertiesTest, ClocksOfAnyWritingAreRead) {
  Profile profile;
  PropertySpec spec;
  spec.property = "time";
  spec.name = "time";
  spec.role = Role::kDeviceTime;
  const LocalTime wanted{2020, 5, 27, 16, 36, 7};
  const auto read = [&](Form form, const Property& property) {
    spec.form = form;
    profile.properties = {spec};
    Observation seen;
    Observe(std::vector<Property>{property}, profile, seen);
    return std::pair(seen.device_time, seen.time_quality);
  };
  const std::pair stated(wanted, TimeQuality::kStated);
  EXPECT_EQ(read(Form::kClock, TextOf("time", "2020-05-27 16:36:07")), stated);
  EXPECT_EQ(read(Form::kClock, TextOf("time", "20200527163607")), stated);
  EXPECT_EQ(read(Form::kClock, TextOf("time", "2020-05-27T16:36:07.250Z")), stated);
  EXPECT_EQ(read(Form::kClock, NumberOf("time", 20200527163607)), stated);
  EXPECT_EQ(read(Form::kUnixTime, NumberOf("time", 1590597367)), stated);
  EXPECT_EQ(read(Form::kUnixTime, TextOf("time", "1590597367")), stated);
  EXPECT_EQ(read(Form::kUnixTimeMs, NumberOf("time", 1590597367999)), stated);
  EXPECT_EQ(read(Form::kUnixTime, NumberOf("time", 0)).second, TimeQuality::kNoClock);
  EXPECT_EQ(read(Form::kClock, TextOf("time", "0000-00-00 00:00:00")).second,
            TimeQuality::kNoClock);
  EXPECT_EQ(read(Form::kClock, TextOf("time", "2020-13-27 16:36:07")).second,
            TimeQuality::kInvalid);
  EXPECT_EQ(read(Form::kClock, TextOf("time", "today")).second, TimeQuality::kInvalid);
  EXPECT_EQ(read(Form::kUnixTime, NumberOf("time", INT64_MAX)).second, TimeQuality::kInvalid);
}

TEST(PropertiesTest, AnIdentityIsATextOrAWholeNumber) {
  Profile profile;
  PropertySpec spec;
  spec.property = "id";
  spec.name = "id";
  spec.form = Form::kText;
  spec.role = Role::kDeviceId;
  profile.properties.push_back(spec);
  const auto id = [&](const Property& property) {
    Observation seen;
    Observe(std::vector<Property>{property}, profile, seen);
    return std::string(seen.device_id.view());
  };
  EXPECT_EQ(id(TextOf("id", "00012")), "00012");
  EXPECT_EQ(id(NumberOf("id", 12)), "12");
  EXPECT_EQ(id(NumberOf("id", 125, -1)), "");
}

TEST(PropertiesTest, AServiceOfItsOwnCounts) {
  Profile profile = VolumeProfile();
  profile.properties[0].service = "Meter";
  Property property = NumberOf("total", 1);
  EXPECT_EQ(Find(profile, property), nullptr);
  property.service = "Meter";
  EXPECT_EQ(Find(profile, property), profile.properties.data());
}

TEST(PropertiesTest, AllFaultsOfAProfileAreListed) {
  ProfileCatalogue catalogue;
  std::vector<std::string> fields;
  for (const ProfileFault& fault : catalogue.AddMeter("x", R"({
    "vendor": "v", "model": "m", "protocol": "payload",
    "properties": [
      {"property": "a", "name": "A"},
      {"name": "b", "quantity": "volume", "type": "text"},
      {"property": "c", "name": "c", "role": "status"},
      {"property": "d", "name": "d", "values": [{"value": "1", "meaning": "open"}]},
      {"property": "e", "name": "e", "role": "device_time"},
      {"property": "a", "name": "f", "unit": "m3", "more": 1}
    ],
    "examples": [{"protocol": "nowhere", "frame": "{}", "expect": {"valid": true}}]})")) {
    fields.push_back(fault.field);
  }
  EXPECT_THAT(fields, UnorderedElementsAre(
                          "properties[0].name", "properties[1].property", "properties[1].quantity",
                          "properties[2].role", "properties[3].values[0].meaning",
                          "properties[3].role", "properties[4].role", "properties[5].unit",
                          "properties[5].more", "properties[5].property", "examples[0].protocol"));
}

}  // namespace
}  // namespace karez::protocols::properties

// Profiles of DL/T 645 and Modbus meters: every fault is listed at once.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/protocols/profiles_json/catalogue.h"

namespace karez::protocols {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::vector<std::string> FaultsOf(const std::string& protocol, const std::string& section,
                                  const std::string& example) {
  ProfileCatalogue catalogue;
  std::vector<std::string> fields;
  for (const ProfileFault& fault :
       catalogue.AddMeter("x", R"({"vendor": "v", "model": "m", "protocol": ")" + protocol +
                                   R"(", )" + section + R"(, "examples": [)" + example + "]}")) {
    fields.push_back(fault.field);
  }
  return fields;
}

constexpr const char* kReading =
    R"({"frame": "68 12 90 78 56 34 12 68 91 08 33 33 34 33 89 67 45 33 54 16",
        "expect": {"value": "0.123456"}})";
constexpr const char* kAnswer =
    R"({"frame": "11 03 04 00 8D 00 8E FB BD", "direction": "response", "expect": {"unit": 17}})";

TEST(LineProfileTest, ScaleOfADlt645ModelIsApplied) {
  const std::string section = R"("dlt645": {"edition": "2007", "wake_up_bytes": 0,
      "top_bit_is_sign": false, "current": "0001FF00", "settlement": "00010001",
      "scales": [{"first": "00010000", "last": "0001FFFF", "decimals": 6}]})";
  EXPECT_THAT(FaultsOf("dlt645", section, kReading), IsEmpty());
}

TEST(LineProfileTest, AllFaultsOfADlt645ProfileAreListed) {
  const std::string section = R"("dlt645": {"edition": "1997", "wake_up_bytes": 8,
      "top_bit_is_sign": 1, "current": "90FF", "settlement": "00010001", "colour": "red",
      "scales": [{"first": "9010", "last": "9000", "decimals": 7}]})";
  EXPECT_THAT(
      FaultsOf("dlt645", section, kReading),
      UnorderedElementsAre("dlt645.wake_up_bytes", "dlt645.top_bit_is_sign", "dlt645.current",
                           "dlt645.settlement", "dlt645.settlement", "dlt645.colour",
                           "dlt645.scales[0].decimals", "dlt645.scales[0].last"));
}

TEST(LineProfileTest, AllFaultsOfARegisterMapAreListed) {
  const std::string section = R"("modbus": {
      "reads": [{"ask": "current", "start": "0000", "count": 2},
                {"ask": "current", "start": "0010", "count": 2},
                {"start": "10", "count": 126, "function": 6}],
      "points": [{"name": "Total", "address": "0000", "type": "u32", "quantity": "mass"},
                 {"name": "t", "address": "0000", "type": "time", "registers": 2, "parts": "YMDx",
                  "quantity": "volume"},
                 {"name": "f", "address": "0000", "type": "f32", "order": "acbd",
                  "fraction": "0002", "repeat": 2}],
      "status": [{"address": "0000", "rules": [{"mask": "0000", "value": "0001",
                                                "meaning": "leak"}]}],
      "valve": {"function": "05", "address": "0000"}})";
  EXPECT_THAT(FaultsOf("modbus-rtu", section, kAnswer),
              UnorderedElementsAre("modbus.reads[1].count", "modbus.reads[1].ask",
                                   "modbus.reads[2].start", "modbus.reads[2].count",
                                   "modbus.reads[2].function", "modbus.points[0].name",
                                   "modbus.points[0].order", "modbus.points[0].quantity",
                                   "modbus.points[1].parts", "modbus.points[1].quantity",
                                   "modbus.points[2].order", "modbus.points[2].fraction",
                                   "modbus.points[2].fraction", "modbus.status[0].rules[0].mask",
                                   "modbus.status[0].rules[0].value", "modbus.valve.function"));
}

}  // namespace
}  // namespace karez::protocols

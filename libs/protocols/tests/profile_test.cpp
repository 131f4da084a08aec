#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/protocols/profiles_json/built_in.h"
#include "libs/protocols/profiles_json/catalogue.h"

namespace karez::protocols {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr std::string_view kExample = R"("examples": [{
  "frame": "68 10 18 02 12 20 20 00 00 81 16 90 1F 00 00 02 00 00 2C 00 02 00 00 2C 00 00 00 00 00 00 00 00 FF 85 16",
  "expect": {"current": "2.00 m3"}}])";

std::string MeterJson(const std::string& section) {
  return R"({"vendor": "v", "model": "m", "protocol": "cjt188", "cjt188": )" + section + ", " +
         std::string(kExample) + "}";
}

std::vector<std::string> Fields(const std::vector<ProfileFault>& faults) {
  std::vector<std::string> fields;
  for (const ProfileFault& fault : faults) fields.push_back(fault.field);
  return fields;
}

TEST(ProfileTest, EveryBuiltInProfileIsSound) {
  ProfileCatalogue catalogue;
  for (const BuiltInFile& file : BuiltInMeters()) {
    for (const ProfileFault& fault : catalogue.AddMeter(file.id, file.json)) {
      ADD_FAILURE() << fault.file << ": " << fault.field << " " << fault.message;
    }
  }
  for (const BuiltInFile& file : BuiltInTerminals()) {
    for (const ProfileFault& fault : catalogue.AddTerminal(file.id, file.json)) {
      ADD_FAILURE() << fault.file << ": " << fault.field << " " << fault.message;
    }
  }
  EXPECT_EQ(ProfileCatalogue::BuiltIn().meters().size(), BuiltInMeters().size());
  EXPECT_EQ(ProfileCatalogue::BuiltIn().terminals().size(), BuiltInTerminals().size());
}

TEST(ProfileTest, ReadsWhatAMeterDoesDifferently) {
  ProfileCatalogue catalogue;
  ASSERT_THAT(catalogue.AddMeter("x-1", MeterJson(R"({
      "edition": "2004", "meter_type": "11", "identifier_order": "low_first",
      "wake_up_bytes": 2, "valve": {"control": "2A", "half_open": "77"},
      "status": [{"mask": "00C0", "value": "0040", "meaning": "magnetic_attack"}],
      "series": [{"identifier": "D501", "interval_minutes": 15, "count": 80, "width": 1,
                  "decimals": 3, "base": false}]})")),
              IsEmpty());
  const MeterProfile* profile = catalogue.FindMeter("x-1");
  ASSERT_NE(profile, nullptr);
  EXPECT_EQ(profile->cjt188.meter_type, 0x11);
  EXPECT_EQ(profile->cjt188.valve_control, 0x2A);
  EXPECT_EQ(profile->cjt188.valve.half_open, 0x77);
  EXPECT_EQ(profile->cjt188.valve.free_open, std::nullopt);
  ASSERT_EQ(profile->cjt188.status.size(), 1u);
  EXPECT_EQ(profile->cjt188.status[0].alarm, Alarm::kMagneticAttack);
  ASSERT_EQ(profile->cjt188.series.size(), 1u);
  EXPECT_EQ(profile->cjt188.series[0].DataLength(), 87u);
  EXPECT_EQ(catalogue.FindMeter("x-2"), nullptr);
}

TEST(ProfileTest, AllFaultsAreListedAtOnce) {
  ProfileCatalogue catalogue;
  const auto faults = catalogue.AddMeter("Bad_Name", R"({
      "vendor": 1, "protocol": "morse", "colour": "red", "examples": [],
      "cjt188": {"meter_type": "1", "identifier_order": "up", "wake_up_bytes": 11,
                 "volume_decimals": 2.5, "unit_override": "05",
                 "status": [{"mask": "0300", "value": "0400", "meaning": "happy"}],
                 "valve": {"control": "05", "open": "5"},
                 "series": [{"identifier": "D500", "count": 96, "width": 2, "decimals": 3}]}})");
  EXPECT_THAT(Fields(faults),
              UnorderedElementsAre(
                  "", "model", "vendor", "protocol", "colour", "examples", "cjt188.meter_type",
                  "cjt188.identifier_order", "cjt188.wake_up_bytes", "cjt188.volume_decimals",
                  "cjt188.unit_override", "cjt188.status[0].value", "cjt188.status[0].meaning",
                  "cjt188.valve.control", "cjt188.valve.open", "cjt188.series[0]"));
  EXPECT_EQ(catalogue.FindMeter("Bad_Name"), nullptr);
}

TEST(ProfileTest, AllFaultsOfAnMbusProfileAreListed) {
  ProfileCatalogue catalogue;
  const auto faults = catalogue.AddMeter("x", R"({
      "vendor": "v", "model": "m", "protocol": "wmbus",
      "mbus": {"address": 251, "target_storage": 0, "colour": 1,
               "makers": [{"manufacturer": "kam"}, {"version": "1"}],
               "flags": [{"vif": "", "mask": "00", "bits": [
                 {"bit": 64, "name": "Dry"}, {"bit": 1, "name": "A", "alarm": "happy"},
                 {"bit": 1, "name": "B"}]}],
               "compact_formats": ["0413 44", "0D13", 4, "0413 0013"],
               "maker_data": [{"match": "Z", "parts": [
                 {"name": "A", "type": "u8", "count": 2}, {"name": "b", "type": "date", "mask": "01"},
                 {"name": "c", "type": "bytes", "when": 8}, {"name": "d", "type": "u9"}]}]},
      "examples": [{"frame": "00", "expect": {"id": "1"}}]})");
  EXPECT_THAT(
      Fields(faults),
      UnorderedElementsAre(
          "mbus.address", "mbus.target_storage", "mbus.colour", "mbus.makers[0].manufacturer",
          "mbus.makers[1].manufacturer", "mbus.makers[1].version", "mbus.flags[0].vif",
          "mbus.flags[0].mask", "mbus.flags[0].bits[0].bit", "mbus.flags[0].bits[0].name",
          "mbus.flags[0].bits[1].alarm", "mbus.flags[0].bits[2].bit", "mbus.compact_formats[0]",
          "mbus.compact_formats[1]", "mbus.compact_formats[2]", "mbus.compact_formats[3]",
          "mbus.maker_data[0].match", "mbus.maker_data[0].parts[0].name",
          "mbus.maker_data[0].parts[0].count", "mbus.maker_data[0].parts[1].mask",
          "mbus.maker_data[0].parts[2].size", "mbus.maker_data[0].parts[2].when",
          "mbus.maker_data[0].parts[3].type"));
}

TEST(ProfileTest, AllFaultsOfAPayloadProfileAreListed) {
  ProfileCatalogue catalogue;
  const std::vector<ProfileFault> faults = catalogue.AddMeter("bad", R"({
    "vendor": "v", "model": "m", "protocol": "payload",
    "payload": {"layouts": [{"name": "a", "size": 4, "f_port": 0, "match": "0", "fields": [
      {"name": "A", "offset": 0, "type": "u33"},
      {"name": "b", "offset": 3, "type": "u16", "unit": "L"},
      {"name": "c", "offset": 0, "type": "text", "size": 2, "quantity": "volume", "role": "status"},
      {"name": "d", "offset": 0, "type": "u8", "role": "device_time"},
      {"name": "e", "offset": 0, "type": "u8", "texts": [{"mask": "0001", "value": "0002", "text": "x"}]},
      {"name": "f", "offset": 0, "type": "i8", "shift": 1, "role": "result"},
      {"name": "g", "offset": 0, "type": "clock_text", "size": 13},
      {"name": "valid", "offset": 0, "type": "u8"}
    ], "series": {"name": "s", "offset": 0, "type": "i8", "count": 9, "quantity": "volume", "base": "z"},
      "plausible": {"earlier": "b", "later": "z", "days": 0}},
      {"name": "b", "size": 4, "kind": "other", "match": "0102", "match_offset": 3,
       "fields": [{"name": "a", "offset": 1, "type": "u8"}], "series":
       {"name": "s", "offset": 0, "type": "bits", "bits": 33, "count": 40, "quantity": "volume", "start": "a", "start_days": 1}},
      {"name": "c", "size": 4, "fields": [{"name": "a", "offset": 0, "type": "u8"}], "series":
       {"name": "s", "offset": 0, "type": "bits", "bits": 3, "count": 4, "quantity": "volume"}},
      {"name": "d", "size": 12, "fields": [{"name": "a", "offset": 0, "type": "u8"}], "series":
       {"name": "s", "offset": 7, "type": "u8", "count": 2, "quantity": "volume"}},
      {"name": "e", "size": 12, "fields": [{"name": "a", "offset": 0, "type": "u8"}], "series":
       {"name": "s", "offset": 8, "type": "u8", "count": 2, "quantity": "volume"}}],
      "frame": {"start": "6", "end": "1616", "wake_up": "", "length_offset": 0, "crc_polynomial": "x"},
      "status": {"rules": [{"mask": "0001", "value": "0001", "meaning": "unheard_of"}]}},
    "examples": [{"frame": "00", "expect": {"b": 1}}]})");
  std::string all;
  for (const ProfileFault& fault : faults) all += fault.field + ": " + fault.message + "\n";
  for (const char* expected : {"layouts[0].f_port",
                               "layouts[0].match",
                               "fields[0].name",
                               "fields[0].type",
                               "fields[1].offset",
                               "fields[1].unit",
                               "fields[2].quantity",
                               "fields[2].role",
                               "fields[3].role",
                               "texts[0].value",
                               "fields[4].role",
                               "series.type",
                               "series.count",
                               "series.base",
                               "fields[5].shift",
                               "fields[5].role",
                               "fields[6].size",
                               "fields[7].name",
                               "plausible.earlier",
                               "plausible.later",
                               "plausible.days",
                               "layouts[1].kind",
                               "layouts[1].match",
                               "layouts[1].fields[0].offset",
                               "layouts[1].series.bits",
                               "layouts[1].series.start",
                               "layouts[1].series.start_days",
                               "layouts[1].series.count",
                               "layouts[2].series.byte_order",
                               "layouts[2].size",
                               "layouts[4].series.count",
                               "frame.start",
                               "frame.end",
                               "frame.wake_up",
                               "frame.length_offset",
                               "frame.crc_polynomial",
                               "payload.status.rules[0].meaning"}) {
    EXPECT_NE(all.find(expected), all.npos) << expected << " is missing in\n" << all;
  }
  EXPECT_EQ(all.find("layouts[3]"), all.npos) << "the last byte before the checksum";
}

TEST(ProfileTest, NoPointTakesTheNameOfWhatTheToolSays) {
  ProfileCatalogue catalogue;
  EXPECT_THAT(Fields(catalogue.AddMeter("bad", R"({"vendor": "v", "model": "m",
    "protocol": "modbus-rtu", "modbus": {"reads": [{"ask": "current", "start": "0000", "count": 1}],
      "points": [{"name": "valid", "address": "0000", "type": "u16", "unit": "m3"}]},
    "examples": [{"direction": "response", "frame": "01 03 02 00 05 78 47",
                  "expect": {"fc": 3}}]})")),
              UnorderedElementsAre("modbus.points[0].name"));
}

TEST(ProfileTest, ExampleMustReadAsItSays) {
  ProfileCatalogue catalogue;
  const auto faults = catalogue.AddMeter("x", MeterJson(R"({"volume_decimals": 3})"));
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].field, "examples[0].expect.current");
  EXPECT_THAT(faults[0].message, HasSubstr("0.200 m3"));
}

TEST(ProfileTest, TextThatIsNotJsonOrNamesAFieldTwiceIsRefused) {
  ProfileCatalogue catalogue;
  EXPECT_EQ(catalogue.AddMeter("x", "{").size(), 1u);
  EXPECT_EQ(catalogue.AddMeter("x", "1e999").size(), 1u);
  EXPECT_THAT(Fields(catalogue.AddMeter("x", R"({"vendor": "a", "vendor": "b"})")),
              Contains("vendor"));
  EXPECT_THAT(Fields(catalogue.AddMeter("x", "[]")), Contains(""));
}

TEST(ProfileTest, TerminalPatternsAreChecked) {
  ProfileCatalogue catalogue;
  const auto faults = [&](const std::string& patterns) {
    return Fields(
        catalogue.AddTerminal("t", R"({"name": "n", "kind": "transparent", )" + patterns + "}"));
  };
  EXPECT_THAT(faults(R"("registration": [{"text": "ID"}, {"ascii_id": 15}])"), IsEmpty());
  EXPECT_THAT(faults(R"("heartbeat": [{"hex": "FE"}])"), UnorderedElementsAre("registration"));
  EXPECT_THAT(faults(R"("registration": [{"text": "ID"}])"), UnorderedElementsAre("registration"));
  EXPECT_THAT(faults(R"("registration": [{"any": 4}, {"ascii_id": 15}])"),
              UnorderedElementsAre("registration"));
  EXPECT_THAT(faults(R"("registration": [{"hex": "68 68"}, {"binary_id": 8}])"),
              UnorderedElementsAre("registration"));
  EXPECT_THAT(faults(R"("registration": [{"text": "ID", "any": 3}, {"ascii_id": 15}])"),
              Contains("registration[0]"));
  EXPECT_THAT(Fields(catalogue.AddTerminal(
                  "t", R"({"name": "n", "kind": "acknowledged", "heartbeat": [{"hex": "01"}]})")),
              UnorderedElementsAre("heartbeat"));
}

TEST(ProfileTest, DirectoryAddsAndReplacesAndReportsEachBadFile) {
  namespace fs = std::filesystem;
  const fs::path root = fs::path(testing::TempDir()) / "karez-profiles";
  fs::remove_all(root);
  fs::create_directories(root / "meters");
  std::ofstream(root / "meters" / "cjt188-2004.json") << MeterJson(R"({"wake_up_bytes": 7})");
  std::ofstream(root / "meters" / "broken.json") << "{";
  ProfileCatalogue catalogue = ProfileCatalogue::BuiltIn();
  const MeterProfile* before = catalogue.FindMeter("cjt188-2004");
  const auto faults = catalogue.AddDirectory(root);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].file, "broken.json");
  EXPECT_EQ(catalogue.FindMeter("cjt188-2004")->cjt188.wake_up_bytes, 7);
  EXPECT_EQ(before->cjt188.wake_up_bytes, 4);
  EXPECT_THAT(catalogue.AddDirectory(root / "nowhere"), IsEmpty());
  fs::remove_all(root);
}

}  // namespace
}  // namespace karez::protocols

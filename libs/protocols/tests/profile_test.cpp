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
               "compact_formats": ["0413 44", "0D13", 4],
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
          "mbus.compact_formats[1]", "mbus.compact_formats[2]", "mbus.maker_data[0].match",
          "mbus.maker_data[0].parts[0].name", "mbus.maker_data[0].parts[0].count",
          "mbus.maker_data[0].parts[1].mask", "mbus.maker_data[0].parts[2].size",
          "mbus.maker_data[0].parts[2].when", "mbus.maker_data[0].parts[3].type"));
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

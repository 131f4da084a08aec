#include <array>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "libs/protocols/coap/options.h"
#include "libs/protocols/lwm2m/observe.h"
#include "libs/protocols/lwm2m/registration.h"
#include "libs/protocols/lwm2m/senml.h"
#include "libs/protocols/lwm2m/tlv.h"
#include "libs/protocols/tests/hex.h"
#include "libs/protocols/tests/rounds.h"

namespace karez::protocols::lwm2m {
namespace {

constexpr std::string_view kDevice =
    "C800144F70656E204D6F62696C6520416C6C69616E6365C801164C69676874776569676874204D324D20436C69656E"
    "74C80209333435303030313233C303312E30860641000141010588070842000ED842011388870841007D42010384C1"
    "0964C10A0F830B410000C40D5182428FC60E2B30323A3030C10F55";

Path At(std::string_view text) {
  Path path;
  EXPECT_TRUE(Path::Parse(text, path)) << text;
  return path;
}

std::string_view TextOf(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

const Entry* Find(const Entries& entries, std::string_view path) {
  for (const Entry& entry : entries) {
    if (entry.path == At(path)) return &entry;
  }
  return nullptr;
}

TEST(Lwm2mPathTest, OnlyPathsOfNumbersAreRead) {
  Path path;
  EXPECT_EQ(At("/3/0/9").Text().view(), "/3/0/9");
  EXPECT_EQ(At("3424/0").depth, 2);
  EXPECT_EQ(At("/").Text().view(), "/");
  EXPECT_EQ(At("/3/0/").depth, 2);
  for (const char* bad : {"//", "/3//9", "/a", "/65535", "/1/2/3/4/5", "/3/0/9//", "/-1"}) {
    EXPECT_FALSE(Path::Parse(bad, path)) << bad;
  }
}

TEST(Lwm2mTlvTest, DeviceOfTheSpecificationIsReadByItsTable) {
  const auto content = FromHex(kDevice);
  Entries entries;
  ASSERT_TRUE(ReadTlv(content, At("/3/0"), entries).ok());
  EXPECT_EQ(TextOf(Find(entries, "/3/0/0")->value.bytes), "Open Mobile Alliance");
  EXPECT_EQ(Find(entries, "/3/0/7/1")->value.integer, 5000);
  EXPECT_EQ(Find(entries, "/3/0/13")->value.integer, 1367491215);
  EXPECT_EQ(Find(entries, "/3/0/9")->place.offset, 95);
}

TEST(Lwm2mTlvTest, CanonicalContentComesBackByteForByte) {
  struct Case {
    std::string_view path;
    std::string_view hex;
  };
  const Case cases[] = {
      {"/3/0", kDevice},
      {"/1", "08000FC10001C40100015180C10601C10755"},
      {"/2", "08000EC10001C101008302417F07C1037F080212C10003C101008702417F0761013601C1037F"},
      {"/65/0", "88000C440000420000440100420001C8010D38363133383030373535353030C40212345678"},
      {"/3/0/6", "410001410105"},
      {"/3/0/9", "C10964"},
  };
  for (const Case& one : cases) {
    const auto content = FromHex(one.hex);
    Entries entries;
    ASSERT_TRUE(ReadTlv(content, At(one.path), entries).ok()) << one.hex;
    std::array<std::byte, 512> out;
    const Written written = WriteTlv({entries.begin(), entries.size()}, At(one.path), out);
    ASSERT_TRUE(written.error.ok()) << Name(written.error.fault);
    EXPECT_EQ(TextOf(Bytes(out).first(written.size)), TextOf(content)) << one.hex;
  }
}

TEST(Lwm2mTlvTest, ResourceMayComeInTheElementsAroundIt) {
  Entries entries;
  const auto wrapped = FromHex("0300C10964");  // object instance 0, three bytes
  ASSERT_TRUE(ReadTlv(wrapped, At("/3/0/9"), entries).ok());
  EXPECT_EQ(entries[0].value.integer, 100);
  EXPECT_EQ(ReadTlv(wrapped, At("/3/1/9"), entries).fault, Fault::kIdentifier);
  EXPECT_EQ(ReadTlv(FromHex("410001"), At("/3/0"), entries).fault, Fault::kIdentifier);
}

TEST(Lwm2mTlvTest, ValueOfTheWrongSizeIsRejectedAndTheOthersStand) {
  Entries entries;
  ASSERT_TRUE(ReadTlv(FromHex("C309010203C10A0F"), At("/3/0"), entries).ok());
  EXPECT_TRUE(entries[0].rejected);
  EXPECT_FALSE(entries[1].rejected);
  EXPECT_EQ(ReadTlv(FromHex("C309010203C10A"), At("/3/0"), entries).fault, Fault::kShort);
}

TEST(Lwm2mTlvTest, IntegersKeepTheirSign) {
  Value value;
  ASSERT_TRUE(ReadTlvValue(FromHex("FF"), Type::kInteger, value));
  EXPECT_EQ(value.integer, -1);
  ASSERT_TRUE(ReadTlvValue(FromHex("8000"), Type::kInteger, value));
  EXPECT_EQ(value.integer, -32768);
  EXPECT_FALSE(ReadTlvValue(FromHex("FFFFFF"), Type::kInteger, value));
}

// One random set of values of the objects 3 and 3424, ordered.
class Values {
 public:
  explicit Values(uint32_t seed) : random_(seed) {}

  void Fill(Entries& out, Path& base) {
    out.clear();
    const ObjectSpec& object = *FindObject(random_() % 2 == 0 ? 3 : 3424);
    base = At("/" + std::to_string(object.id) + "/" + std::to_string(random_() % 3));
    for (const ResourceSpec& resource : object.resources) {
      if (resource.type == Type::kNone || random_() % 3 == 0) continue;
      const size_t count = resource.multiple ? 1 + random_() % 3 : 1;
      for (uint16_t i = 0; i < count; ++i) {
        Entry entry;
        entry.path = base.Child(resource.id);
        if (resource.multiple) entry.path = entry.path.Child(static_cast<uint16_t>(i * 200));
        entry.value = Make(resource.type);
        out.push_back(entry);
      }
    }
  }

 private:
  Value Make(Type type) {
    Value value;
    value.type = type;
    const auto wide = static_cast<int64_t>(static_cast<uint64_t>(random_()) << 32 | random_());
    if (type == Type::kString) {
      value.bytes = std::as_bytes(std::span(kText.data(), random_() % kText.size()));
      value.bytes = value.bytes.first(value.bytes.size() / 3 * 3);
    } else if (type == Type::kFloat) {
      value.real = static_cast<double>(wide % 1'000'000'000'000) / 1000;
    } else if (type == Type::kBoolean) {
      value.integer = wide & 1;
    } else if (type == Type::kObjectLink) {
      value.integer = wide & 0xFFFFFFFF;
    } else if (type == Type::kUnsigned) {
      value.integer = wide & 0xFFFFFF;
    } else {
      value.integer = wide >> random_() % 60;
    }
    return value;
  }

  static constexpr std::string_view kText = "水表一号疏勒高昌吐鲁番坎儿井";  // three bytes each
  std::mt19937 random_;
};

void ExpectSame(const Entries& found, const Entries& wanted) {
  ASSERT_EQ(found.size(), wanted.size());
  for (size_t i = 0; i < found.size(); ++i) {
    ASSERT_EQ(found[i].path.Text().view(), wanted[i].path.Text().view());
    ASSERT_FALSE(found[i].rejected) << found[i].path.Text().view();
    ASSERT_EQ(found[i].value.type, wanted[i].value.type);
    ASSERT_EQ(found[i].value.real, wanted[i].value.real);
    ASSERT_EQ(found[i].value.integer, wanted[i].value.integer);
    if (wanted[i].value.type == Type::kString) {
      ASSERT_EQ(TextOf(found[i].value.bytes), TextOf(wanted[i].value.bytes));
    }
  }
}

TEST(Lwm2mRoundTripTest, EveryValueComesBackFromEveryFormat) {
  Values values(5);
  NamedReader reader;
  std::vector<std::byte> bytes(8192);
  std::vector<char> text(16'384);
  Entries wanted;
  Entries found;
  Path base;
  const int rounds = Rounds(10'000);
  for (int run = 0; run < rounds; ++run) {
    values.Fill(wanted, base);
    const std::span<const Entry> entries(wanted.begin(), wanted.size());
    Written written = WriteTlv(entries, base, bytes);
    ASSERT_TRUE(written.error.ok());
    ASSERT_TRUE(ReadTlv(Bytes(bytes).first(written.size), base, found).ok());
    ExpectSame(found, wanted);
    written = WriteSenmlCbor(entries, base, bytes);
    ASSERT_TRUE(written.error.ok());
    ASSERT_TRUE(reader.ReadSenmlCbor(Bytes(bytes).first(written.size), found).ok());
    ExpectSame(found, wanted);
    written = WriteSenmlJson(entries, base, text);
    ASSERT_TRUE(written.error.ok()) << Name(written.error.fault);
    ASSERT_TRUE(reader.ReadSenmlJson({text.data(), written.size}, found).ok());
    ExpectSame(found, wanted);
    written = WriteJson(entries, base, text);
    ASSERT_TRUE(written.error.ok());
    ASSERT_TRUE(reader.ReadJson({text.data(), written.size}, base, found).ok());
    ExpectSame(found, wanted);
  }
}

TEST(Lwm2mSenmlTest, TimesAddUpAndBaseNamesLast) {
  NamedReader reader;
  Entries entries;
  ASSERT_TRUE(reader
                  .ReadSenmlJson(R"([{"bn":"/3424/0/1","bt":1710277632,"v":13.609},
                                     {"t":3600.5,"v":13.7}])",
                                 entries)
                  .ok());
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].time_ms, 1'710'277'632'000);
  EXPECT_EQ(entries[1].time_ms, 1'710'281'232'500);
  EXPECT_EQ(entries[1].path, At("/3424/0/1"));
}

TEST(Lwm2mObserveTest, WaterMeterBecomesVolumeAndAlarms) {
  Entries entries;
  ASSERT_TRUE(
      ReadTlv(FromHex("C401449A5225C10901C10A00C10B01E4158E65F0C400"), At("/3424/0"), entries)
          .ok());
  Observation seen;
  Observe({entries.begin(), entries.size()}, seen);
  ASSERT_NE(seen.Find(Quantity::kVolume), nullptr);
  EXPECT_EQ(seen.Find(Quantity::kVolume)->raw, 1234567);
  EXPECT_EQ(seen.Find(Quantity::kVolume)->exponent, -3);
  EXPECT_TRUE(seen.alarms.Has(Alarm::kLeak));
  EXPECT_TRUE(seen.alarms.Has(Alarm::kReverseFlow));
  EXPECT_FALSE(seen.alarms.Has(Alarm::kTamper));
  EXPECT_EQ(seen.device_time, (LocalTime{2024, 3, 12, 21, 7, 12}));
}

TEST(Lwm2mObserveTest, OctetsOfTheContainerAreTheMetersFrame) {
  Entries entries;
  const auto content = FromHex("85004300AAF101");  // resource 0, instance 0
  ASSERT_TRUE(ReadTlv(content, At("/19/0"), entries).ok());
  EXPECT_EQ(TextOf(ApplicationData({entries.begin(), entries.size()})), TextOf(FromHex("AAF101")));
}

coap::Message Request(std::vector<std::byte>& room, coap::Code code,
                      std::initializer_list<const char*> path,
                      std::initializer_list<const char*> queries, std::string_view payload) {
  room.resize(512);
  static const auto token = FromHex("55AA");
  coap::MessageWriter writer(room, coap::Type::kConfirmable, code, 7, token);
  for (const char* part : path) writer.AddText(coap::option::kUriPath, part);
  for (const char* query : queries) writer.AddText(coap::option::kUriQuery, query);
  const auto written =
      writer.Payload(std::as_bytes(std::span(payload.data(), payload.size()))).Finish();
  EXPECT_TRUE(written.error.ok());
  coap::Message message;
  EXPECT_TRUE(coap::ParseMessage(Bytes(room).first(written.size), message).ok());
  return message;
}

TEST(Lwm2mRegistrationTest, MeterTellsWhoItIsAndThatItSleeps) {
  std::vector<std::byte> room;
  Registration seen;
  const auto message =
      Request(room, coap::codes::kPost, {"rd"},
              {"lwm2m=1.0", "ep=862592051651472;460113000000001", "b=UQ", "lt=86400"},
              "</>;rt=\"oma.lwm2m\",</1/0>,</3/0>,</19/0>,</3424>;ver=1.1");
  ASSERT_TRUE(ReadRegistration(message, seen).ok());
  EXPECT_EQ(seen.operation, Registration::Operation::kRegister);
  EXPECT_EQ(seen.imei, "862592051651472");
  EXPECT_EQ(seen.imsi, "460113000000001");
  EXPECT_EQ(seen.lifetime_s, 86'400u);
  EXPECT_TRUE(seen.queue_mode);
  ASSERT_EQ(seen.objects.size(), 4u);
  EXPECT_EQ(seen.objects[3].version, "1.1");
  std::array<std::byte, 64> answer;
  const auto written = WriteRegistered(message, "5a3f", answer);
  EXPECT_EQ(TextOf(Bytes(answer).first(written.size)),
            TextOf(FromHex("6241000755AA8272640435613366")));
}

TEST(Lwm2mRegistrationTest, WhatIsNoRegistrationIsTold) {
  std::vector<std::byte> room;
  Registration seen;
  const auto fault = [&](coap::Code code, std::initializer_list<const char*> path,
                         std::initializer_list<const char*> queries) {
    return ReadRegistration(Request(room, code, path, queries, ""), seen).fault;
  };
  EXPECT_EQ(fault(coap::codes::kGet, {"rd"}, {"ep=x"}), Fault::kControl);
  EXPECT_EQ(fault(coap::codes::kPost, {"rd", "1", "2"}, {"ep=x"}), Fault::kControl);
  EXPECT_EQ(fault(coap::codes::kPost, {"rd"}, {"lt=5"}), Fault::kValue);
  EXPECT_EQ(fault(coap::codes::kPost, {"rd"}, {"ep=x", "lt=5x"}), Fault::kValue);
  EXPECT_EQ(fault(coap::codes::kPost, {"rd", "7"}, {}), Fault::kNone);
  EXPECT_EQ(seen.operation, Registration::Operation::kUpdate);
  EXPECT_EQ(fault(coap::codes::kDelete, {"rd", "7"}, {}), Fault::kNone);
  EXPECT_EQ(seen.operation, Registration::Operation::kDeregister);
}

TEST(Lwm2mRegistrationTest, RequestsToTheDeviceAreWrittenAsPublished) {
  std::array<std::byte, 64> out;
  const auto token = FromHex("BB");
  const auto payload = FromHex("AAF1");
  const auto written =
      WriteWrite({0x0102, token, At("/19/1/0")}, coap::content_format::kOctetStream, payload, out);
  EXPECT_EQ(TextOf(Bytes(out).first(written.size)),
            TextOf(FromHex("41030102BBB2313901310130112AFFAAF1")));
}

}  // namespace
}  // namespace karez::protocols::lwm2m

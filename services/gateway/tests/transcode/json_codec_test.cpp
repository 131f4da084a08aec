#include "services/gateway/transcode/json_codec.h"

#include <chrono>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/gateway/tests/transcode/schema_fixture.h"

namespace karez::gateway::transcode {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// The message printed again, or what was refused: "REASON field: description; …".
std::string Round(const std::string& type, std::string_view json) {
  const MessageInfo& info = Info(type);
  auto message = NewMessage(info);
  if (auto read = ReadJson(*ProbeSchema(), json, info, *message); !read) {
    std::string text = read.error().reason;
    if (read.error().violations.empty()) text += " " + read.error().message;
    for (const auto& bad : read.error().violations) {
      text += " " + bad.field + ": " + bad.description;
    }
    return text;
  }
  std::string out;
  WriteJson(*ProbeSchema(), info, *message, out);
  return out;
}

// The one field of Kinds that was given, printed again.
std::string Field(const std::string& name, const std::string& value) {
  const MessageInfo& info = Info("Kinds");
  auto message = NewMessage(info);
  const std::string text = "{\"" + name + "\":" + value + "}";
  if (auto read = ReadJson(*ProbeSchema(), text, info, *message); !read) {
    return read.error().violations.empty() ? read.error().reason
                                           : read.error().violations[0].description;
  }
  std::string out;
  WriteJsonField(*ProbeSchema(), *info.Find(name), *message, out);
  return out;
}

TEST(JsonCodecTest, PrintsDefaultsAndLeavesOutUnsetMessages) {
  EXPECT_EQ(Round("Thing", "{}"),
            R"({"id":"","displayName":"","color":"COLOR_UNSPECIFIED","amountFen":"0","lines":[]})");
}

TEST(JsonCodecTest, TakesProtoNamesAndJsonNames) {
  EXPECT_EQ(Round("Line", R"({"volume_ml":"5"})"), R"({"volumeMl":"5","note":""})");
  EXPECT_EQ(Round("Line", R"({"volumeMl":5})"), R"({"volumeMl":"5","note":""})");
  EXPECT_EQ(Field("@odd", R"("x")"), R"("x")");
}

TEST(JsonCodecTest, NamesEveryBadFieldAtOnce) {
  EXPECT_EQ(Round("Thing", R"({"id":1,"color":"BLUE","lines":[{"volumeMl":"x"},{"other":[1]}]})"),
            "INVALID_FIELDS id: Must be a string. color: Must be one of COLOR_UNSPECIFIED, "
            "COLOR_RED, COLOR_GREEN. lines[0].volume_ml: Must be a whole number from "
            "-9223372036854775808 to 9223372036854775807. lines[1].other: Unknown field: remove "
            "it.");
}

TEST(JsonCodecTest, RefusesDuplicateMembersAlsoUnderTheOtherName) {
  EXPECT_EQ(Round("Line", R"({"note":"a","note":"b"})"),
            "INVALID_FIELDS note: Given twice: give it once.");
  EXPECT_EQ(Round("Line", R"({"volumeMl":1,"volume_ml":1})"),
            "INVALID_FIELDS volume_ml: Given twice: give it once.");
  EXPECT_EQ(Field("mString", R"({"a":"1","a":"2"})"), "Given twice: give it once.");
}

TEST(JsonCodecTest, RefusesTwoMembersOfAOneof) {
  EXPECT_EQ(Round("Kinds", R"({"cString":"a","cInt64":1})"),
            "INVALID_FIELDS c_int64: Another field of choice is given: give only one.");
}

TEST(JsonCodecTest, RefusesWhatIsNotJson) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "[]x",
                           "{} {}",
                           "{'id':\"a\"}",
                           "{id:\"a\"}",
                           "{\"id\":\"a\",}",
                           "{,}",
                           "{\"lines\":[{},]}",
                           "{\"lines\":[{}{}]}",
                           "{\"id\" \"a\"}",
                           "{\"id\":tru}",
                           "{\"amountFen\":01}",
                           "{\"amountFen\":1.}",
                           "{\"amountFen\":.5}",
                           "{\"amountFen\":+1}",
                           "{\"amountFen\":1e}",
                           "{\"amountFen\":0x10}",
                           "{\"amountFen\":NaN}",
                           "{\"id\":\"\n\"}",
                           "{\"id\":\"\\x\"}",
                           "{\"id\":\"\\u12\"}",
                           "{\"id\":\"\\ud800\"}",
                           "{\"id\":\"\\udc00\\ud800\"}",
                           "{\"id\":\"\xff\"}",
                           "{\"id\":\"\xc0\xaf\"}",
                           "{\"id\":\"\xed\xa0\x80\"}",
                           "{\"id\":\"a",
                           "/**/{}",
                           "{\"id\":\"a\"}}",
                           "\xef\xbb\xbf{}"}) {
    EXPECT_THAT(Round("Thing", text), StartsWith("BAD_JSON")) << text;
  }
}

TEST(JsonCodecTest, TakesWholeNumbersInEveryExactForm) {
  EXPECT_EQ(Field("fInt32", "\"-5\""), "-5");
  EXPECT_EQ(Field("fInt32", "5.0"), "5");
  EXPECT_EQ(Field("fInt32", "5e3"), "5000");
  EXPECT_EQ(Field("fInt64", "9223372036854775807"), "\"9223372036854775807\"");
  EXPECT_EQ(Field("fUint64", "\"18446744073709551615\""), "\"18446744073709551615\"");
  for (const char* bad : {"5.5", "\"\"", "\" 5\"", "\"5 \"", "\"+5\"", "\"05\"", "2147483648",
                          "1e10", "true", "[5]", "\"0x5\"", "{}"}) {
    EXPECT_THAT(Field("fInt32", bad), StartsWith("Must be")) << bad;
  }
  EXPECT_THAT(Field("fUint32", "-1"), StartsWith("Must be"));
  EXPECT_THAT(Field("fInt64", "9223372036854775808"), StartsWith("Must be"));
}

TEST(JsonCodecTest, TakesRealNumbers) {
  EXPECT_EQ(Field("fDouble", "0.1"), "0.1");
  EXPECT_EQ(Field("fDouble", "\"-Infinity\""), "\"-Infinity\"");
  EXPECT_EQ(Field("fDouble", "1e-999"), "0");
  EXPECT_THAT(Field("fDouble", "1e999"), StartsWith("Must be"));
  EXPECT_THAT(Field("fFloat", "1e39"), StartsWith("Must be"));
}

TEST(JsonCodecTest, TakesBytesInBothAlphabets) {
  EXPECT_EQ(Field("fBytes", "\"-_8\""), "\"+/8=\"");
  EXPECT_EQ(Field("fBytes", "\"+/8=\""), "\"+/8=\"");
  for (const char* bad : {"\"A\"", "\"A===\"", "\"AA=A\"", "\"AB\"", "\"A A\"", "\"AA=\""}) {
    EXPECT_EQ(Field("fBytes", bad), "Must be base64.") << bad;
  }
}

TEST(JsonCodecTest, TakesTimesAndDurations) {
  EXPECT_EQ(Field("timestamp", "\"2026-05-01T08:00:00.5+08:00\""), "\"2026-05-01T00:00:00.500Z\"");
  EXPECT_EQ(Field("timestamp", "\"2024-02-29T00:00:00Z\""), "\"2024-02-29T00:00:00Z\"");
  for (const char* bad :
       {"\"2023-02-29T00:00:00Z\"", "\"2026-05-01\"", "\"2026-05-01T24:00:00Z\"",
        "\"2026-05-01t00:00:00z\"", "\"2026-05-01T00:00:60Z\"", "\"2026-05-01T00:00:00\"",
        "\"0000-01-01T00:00:00Z\"", "5", "\"2026-05-01T00:00:00.1234567890Z\""}) {
    EXPECT_THAT(Field("timestamp", bad), StartsWith("Must be")) << bad;
  }
  EXPECT_EQ(Field("duration", "\"-1.5s\""), "\"-1.500s\"");
  for (const char* bad : {"\"1\"", "\"1m\"", "\"--1s\"", "\"315576000001s\"", "\"s\""}) {
    EXPECT_THAT(Field("duration", bad), StartsWith("Must be")) << bad;
  }
}

TEST(JsonCodecTest, TakesFieldMasksInCamelCaseOnly) {
  EXPECT_EQ(Field("fieldMask", "\"displayName,lines.volumeMl\""), "\"displayName,lines.volumeMl\"");
  EXPECT_THAT(Field("fieldMask", "\"display_name\""), StartsWith("Must be"));
  EXPECT_THAT(Field("fieldMask", "\"a,,b\""), StartsWith("Must be"));
}

TEST(JsonCodecTest, TakesStructuresAndAny) {
  const std::string value = R"([null,1.5,"x",true,{"a":[]}])";
  EXPECT_EQ(Field("value", value), value);
  EXPECT_EQ(Field("value", "null"), "null");
  EXPECT_EQ(Field("structure", R"({"a":{"b":null}})"), R"({"a":{"b":null}})");
  const std::string any = R"({"@type":"type.googleapis.com/karez.probe.v1.Count","number":7})";
  EXPECT_EQ(Field("any", any), any);
  EXPECT_EQ(Field("any", R"({"number":7,"@type":"x.y/karez.probe.v1.Count"})"),
            R"({"@type":"x.y/karez.probe.v1.Count","number":7})");
  const std::string duration = R"({"@type":"t/google.protobuf.Duration","value":"3s"})";
  EXPECT_EQ(Field("any", duration), duration);
  EXPECT_THAT(Field("any", R"({"@type":"t/unknown.Type"})"), StartsWith("Needs \"@type\""));
}

TEST(JsonCodecTest, NullMeansAbsentExceptInListsAndMaps) {
  EXPECT_EQ(Round("Line", R"({"note":null,"volumeMl":null})"), R"({"volumeMl":"0","note":""})");
  EXPECT_EQ(Field("rString", "[null]"), "Must not be null.");
  EXPECT_EQ(Field("mString", R"({"a":null})"), "Must not be null.");
  EXPECT_EQ(Field("rValue", "[null]"), "[null]");
}

TEST(JsonCodecTest, RefusesNulInText) {
  EXPECT_EQ(Field("fString", R"("a\u0000b")"), "Must be UTF-8 text without NUL.");
}

TEST(JsonCodecTest, EscapesWhatItPrints) {
  EXPECT_EQ(Field("fString", R"("\"\\\/\b\n\u007f\u6c34\ud83d\udca7")"),
            "\"\\\"\\\\/\\u0008\\n\x7f水💧\"");
  std::string out;
  WriteJsonString("a\xff z", out);
  EXPECT_EQ(out, "\"a\xEF\xBF\xBD z\"");
}

TEST(JsonCodecTest, AnswersHostileNestingAtOnce) {
  const auto start = std::chrono::steady_clock::now();
  const std::string nested = std::string(20'000, '[') + std::string(20'000, ']');
  EXPECT_THAT(Field("value", nested), "BAD_JSON");
  std::string objects;
  for (int i = 0; i < 10'000; ++i) objects += "{\"fMessage\":";
  EXPECT_THAT(Round("Kinds", objects), HasSubstr("nesting deeper than 64 levels"));
  EXPECT_THAT(Round("Kinds", "{\"unknown\":" + nested + "}"), HasSubstr("nesting deeper"));
  std::string any;
  for (int i = 0; i < 10'000; ++i) any += R"({"value":)";
  EXPECT_THAT(Field("any", any), "BAD_JSON");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(50));
}

// Whatever bytes arrive: refused, or read and printed the same way ever after.
TEST(JsonCodecTest, ReadsOrRefusesMutatedTexts) {
  const std::string seed =
      R"({"fInt64":"5","rString":["a","\u6c34\ud83d\udca7"],"mString":{"a":"b"},)"
      R"("timestamp":"2026-05-01T08:00:00.5+08:00","duration":"-1.5s","fieldMask":"aB,c",)"
      R"("any":{"@type":"t/karez.probe.v1.Line","note":"x"},"value":[1e5,null,{"a":true}],)"
      R"("structure":{"x":1},"fBytes":"AA==","mBool":{"true":1},"fEnum":"COLOR_RED","cInt64":7})";
  const MessageInfo& info = Info("Kinds");
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    std::string text = seed;
    for (unsigned n = random() % 4; n > 0; --n) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = static_cast<char>(random());
          break;
        case 1:
          text.erase(at, random() % 8);
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 16));
      }
      if (text.empty()) text = "{";
    }
    auto message = NewMessage(info);
    if (!ReadJson(*ProbeSchema(), text, info, *message)) continue;
    std::string printed;
    WriteJson(*ProbeSchema(), info, *message, printed);
    auto again = NewMessage(info);
    ASSERT_TRUE(ReadJson(*ProbeSchema(), printed, info, *again)) << text << "\n" << printed;
  }
}

TEST(JsonCodecTest, StopsAfterThirtyTwoViolations) {
  std::string lines = "[";
  for (int i = 0; i < 1000; ++i) lines += "{\"x\":1},";
  lines.back() = ']';
  const MessageInfo& info = Info("Thing");
  auto message = NewMessage(info);
  const auto read = ReadJson(*ProbeSchema(), "{\"lines\":" + lines + "}", info, *message);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().violations.size(), 32U);
}

}  // namespace
}  // namespace karez::gateway::transcode

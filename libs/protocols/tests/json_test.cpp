// JSON read without allocation, and written into fixed memory.
#include <array>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "libs/protocols/json/document.h"
#include "libs/protocols/json/writer.h"

namespace karez::protocols::json {
namespace {

TEST(JsonDocumentTest, ValuesAreFoundByTypeAndPath) {
  Parser parser;
  const auto document = parser.Parse(
      R"({"a": {"b": "t\u00e9xt"}, "list": [1, -2, 2.5, null], "big": 18446744073709551615,
          "yes": true, "whole": 3.0})");
  ASSERT_TRUE(document);
  EXPECT_EQ((*document)["a"]["b"].String(), "t\xC3\xA9xt");
  EXPECT_EQ((*document)["yes"].Bool(), true);
  EXPECT_EQ((*document)["whole"].Integer(), 3);
  EXPECT_EQ((*document)["big"].type(), Type::kUnsigned);
  EXPECT_EQ((*document)["big"].Integer(), std::nullopt);
  EXPECT_TRUE((*document)["a"]["missing"]["deeper"].missing());
  EXPECT_TRUE((*document)["list"]["b"].none());
  EXPECT_EQ((*document)["a"].String(), std::nullopt);

  const Value list = (*document)["list"];
  EXPECT_EQ(list.size(), 4u);
  double sum = 0;
  int numbers = 0;
  for (const Value item : list) {
    if (const auto number = item.Double()) {
      sum += *number;
      ++numbers;
    }
  }
  EXPECT_EQ(numbers, 3);
  EXPECT_EQ(sum, 1.5);
}

TEST(JsonDocumentTest, MembersComeInTheirOrder) {
  Parser parser;
  const auto document = parser.Parse(R"({"z": 1, "a": 2})");
  ASSERT_TRUE(document);
  std::string seen;
  for (auto at = document->begin(); at != document->end(); ++at) {
    seen += std::string(at.key()) + "=" + std::to_string((*at).Integer().value()) + ";";
  }
  EXPECT_EQ(seen, "z=1;a=2;");
}

TEST(JsonDocumentTest, WhatIsNoJsonIsRefused) {
  Parser parser;
  for (const std::string_view text : {"", " ", "{", "{\"a\":1,}", "nul", "{} {}", "\"\xFF\""}) {
    EXPECT_FALSE(parser.Parse(text)) << text;
  }
  EXPECT_FALSE(parser.Parse(std::string(Parser::kMaxDepth + 2, '[') +
                            std::string(Parser::kMaxDepth + 2, ']')));
  EXPECT_FALSE(parser.Parse("\"" + std::string(Parser::kMaxSize, 'a') + "\""));
  EXPECT_TRUE(parser.Parse("\"" + std::string(100000, 'a') + "\""));
}

TEST(JsonDocumentTest, AParserForgetsTheTextBefore) {
  Parser parser;
  ASSERT_TRUE(parser.Parse(R"({"a": "first"})"));
  const auto second = parser.Parse(R"({"b": 2})");
  ASSERT_TRUE(second);
  EXPECT_TRUE((*second)["a"].missing());
  EXPECT_FALSE(parser.Parse("{"));
  EXPECT_TRUE(parser.Parse("{}"));
}

TEST(JsonWriterTest, WritesWhatAParserReads) {
  std::array<char, 256> buffer;
  Writer writer(buffer);
  const std::array<std::byte, 3> bytes = {std::byte{0xFB}, std::byte{0xFF}, std::byte{0x01}};
  writer.BeginObject().Key("text").String("a\"\\\n\x01").Key("list").BeginArray();
  writer.Integer(-1).Bool(true).Null().Decimal(868500000, 6).Decimal(-5, 3).EndArray();
  writer.Key("data").Base64(bytes).Key("hex").Hex(bytes).Key("empty").BeginObject().EndObject();
  writer.EndObject();
  ASSERT_TRUE(writer.ok());
  EXPECT_EQ(writer.text(), R"({"text":"a\"\\\n\u0001","list":[-1,true,null,868.5,-0.005],)"
                           R"("data":"+/8B","hex":"fbff01","empty":{}})");
  Parser parser;
  EXPECT_TRUE(parser.Parse(writer.text()));
}

TEST(JsonWriterTest, LongBytesAreOneText) {
  std::array<char, 512> buffer;
  const std::array<std::byte, 100> bytes{};
  Writer writer(buffer);
  writer.Base64(bytes);
  EXPECT_EQ(writer.text().size(), 2u + 136u);
  EXPECT_EQ(writer.text().find('='), writer.text().size() - 3);
}

TEST(JsonWriterTest, TellsHowMuchRoomIsNeeded) {
  std::array<char, 4> buffer;
  Writer writer(buffer);
  writer.String("too long");
  EXPECT_FALSE(writer.ok());
  EXPECT_EQ(writer.size(), 10u);
  EXPECT_EQ(writer.text(), "");
}

}  // namespace
}  // namespace karez::protocols::json

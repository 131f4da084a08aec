// Hexadecimal, base64url and traceparent.
#include <gtest/gtest.h>

#include "libs/base/bytes.h"
#include "libs/base/trace.h"

namespace karez {
namespace {

TEST(HexTest, RoundTripsEveryByte) {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  EXPECT_EQ(FromHex(ToHex(all)).value(), all);
  EXPECT_EQ(FromHex("0a FF\n10").value(), std::string("\x0a\xff\x10", 3));
}

TEST(HexTest, RefusesHalfBytesAndOtherDigits) {
  for (const char* text : {"0", "0a f", "0 a", "0g", "0x10"}) EXPECT_FALSE(FromHex(text)) << text;
}

TEST(Base64UrlTest, MatchesTheVectorsOfRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "-_8"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(ToBase64Url(bytes), text);
    EXPECT_EQ(FromBase64Url(text).value(), bytes);
  }
}

TEST(Base64UrlTest, HasOneTextForEachValue) {
  for (const char* text : {"Zg==", "Zh", "Z", "Zm9v\n", "Zm9+", "Zm9/", " Zg"}) {
    EXPECT_FALSE(FromBase64Url(text)) << text;
  }
}

TEST(TraceTest, KeepsTheTraceOfItsCaller) {
  const auto trace =
      Trace::FromTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  EXPECT_EQ(trace.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(trace.Child().trace_id, trace.trace_id);
  EXPECT_NE(trace.Child().span_id, trace.span_id);
  EXPECT_EQ(trace.traceparent(), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
}

TEST(TraceTest, StartsANewOneForAnythingMalformed) {
  for (const char* text : {"", "garbage", "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                           "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                           "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                           "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"}) {
    const auto trace = Trace::FromTraceparent(text);
    EXPECT_NE(trace.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736") << text;
    EXPECT_EQ(trace.trace_id.size(), 32U);
    EXPECT_EQ(trace.span_id.size(), 16U);
  }
}

}  // namespace
}  // namespace karez

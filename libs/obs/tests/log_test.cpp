#include "libs/obs/log.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "libs/base/time.h"
#include "libs/base/trace.h"

namespace karez::obs {
namespace {

// What `write` puts on standard output.
template <class Write>
std::string Printed(Write write) {
  testing::internal::CaptureStdout();
  write();
  return testing::internal::GetCapturedStdout();
}

TEST(LogTest, WritesOneJsonObjectPerLine) {
  InitLog("billing", Level::kInfo);
  const Trace trace{"4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"};
  const std::string line = Printed([&] {
    Info("relay published",
         {{"events", 3}, {"ms", 1.5}, {"ok", true}, {"topic", "t"}, LogField(trace)});
  });
  ASSERT_TRUE(line.ends_with("}\n"));
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json["msg"], "relay published");
  EXPECT_EQ(json["svc"], "billing");
  EXPECT_EQ(json["level"], "info");
  EXPECT_EQ(json["events"], 3);
  EXPECT_EQ(json["ms"], 1.5);
  EXPECT_EQ(json["ok"], true);
  EXPECT_EQ(json["topic"], "t");
  EXPECT_EQ(json["trace_id"], trace.trace_id);
  EXPECT_EQ(json["span_id"], trace.span_id);
  EXPECT_TRUE(ParseInstant(json["ts"].get<std::string>()));
}

TEST(LogTest, ControlCharactersCannotStartALine) {
  InitLog("billing", Level::kInfo);
  std::string all;
  for (int i = 0; i < 128; ++i) all.push_back(static_cast<char>(i));
  const std::string line = Printed([&] {
    Warning("odd \"input\"\r\n{\"level\":\"error\"}", {{"valu\ne", all}, {"braces", "{} {0}"}});
  });
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  for (const char c : line.substr(0, line.size() - 1)) {
    EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) << static_cast<int>(c);
  }
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json["valu\ne"], all);
  EXPECT_EQ(json["braces"], "{} {0}");
  EXPECT_EQ(json["level"], "warning");
}

TEST(LogTest, BytesThatAreNoUtf8AreReplaced) {
  InitLog("billing", Level::kInfo);
  for (const char* bad :
       {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe5\x9d", "\x80"}) {
    const auto json = nlohmann::json::parse(Printed([&] { Info("m", {{"v", bad}}); }));
    EXPECT_EQ(json["v"].get<std::string>().substr(0, 3), "\xef\xbf\xbd");
  }
  const auto json = nlohmann::json::parse(Printed([] {
    Info("m", {{"v", "坎儿井 \xf0\x9f\x92\xa7"}});
  }));
  EXPECT_EQ(json["v"], "坎儿井 \xf0\x9f\x92\xa7");
}

TEST(LogTest, NumbersStayValidJson) {
  InitLog("billing", Level::kInfo);
  const auto json = nlohmann::json::parse(Printed([] {
    Info("m", {{"nan", std::nan("")},
               {"infinite", std::numeric_limits<double>::infinity()},
               {"low", std::numeric_limits<std::int64_t>::min()},
               {"tiny", 1e-300}});
  }));
  EXPECT_TRUE(json["nan"].is_null());
  EXPECT_TRUE(json["infinite"].is_null());
  EXPECT_EQ(json["low"], std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(json["tiny"], 1e-300);
}

TEST(LogTest, LowerLevelsAreLeftOut) {
  InitLog("billing", ParseLevel("warning"));
  EXPECT_EQ(Printed([] { Info("not shown"); }), "");
  EXPECT_NE(Printed([] { Error("shown"); }), "");
  EXPECT_EQ(ParseLevel("debug"), Level::kDebug);
  EXPECT_EQ(ParseLevel("error"), Level::kError);
  EXPECT_EQ(ParseLevel("loud"), Level::kInfo);
}

}  // namespace
}  // namespace karez::obs

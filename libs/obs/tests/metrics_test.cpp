#include "libs/obs/metrics.h"

#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace karez::obs {
namespace {

using testing::HasSubstr;

TEST(MetricsTest, CountersOfALabelSetAddUp) {
  Count("test_frames_total", {{"protocol", "cjt188"}, {"result", "stored"}});
  Count("test_frames_total", {{"protocol", "cjt188"}, {"result", "stored"}}, 2);
  Count("test_frames_total", {{"protocol", "cjt188"}, {"result", "duplicate"}});
  const std::string text = ScrapeText();
  EXPECT_THAT(text, HasSubstr("# TYPE test_frames_total counter\n"));
  EXPECT_THAT(text, HasSubstr("test_frames_total{protocol=\"cjt188\",result=\"stored\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("test_frames_total{protocol=\"cjt188\",result=\"duplicate\"} 1\n"));
}

TEST(MetricsTest, GaugesKeepTheLastValue) {
  SetGauge("test_queue_depth", 5);
  SetGauge("test_queue_depth", 2);
  EXPECT_THAT(ScrapeText(), HasSubstr("test_queue_depth 2\n"));
}

TEST(MetricsTest, TimesFallIntoBuckets) {
  ObserveSeconds("test_call_seconds", 0.0003, {{"method", "Get"}});
  ObserveSeconds("test_call_seconds", 3, {{"method", "Get"}});
  const std::string text = ScrapeText();
  EXPECT_THAT(text, HasSubstr("test_call_seconds_count{method=\"Get\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("test_call_seconds_bucket{method=\"Get\",le=\"0.0005\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("test_call_seconds_bucket{method=\"Get\",le=\"+Inf\"} 2\n"));
}

TEST(MetricsTest, LabelValuesAreEscaped) {
  Count("test_escape_total", {{"reason", "a\"b\nc\\"}});
  EXPECT_THAT(ScrapeText(), HasSubstr("test_escape_total{reason=\"a\\\"b\\nc\\\\\"} 1\n"));
}

TEST(MetricsTest, ScrapeAsksForGaugesFirst) {
  int asked = 0;
  OnScrape([&asked] { SetGauge("test_asked", ++asked); });
  EXPECT_THAT(ScrapeText(), HasSubstr("test_asked 1\n"));
  EXPECT_THAT(ScrapeText(), HasSubstr("test_asked 2\n"));
}

TEST(MetricsTest, ThreadsLoseNothing) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 10'000; ++i)
        Count("test_threads_total", {{"kind", i % 2 ? "odd" : "even"}});
    });
  }
  for (auto& thread : threads) thread.join();
  const std::string text = ScrapeText();
  EXPECT_THAT(text, HasSubstr("test_threads_total{kind=\"odd\"} 20000\n"));
  EXPECT_THAT(text, HasSubstr("test_threads_total{kind=\"even\"} 20000\n"));
}

}  // namespace
}  // namespace karez::obs

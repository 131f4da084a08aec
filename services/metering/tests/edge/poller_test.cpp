#include "services/metering/edge/poller.h"

#include <gtest/gtest.h>

namespace karez::metering::edge {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class PollerTest : public ::testing::Test {
 protected:
  std::string Ask() {
    const auto question = poller_.Next(now_);
    return question ? question->meter->address : "";
  }

  Poller poller_{{minutes(10), seconds(5), 2}};
  Poller::Time now_{};
};

TEST_F(PollerTest, AsksOneMeterAfterTheOther) {
  poller_.Begin({{"a", nullptr}, {"b", nullptr}}, now_);
  EXPECT_EQ(Ask(), "a");
  EXPECT_EQ(Ask(), "") << "one question in flight on the line";
  poller_.Answered("a");
  EXPECT_EQ(Ask(), "b");
  poller_.Answered("b");
  EXPECT_EQ(Ask(), "");
  EXPECT_EQ(poller_.unanswered(), 0);
}

TEST_F(PollerTest, AFrameOfAnotherMeterIsNoAnswer) {
  poller_.Begin({{"a", nullptr}}, now_);
  Ask();
  poller_.Answered("b");
  EXPECT_EQ(Ask(), "");
}

TEST_F(PollerTest, AsksAgainAndThenGoesOn) {
  poller_.Begin({{"a", nullptr}, {"b", nullptr}}, now_);
  Ask();
  now_ += seconds(5);
  EXPECT_EQ(Ask(), "a");
  now_ += seconds(5);
  EXPECT_EQ(Ask(), "b");
  EXPECT_EQ(poller_.unanswered(), 1);
}

TEST_F(PollerTest, TheNextRoundIsDueAPeriodAfterTheLastBegan) {
  poller_.Begin({{"a", nullptr}}, now_);
  Ask();
  EXPECT_FALSE(poller_.Due(now_ + minutes(20))) << "a round is under way";
  poller_.Answered("a");
  Ask();
  EXPECT_FALSE(poller_.Due(now_ + minutes(9)));
  EXPECT_TRUE(poller_.Due(now_ + minutes(10)));
}

TEST_F(PollerTest, ATerminalWithoutMetersIsAskedNothing) {
  poller_.Begin({}, now_);
  EXPECT_EQ(Ask(), "");
  EXPECT_TRUE(poller_.Due(now_ + minutes(10)));
}

}  // namespace
}  // namespace karez::metering::edge

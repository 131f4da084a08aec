#include "libs/rpc/status.h"

#include <gtest/gtest.h>

#include "libs/testing/result_matchers.h"

namespace karez::rpc {
namespace {

TEST(StatusTest, EveryCodeTravelsThereAndBackWithAllItsDetails) {
  for (int code = 1; code <= 16; ++code) {
    Error error{static_cast<Code>(code), "SOME_REASON", "What to do.", {{"key", "value"}}, {}};
    error.violations = {{"lines[2].volume_ml", "Must be positive."}, {"month", "Is missing."}};
    const auto back = FromStatus(ToStatus(error));
    EXPECT_EQ(back.code, error.code) << CodeName(error.code);
    EXPECT_EQ(back.reason, error.reason);
    EXPECT_EQ(back.message, error.message);
    EXPECT_EQ(back.metadata, error.metadata);
    EXPECT_EQ(back.violations, error.violations);
  }
}

TEST(StatusTest, DetailsStayBelowWhatAConnectionCarries) {
  Error error{Code::kInvalidArgument, "INVALID_FIELDS", "Many.", {}, {}};
  for (int i = 0; i < 1000; ++i)
    error.violations.push_back({"field", "Is wrong in some long way."});
  EXPECT_LT(ToStatus(error).error_details().size(), 6000U);
}

TEST(StatusTest, TimesKeepTheirMicrosecondsAlsoBefore1970) {
  for (const char* text : {"2026-05-01T00:00:00.000123Z", "1969-12-31T23:59:59.999999Z"}) {
    const auto at = *ParseInstant(text);
    EXPECT_EQ(*FromProto(ToProto(at)), at) << text;
  }
  google::protobuf::Timestamp wrong;
  wrong.set_nanos(-1);
  EXPECT_THAT(FromProto(wrong), testing::FailsWith(Code::kInvalidArgument, "TIME_INVALID"));
}

}  // namespace
}  // namespace karez::rpc

// GoogleTest matchers for Result:
//   EXPECT_THAT(bill.Issue(now), FailsWith(Code::kFailedPrecondition, "BILL_EMPTY"));
//   ASSERT_THAT(result, Succeeds());
#pragma once

#include <string>

#include <gmock/gmock.h>

#include "libs/base/error.h"

namespace karez::testing {

MATCHER(Succeeds, "succeeds") {
  if (arg.has_value()) return true;
  *result_listener << arg.error();
  return false;
}

MATCHER_P2(FailsWith, code, reason, "is refused with " + std::string(reason)) {
  if (arg.has_value()) {
    *result_listener << "succeeded";
    return false;
  }
  *result_listener << arg.error();
  return arg.error().code == code && arg.error().reason == reason;
}

// INVALID_ARGUMENT that names this field.
MATCHER_P(RefusesField, field, "names the field " + std::string(field)) {
  if (arg.has_value()) return false;
  *result_listener << arg.error();
  for (const auto& violation : arg.error().violations) {
    if (violation.field == field) return arg.error().code == Code::kInvalidArgument;
  }
  return false;
}

}  // namespace karez::testing

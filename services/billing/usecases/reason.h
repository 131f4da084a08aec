#pragma once

#include <string>

#include "libs/base/error.h"

namespace karez::billing::usecases {

// Field `reason`: required, at most 500 bytes.
inline Result<void> CheckReason(const std::string& reason) {
  if (!reason.empty() && reason.size() <= 500) return {};
  return FailField("reason", "Say why, in at most 500 bytes.");
}

}  // namespace karez::billing::usecases

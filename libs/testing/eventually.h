// Waits for a condition instead of sleeping: asks until it holds or the patience is over.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace karez::testing {

inline bool Eventually(const std::function<bool()>& holds,
                       std::chrono::milliseconds patience = std::chrono::seconds(15)) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace karez::testing

// How many random cases a test of "what was written is read again" tries: a number that takes a
// second in every run, KAREZ_TEST_ROUNDS when that is set (`make roundtrip`).
#pragma once

#include <cstdlib>

namespace karez::protocols {

inline int Rounds(int usual) {
  const char* wanted = std::getenv("KAREZ_TEST_ROUNDS");
  return wanted == nullptr ? usual : std::atoi(wanted);
}

}  // namespace karez::protocols

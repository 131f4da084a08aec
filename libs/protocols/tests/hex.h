// Bytes from hexadecimal text, for tests.
#pragma once

#include <string_view>
#include <vector>

#include "libs/protocols/explain/explain.h"

namespace karez::protocols {

inline std::vector<std::byte> FromHex(std::string_view text) {
  std::vector<std::byte> bytes;
  if (!ParseHex(text, bytes)) bytes.clear();
  return bytes;
}

}  // namespace karez::protocols

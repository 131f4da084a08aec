// An enumerator by its name in JSON. Internal to this library.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/protocols/profiles_json/reader.h"

namespace karez::protocols {

// The enumerator of that Name(), kNone's empty name aside; empty (with a fault): no such.
template <class T>
std::optional<T> ReadNamed(ObjectReader& reader, std::string_view key) {
  constexpr int kMaxEnumerators = 64;
  const auto text = reader.String(key);
  if (!text) return std::nullopt;
  std::string allowed;
  for (int i = 0; i < kMaxEnumerators; ++i) {
    const std::string_view name = Name(static_cast<T>(i));
    if (name.empty()) continue;
    if (*text == name) return static_cast<T>(i);
    allowed += (allowed.empty() ? "" : ", ") + std::string(name);
  }
  reader.Fault(key, "must be one of: " + allowed);
  return std::nullopt;
}

}  // namespace karez::protocols

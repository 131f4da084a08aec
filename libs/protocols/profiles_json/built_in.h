// The JSON files of libs/protocols/profiles, compiled in. The source
// is generated at build time. Internal to this library.
#pragma once

#include <span>
#include <string_view>

namespace karez::protocols {

struct BuiltInFile {
  std::string_view id;
  std::string_view json;
};

std::span<const BuiltInFile> BuiltInMeters();
std::span<const BuiltInFile> BuiltInTerminals();

}  // namespace karez::protocols

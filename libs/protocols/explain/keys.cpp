#include "libs/protocols/explain/keys.h"

#include <algorithm>

namespace karez::protocols {

KeyText ReadKeyBytes(const Question& question, std::string_view name, std::span<std::byte> out) {
  const auto found = question.keys.find(name);
  if (found == question.keys.end()) return KeyText::kNone;
  std::vector<std::byte> bytes;
  if (!ParseHex(found->second, bytes) || bytes.size() != out.size()) return KeyText::kBad;
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return KeyText::kGood;
}

std::string BadKey(const Question& question, std::span<const std::string_view> names, size_t size) {
  std::vector<std::byte> bytes(size);
  for (const std::string_view name : names) {
    if (ReadKeyBytes(question, name, bytes) == KeyText::kBad) return std::string(name);
  }
  return "";
}

Json BadKeyJson(std::string_view name, size_t size) {
  return {{"valid", false},
          {"reason", "key"},
          {"key", name},
          {"expected", std::to_string(2 * size) + " hex digits"}};
}

}  // namespace karez::protocols

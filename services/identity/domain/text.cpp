#include "services/identity/domain/text.h"

#include <algorithm>

namespace karez::identity {
namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestCode = 32;
constexpr std::size_t kShortestPassword = 12;
constexpr std::size_t kLongestPassword = 128;

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// Characters of a text that is known to be UTF-8.
std::size_t CountCharacters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

bool IsLowerOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool IsPlainWord(std::string_view text, std::string_view also, std::size_t longest) {
  return text.size() >= 2 && text.size() <= longest && IsLowerOrDigit(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return IsLowerOrDigit(c) || also.find(c) != std::string_view::npos;
         });
}

}  // namespace

void CheckDisplayName(Violations& bad, std::string field, std::string_view text) {
  const bool padded = !text.empty() && (text.front() == ' ' || text.back() == ' ');
  if (text.empty() || padded || HasControl(text) || CountCharacters(text) > kLongestName) {
    bad.Add(std::move(field),
            "Must have 1 to 64 characters, without line breaks and without space at either end.");
  }
}

void CheckCode(Violations& bad, std::string field, std::string_view text) {
  if (!IsPlainWord(text, "-", kLongestCode)) {
    bad.Add(std::move(field),
            "Must have 2 to 32 characters of a-z, 0-9 and '-', starting with a letter or digit.");
  }
}

void CheckStaffName(Violations& bad, std::string field, std::string_view text) {
  if (!IsPlainWord(text, "-.", kLongestName)) {
    bad.Add(std::move(field),
            "Must have 2 to 64 characters of a-z, 0-9, '.' and '-', starting with a letter or "
            "digit.");
  }
}

void CheckNewPassword(Violations& bad, std::string field, std::string_view text) {
  const std::size_t length = CountCharacters(text);
  if (length < kShortestPassword || length > kLongestPassword || HasControl(text)) {
    bad.Add(std::move(field), "Must have 12 to 128 characters, without line breaks.");
  }
}

}  // namespace karez::identity

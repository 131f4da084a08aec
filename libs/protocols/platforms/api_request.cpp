#include "libs/protocols/platforms/api_request.h"

#include <array>
#include <cstring>

#include "libs/protocols/platforms/values.h"

namespace karez::protocols::platforms {

TextRoom& TextRoom::Add(std::string_view text) {
  if (!text.empty() && size_ + text.size() <= room_.size()) {
    std::memcpy(room_.data() + size_, text.data(), text.size());
  }
  size_ += text.size();
  return *this;
}

TextRoom& TextRoom::AddNumber(int64_t number) {
  std::array<char, 24> room;
  return Add(NumberText(number, room));
}

TextRoom& TextRoom::AddPercentEncoded(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char c : text) {
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      Add({&c, 1});
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    const char code[] = {'%', kDigits[byte >> 4], kDigits[byte & 0xF]};
    Add({code, sizeof code});
  }
  return *this;
}

std::string_view TextRoom::Take() {
  if (!ok()) return {};
  const std::string_view text(room_.data() + taken_, size_ - taken_);
  taken_ = size_;
  return text;
}

}  // namespace karez::protocols::platforms

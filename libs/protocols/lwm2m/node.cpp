#include "libs/protocols/lwm2m/node.h"

#include <algorithm>

namespace karez::protocols::lwm2m {

bool Path::Parse(std::string_view text, Path& out) {
  out = Path{};
  if (!text.empty() && text.front() == '/') text.remove_prefix(1);
  if (text.size() > 1 && text.back() == '/') text.remove_suffix(1);
  while (!text.empty()) {
    const size_t end = std::min(text.find('/'), text.size());
    const std::string_view part = text.substr(0, end);
    if (part.empty() || part.size() > 5 || out.depth == 4) return false;
    uint32_t id = 0;
    for (const char c : part) {
      if (c < '0' || c > '9') return false;
      id = id * 10 + static_cast<uint32_t>(c - '0');
    }
    if (id >= kNoObject) return false;
    out.ids[out.depth++] = static_cast<uint16_t>(id);
    if (end == text.size()) return true;
    text.remove_prefix(end + 1);
    if (text.empty()) return false;
  }
  return true;
}

Path Path::Child(uint16_t id) const {
  Path child = *this;
  if (depth < 4) child.ids[child.depth++] = id;
  return child;
}

bool Path::StartsWith(const Path& parent) const {
  return depth >= parent.depth &&
         std::equal(ids.begin(), ids.begin() + parent.depth, parent.ids.begin());
}

FixedText<40> Path::Text() const {
  FixedText<40> text;
  if (depth == 0) text.push_back('/');
  for (uint8_t i = 0; i < depth; ++i) {
    text.push_back('/');
    char digits[5];
    size_t count = 0;
    uint16_t rest = ids[i];
    do {
      digits[count++] = static_cast<char>('0' + rest % 10);
      rest = static_cast<uint16_t>(rest / 10);
    } while (rest != 0);
    while (count > 0) text.push_back(digits[--count]);
  }
  return text;
}

bool AreOrdered(std::span<const Entry> entries, const Path& base) {
  const Path* before = nullptr;
  for (const Entry& entry : entries) {
    const Path& path = entry.path;
    if (path.depth < 3 || !path.StartsWith(base)) return false;
    if (before != nullptr &&
        !std::lexicographical_compare(before->ids.begin(), before->ids.begin() + before->depth,
                                      path.ids.begin(), path.ids.begin() + path.depth)) {
      return false;
    }
    // A resource is either single or multiple.
    if (before != nullptr && before->depth == 3 && path.StartsWith(*before)) return false;
    before = &path;
  }
  return true;
}

}  // namespace karez::protocols::lwm2m

#include "libs/protocols/lwm2m/record.h"

#include <cmath>

namespace karez::protocols::lwm2m {

std::optional<int64_t> ReadObjectLink(std::string_view text) {
  int64_t parts[2] = {0, 0};
  int part = 0;
  size_t digits = 0;
  for (const char c : text) {
    if (c == ':' && part == 0 && digits > 0) {
      part = 1;
      digits = 0;
      continue;
    }
    if (c < '0' || c > '9' || ++digits > 5) return std::nullopt;
    parts[part] = parts[part] * 10 + (c - '0');
  }
  if (part == 0 || digits == 0 || parts[0] > 0xFFFF || parts[1] > 0xFFFF) return std::nullopt;
  return parts[0] << 16 | parts[1];
}

FixedText<40> ObjectLinkText(int64_t link) {
  FixedText<40> text;
  const auto add = [&text](int64_t number) {
    char digits[5];
    size_t count = 0;
    do {
      digits[count++] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number != 0);
    while (count > 0) text.push_back(digits[--count]);
  };
  add(link >> 16 & 0xFFFF);
  text.push_back(':');
  add(link & 0xFFFF);
  return text;
}

bool JoinName(std::string_view base, std::string_view name, uint8_t min_depth, Path& out) {
  FixedText<64> joined;
  if (base.size() + name.size() > 64) return false;
  for (const char c : base) joined.push_back(c);
  for (const char c : name) joined.push_back(c);
  return Path::Parse(joined.view(), out) && out.depth >= min_depth;
}

bool ReadRecordValue(const Record& record, Type type, Value& out) {
  out.type = type;
  if (type == Type::kUnknown) {
    if (record.text) out.type = Type::kString;
    if (record.opaque) out.type = Type::kOpaque;
    if (record.flag) out.type = Type::kBoolean;
    if (record.link) out.type = Type::kObjectLink;
    if (record.number) out.type = record.integer ? Type::kInteger : Type::kFloat;
  }
  switch (out.type) {
    case Type::kInteger:
    case Type::kTime:
    case Type::kUnsigned:
      out.integer = record.integer.value_or(0);
      return record.integer.has_value() && (out.type != Type::kUnsigned || out.integer >= 0);
    case Type::kFloat:
      out.real = record.number.value_or(0);
      return record.number.has_value();
    case Type::kBoolean:
      out.integer = record.flag.value_or(false) ? 1 : 0;
      return record.flag.has_value();
    case Type::kString:
      if (record.text)
        out.bytes = std::as_bytes(std::span(record.text->data(), record.text->size()));
      return record.text.has_value();
    case Type::kOpaque:
      out.bytes = record.opaque.value_or(Bytes{});
      return record.opaque.has_value();
    case Type::kObjectLink: {
      const auto link = record.link ? ReadObjectLink(*record.link) : std::nullopt;
      out.integer = link.value_or(0);
      return link.has_value();
    }
    case Type::kNone:
    case Type::kUnknown:
      return false;
  }
  return false;
}

int64_t MillisecondsOf(double seconds) {
  constexpr double kLimit = 1e14;
  if (!(seconds > -kLimit && seconds < kLimit)) return kAbsent;
  return static_cast<int64_t>(std::llround(seconds * 1000));
}

}  // namespace karez::protocols::lwm2m

#include "services/gateway/transcode/text_values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <system_error>

#include "services/gateway/transcode/json_tokens.h"
#include "services/gateway/transcode/time_text.h"
#include "services/gateway/transcode/utf8.h"

namespace karez::gateway::transcode {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kEnumNamesShown = 12;

template <class T>
std::string WholeNumberHint() {
  return "Must be a whole number from " + std::to_string(std::numeric_limits<T>::min()) + " to " +
         std::to_string(std::numeric_limits<T>::max()) + ".";
}

// 5, -5, and 5.0 or 5e3 where they are exact.
template <class T>
bool ParseWhole(std::string_view text, T& out) {
  if (!IsJsonNumber(text)) return false;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, out);
  if (stop == end) return error == std::errc();
  if (text.find_first_of(".eE") == std::string_view::npos) return false;
  double value = 0;
  constexpr double kExactMax = 9007199254740992.0;  // 2^53
  if (std::from_chars(text.data(), end, value).ec != std::errc()) return false;
  if (std::trunc(value) != value || std::abs(value) > kExactMax) return false;
  if (value < static_cast<double>(std::numeric_limits<T>::min()) ||
      value > static_cast<double>(std::numeric_limits<T>::max())) {
    return false;
  }
  out = static_cast<T>(value);
  return true;
}

template <class T>
bool ParseReal(std::string_view text, T& out) {
  if (text == "NaN") {
    out = std::numeric_limits<T>::quiet_NaN();
    return true;
  }
  if (text == "Infinity" || text == "-Infinity") {
    out = text[0] == '-' ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::infinity();
    return true;
  }
  if (!IsJsonNumber(text)) return false;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error == std::errc()) return true;
  // Too large is refused, too small is zero; from_chars does not tell them apart.
  out = std::strtof(std::string(text).c_str(), nullptr) == 0.0F
            ? T{0}
            : std::numeric_limits<T>::infinity();
  return out == T{0};
}

int Base64Digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

// Both alphabets, with or without padding.
bool ParseBase64(std::string_view text, std::string& out) {
  if (const auto pad = text.find('='); pad != std::string_view::npos) {
    if (text.size() % 4 != 0 || text.size() - pad > 2) return false;
    if (text.find_first_not_of('=', pad) != std::string_view::npos) return false;
    text = text.substr(0, pad);
  }
  if (text.size() % 4 == 1) return false;
  out.reserve(text.size() * 3 / 4);
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const int digit = Base64Digit(c);
    if (digit < 0) return false;
    bits = (bits << 6 | static_cast<unsigned>(digit)) & 0xFFFFU;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count & 0xFFU);
    }
  }
  return (bits & ((1U << count) - 1)) == 0;
}

template <class T>
using Setter = void (Reflection::*)(Message*, const FieldDescriptor*, T) const;

template <class T>
void Store(const FieldDescriptor* field, Message& message, T value, Setter<T> set, Setter<T> add) {
  const Reflection* reflection = message.GetReflection();
  (reflection->*(field->is_repeated() ? add : set))(&message, field, std::move(value));
}

std::string SetEnum(std::string_view text, const FieldDescriptor* field, Message& message) {
  const EnumDescriptor* type = field->enum_type();
  const auto* value = type->FindValueByName(std::string(text));
  std::int32_t number = 0;
  if (value == nullptr && ParseWhole(text, number)) value = type->FindValueByNumber(number);
  if (value != nullptr) {
    Store<int>(field, message, value->number(), &Reflection::SetEnumValue,
               &Reflection::AddEnumValue);
    return {};
  }
  std::string names;
  for (int i = 0; i < type->value_count() && i < kEnumNamesShown; ++i) {
    names += (i == 0 ? "" : ", ") + type->value(i)->name();
  }
  if (type->value_count() > kEnumNamesShown) names += ", …";
  return "Must be one of " + names + ".";
}

std::string SetText(std::string_view text, const FieldDescriptor* field, Message& message) {
  if (field->type() == FieldDescriptor::TYPE_BYTES) {
    std::string bytes;
    if (!ParseBase64(text, bytes)) return "Must be base64.";
    Store<std::string>(field, message, std::move(bytes), &Reflection::SetString,
                       &Reflection::AddString);
    return {};
  }
  if (!IsText(text)) return "Must be UTF-8 text without NUL.";
  Store<std::string>(field, message, std::string(text), &Reflection::SetString,
                     &Reflection::AddString);
  return {};
}

template <class T>
std::string SetWhole(std::string_view text, const FieldDescriptor* field, Message& message,
                     Setter<T> set, Setter<T> add) {
  T value = 0;
  if (!ParseWhole(text, value)) return WholeNumberHint<T>();
  Store<T>(field, message, value, set, add);
  return {};
}

template <class T>
std::string SetReal(std::string_view text, const FieldDescriptor* field, Message& message,
                    Setter<T> set, Setter<T> add) {
  T value = 0;
  if (!ParseReal(text, value)) return "Must be a number in range.";
  Store<T>(field, message, value, set, add);
  return {};
}

const FieldDescriptor* Number(const MessageInfo& info, int number) {
  return info.descriptor->FindFieldByNumber(number);
}

std::string SetFieldMask(std::string_view text, const FieldDescriptor* paths, Message& message) {
  std::string path;
  const auto flush = [&] {
    if (path.empty()) return false;
    message.GetReflection()->AddString(&message, paths, std::move(path));
    path.clear();
    return true;
  };
  constexpr const char* kHint = "Must be lowerCamelCase field paths separated by commas.";
  if (text.empty()) return {};
  for (const char c : text) {
    if (c == ',') {
      if (!flush()) return kHint;
    } else if (c >= 'A' && c <= 'Z') {
      path += '_';
      path += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.') {
      path += c;
    } else {
      return kHint;
    }
  }
  return flush() ? "" : kHint;
}

}  // namespace

std::string SetScalar(std::string_view text, const FieldDescriptor* field, Message& message) {
  using R = Reflection;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return SetWhole<std::int32_t>(text, field, message, &R::SetInt32, &R::AddInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return SetWhole<std::int64_t>(text, field, message, &R::SetInt64, &R::AddInt64);
    case FieldDescriptor::CPPTYPE_UINT32:
      return SetWhole<std::uint32_t>(text, field, message, &R::SetUInt32, &R::AddUInt32);
    case FieldDescriptor::CPPTYPE_UINT64:
      return SetWhole<std::uint64_t>(text, field, message, &R::SetUInt64, &R::AddUInt64);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return SetReal<double>(text, field, message, &R::SetDouble, &R::AddDouble);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return SetReal<float>(text, field, message, &R::SetFloat, &R::AddFloat);
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text != "true" && text != "false") return "Must be true or false.";
      Store<bool>(field, message, text == "true", &R::SetBool, &R::AddBool);
      return {};
    case FieldDescriptor::CPPTYPE_ENUM:
      return SetEnum(text, field, message);
    case FieldDescriptor::CPPTYPE_STRING:
      return SetText(text, field, message);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  return "Cannot be given here.";
}

bool IsTextForm(const MessageInfo& info) {
  return info.well_known == WellKnown::kTimestamp || info.well_known == WellKnown::kDuration ||
         info.well_known == WellKnown::kFieldMask || info.well_known == WellKnown::kWrapper;
}

std::string SetWellKnown(std::string_view text, const MessageInfo& info, Message& message) {
  const Reflection* reflection = message.GetReflection();
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
  switch (info.well_known) {
    case WellKnown::kTimestamp:
      if (!ParseTimestamp(text, seconds, nanos)) {
        return "Must be a time such as 2026-05-01T08:00:00Z.";
      }
      break;
    case WellKnown::kDuration:
      if (!ParseDuration(text, seconds, nanos)) return "Must be seconds such as 1.5s.";
      break;
    case WellKnown::kFieldMask:
      return SetFieldMask(text, Number(info, 1), message);
    case WellKnown::kWrapper:
      return SetScalar(text, Number(info, 1), message);
    default:
      return "Cannot be given as text.";
  }
  reflection->SetInt64(&message, Number(info, 1), seconds);
  reflection->SetInt32(&message, Number(info, 2), nanos);
  return {};
}

std::string TextOf(const MessageInfo& info, const Message& message) {
  const Reflection* reflection = message.GetReflection();
  if (info.well_known == WellKnown::kFieldMask) {
    std::string text;
    const FieldDescriptor* paths = Number(info, 1);
    std::string scratch;
    for (int i = 0; i < reflection->FieldSize(message, paths); ++i) {
      if (i > 0) text += ',';
      text += ToCamel(reflection->GetRepeatedStringReference(message, paths, i, &scratch));
    }
    return text;
  }
  const std::int64_t seconds = reflection->GetInt64(message, Number(info, 1));
  const std::int32_t nanos = reflection->GetInt32(message, Number(info, 2));
  return info.well_known == WellKnown::kTimestamp ? FormatTimestamp(seconds, nanos)
                                                  : FormatDuration(seconds, nanos);
}

std::string ToCamel(std::string_view name) {
  std::string out;
  bool upper = false;
  for (const char c : name) {
    if (c == '_') {
      upper = true;
      continue;
    }
    out += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = false;
  }
  return out;
}

std::string Base64(std::string_view bytes) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    unsigned bits = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      bits = bits << 8 | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += j <= count ? kDigits[bits >> (18 - 6 * j) & 0x3FU] : '=';
    }
  }
  return out;
}

}  // namespace karez::gateway::transcode

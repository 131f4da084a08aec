// Values on their way into a statement, in PostgreSQL's text form. Used through Tx::Exec; a type
// that is not listed here does not compile.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "libs/base/time.h"
#include "libs/base/uuid.h"

namespace karez::pg {

// bytea, so that it is not taken for text.
struct Bytes {
  std::string value;
};

std::string ToText(bool value);
std::string ToText(std::int64_t value);
inline std::string ToText(std::int32_t value) { return ToText(std::int64_t{value}); }
inline std::string ToText(std::uint32_t value) { return ToText(std::int64_t{value}); }
std::string ToText(std::string_view value);
inline std::string ToText(const char* value) { return ToText(std::string_view(value)); }
inline std::string ToText(const std::string& value) { return value; }
std::string ToText(const Uuid& value);
std::string ToText(Instant value);
std::string ToText(LocalDate value);
std::string ToText(const Bytes& value);
template <class Tag>
std::string ToText(const Id<Tag>& value) {
  return ToText(value.value());
}

// One element of an array literal, quoted and escaped.
void AppendArrayElement(std::string& out, std::string_view text);

class Params {
 public:
  template <class... Args>
  explicit Params(const Args&... args) {
    values_.reserve(sizeof...(args));
    (Add(args), ...);
  }
  const std::vector<std::optional<std::string>>& values() const { return values_; }

 private:
  template <class T>
  void Add(const T& value) {
    values_.emplace_back(ToText(value));
  }
  template <class T>
  void Add(const std::optional<T>& value) {
    if (value) {
      Add(*value);
    } else {
      values_.emplace_back(std::nullopt);
    }
  }
  void Add(std::nullopt_t) { values_.emplace_back(std::nullopt); }
  // An array parameter ($n::bigint[]); elements may be optional (NULL).
  template <class T>
  void Add(const std::vector<T>& items) {
    std::string out = "{";
    for (const auto& item : items) {
      if (out.size() > 1) out += ',';
      if constexpr (requires { item.has_value(); }) {
        if (!item.has_value()) {
          out += "NULL";
          continue;
        }
        AppendArrayElement(out, ToText(*item));
      } else {
        AppendArrayElement(out, ToText(T(item)));
      }
    }
    values_.emplace_back(out + "}");
  }

  std::vector<std::optional<std::string>> values_;
};

}  // namespace karez::pg

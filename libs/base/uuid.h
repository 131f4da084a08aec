// UUIDs (RFC 9562): version 7 for new things, version 5 for things whose identity follows from
// other facts. Values; all functions are safe from any thread.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "libs/base/error.h"

namespace karez {

class Uuid {
 public:
  // The nil UUID.
  Uuid() = default;
  explicit Uuid(const std::array<std::uint8_t, 16>& bytes) : bytes_(bytes) {}

  // Version 7: increasing within this process, also when the system clock steps back. Carries its
  // creation time, so it is no secret.
  static Uuid V7();
  // Version 5: the same name in the same space gives the same id, everywhere, for ever.
  static Uuid V5(const Uuid& space, std::string_view name);
  // Accepts the 36 character form, upper or lower case.
  static Result<Uuid> Parse(std::string_view text);

  bool is_nil() const { return *this == Uuid(); }
  // 36 characters, lower case.
  std::string str() const;
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }

  friend auto operator<=>(const Uuid&, const Uuid&) = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

// A strong type over a UUID, so that a bill's id is not taken for an account's:
//   using BillId = Id<struct BillTag>;
template <class Tag>
class Id {
 public:
  Id() = default;
  explicit Id(const Uuid& value) : value_(value) {}
  static Id New() { return Id(Uuid::V7()); }
  // INVALID_ARGUMENT for anything but a UUID.
  static Result<Id> Parse(std::string_view text) {
    return Uuid::Parse(text).map([](const Uuid& value) { return Id(value); });
  }
  const Uuid& value() const { return value_; }
  bool is_nil() const { return value_.is_nil(); }
  std::string str() const { return value_.str(); }
  friend auto operator<=>(const Id&, const Id&) = default;

 private:
  Uuid value_;
};

}  // namespace karez

template <>
struct std::hash<karez::Uuid> {
  std::size_t operator()(const karez::Uuid& id) const noexcept {
    return std::hash<std::string_view>()(
        {reinterpret_cast<const char*>(id.bytes().data()), id.bytes().size()});
  }
};

template <class Tag>
struct std::hash<karez::Id<Tag>> {
  std::size_t operator()(const karez::Id<Tag>& id) const noexcept {
    return std::hash<karez::Uuid>()(id.value());
  }
};

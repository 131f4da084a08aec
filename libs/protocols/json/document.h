// JSON that platforms push, read without allocation: a Parser keeps its buffers from one text to
// the next, so only the longest text so far allocates. RFC 8259, checked whole (UTF-8 included)
// before any value is handed out. Stands on simdjson, which no other header of this library
// includes.
//
//   json::Parser parser;                                    // one per thread, kept
//   const auto document = parser.Parse(text);               // nothing: no JSON
//   const auto eui = (*document)["deviceInfo"]["devEui"].String();
//
// A Parser is used by one thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "libs/protocols/error.h"

namespace karez::protocols::json {

// What is wrong with a JSON message, and where: position in the words of JSON.
struct FieldError {
  Fault fault = Fault::kNone;
  std::string_view field = {};  // static text: member, "rxInfo.rssi"; empty: the text as a whole

  bool ok() const { return fault == Fault::kNone; }
};

enum class Type : uint8_t {
  kMissing,  // no such member
  kNull,
  kBool,
  kInteger,   // fits int64
  kUnsigned,  // above int64, fits uint64
  kDouble,
  kString,
  kArray,
  kObject,
};

// A place in the parsed text: a cheap copy, valid until its Parser parses again or is destroyed.
// Every question about a value of another type, or about a missing one, is answered with nothing.
class Value {
 public:
  Value() = default;  // kMissing

  Type type() const { return type_; }
  bool missing() const { return type_ == Type::kMissing; }
  // Absent, or null: both mean "not told" to every platform that we know.
  bool none() const { return type_ == Type::kMissing || type_ == Type::kNull; }

  // The first member of that name.
  Value operator[](std::string_view key) const;

  std::optional<std::string_view> String() const;  // unescaped
  std::optional<bool> Bool() const;
  std::optional<int64_t> Integer() const;  // also a double that is a whole number below 2^53
  std::optional<double> Double() const;    // any number

  // Elements of a list, or values of an object in their order; ends at `end()`.
  class Iterator {
   public:
    Iterator() = default;
    Value operator*() const;
    std::string_view key() const;  // of an object's member; empty in a list
    Iterator& operator++();
    bool operator!=(const Iterator& other) const;

   private:
    friend class Value;
    alignas(8) std::array<std::byte, 16> place_{};
    bool object_ = false;
  };
  Iterator begin() const;
  Iterator end() const;
  // Elements or members.
  size_t size() const;

 private:
  friend class Parser;
  friend class Iterator;
  alignas(8) std::array<std::byte, 16> element_{};
  Type type_ = Type::kMissing;
};

class Parser {
 public:
  Parser();
  ~Parser();
  Parser(Parser&&) noexcept;
  Parser& operator=(Parser&&) noexcept;

  // Nothing when `text` is no JSON, nests deeper than kMaxDepth or is longer than kMaxSize. The
  // text is copied: it may change or go away afterwards.
  static constexpr size_t kMaxSize = size_t{1} << 20;
  static constexpr size_t kMaxDepth = 32;
  std::optional<Value> Parse(std::string_view text);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace karez::protocols::json

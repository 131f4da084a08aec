// A call to a platform's interface, ready for any HTTP client, and the room that it is written in.
// Nothing here does I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"

namespace karez::protocols::platforms {

struct Header {
  std::string_view name;
  std::string_view value;
};

// Views are into the room given to the writer, or constant.
struct ApiRequest {
  std::string_view method;  // "POST"
  std::string_view host;    // empty: the installation's own, told by configuration
  std::string_view target;  // path and query, encoded
  FixedVector<Header, 8> headers;
  std::string_view body;
};

// A value in a command's parameters.
struct Parameter {
  enum class Type : uint8_t { kText, kInteger, kBool };
  std::string_view name;
  Type type = Type::kText;
  std::string_view text = {};
  int64_t number = 0;  // kInteger; kBool: 0 or 1
};

// Texts one behind another in memory of the caller. What does not fit is counted: ask ok() once at
// the end. A text is valid as long as the memory.
class TextRoom {
 public:
  explicit TextRoom(std::span<char> room) : room_(room) {}

  TextRoom& Add(std::string_view text);
  TextRoom& AddNumber(int64_t number);
  TextRoom& AddPercentEncoded(std::string_view text);  // all but A–Z a–z 0–9 - _ . ~
  // What was added since the last Take.
  std::string_view Take();

  // For writers of their own: the free memory, and how much of it they used.
  std::span<char> free() { return ok() ? room_.subspan(size_) : std::span<char>(); }
  void Used(size_t size) { size_ += size; }

  bool ok() const { return size_ <= room_.size(); }
  Error error() const {
    return ok() ? Error{} : Error{Fault::kBuffer, 0, static_cast<uint32_t>(size_), 0};
  }

 private:
  std::span<char> room_;
  size_t size_ = 0;
  size_t taken_ = 0;
};

inline constexpr size_t kRequestRoom = 8192;  // enough for any request of this library

}  // namespace karez::protocols::platforms

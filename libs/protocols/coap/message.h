// CoAP messages over UDP (RFC 7252 section 3): read and written byte for byte.
//
//   Ver(2) T(2) TKL(4) | Code(8) | Message ID(16) | token(0…8) | options | FF payload
//
// A parsed message views the datagram; every sound datagram has exactly one form, so writing the
// parts again gives the same bytes. Pure functions without allocation, safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"

namespace karez::protocols::coap {

inline constexpr size_t kHeaderSize = 4;
inline constexpr size_t kMaxToken = 8;

enum class Type : uint8_t { kConfirmable, kNonConfirmable, kAcknowledgement, kReset };
std::string_view Name(Type type);  // "CON", "NON", "ACK", "RST"

// A code is class.detail: three bits and five. Class 0 requests, 2 success, 4 and 5 errors.
using Code = uint8_t;
constexpr Code MakeCode(unsigned code_class, unsigned detail) {
  return static_cast<Code>(code_class << 5 | detail);
}
constexpr unsigned ClassOf(Code code) { return code >> 5; }
constexpr unsigned DetailOf(Code code) { return code & 0x1F; }

namespace codes {
inline constexpr Code kEmpty = 0;
inline constexpr Code kGet = MakeCode(0, 1);
inline constexpr Code kPost = MakeCode(0, 2);
inline constexpr Code kPut = MakeCode(0, 3);
inline constexpr Code kDelete = MakeCode(0, 4);
inline constexpr Code kFetch = MakeCode(0, 5);
inline constexpr Code kCreated = MakeCode(2, 1);
inline constexpr Code kDeleted = MakeCode(2, 2);
inline constexpr Code kChanged = MakeCode(2, 4);
inline constexpr Code kContent = MakeCode(2, 5);
inline constexpr Code kContinue = MakeCode(2, 31);
inline constexpr Code kBadRequest = MakeCode(4, 0);
inline constexpr Code kBadOption = MakeCode(4, 2);
inline constexpr Code kNotFound = MakeCode(4, 4);
inline constexpr Code kRequestEntityIncomplete = MakeCode(4, 8);
inline constexpr Code kRequestEntityTooLarge = MakeCode(4, 13);
}  // namespace codes
// Name in the registry, "GET", "Content"; empty for a code that nobody defined.
std::string_view CodeName(Code code);

struct Message {
  Type type = Type::kConfirmable;
  Code code = codes::kEmpty;
  uint16_t message_id = 0;
  Bytes token;    // 0…8 bytes
  Bytes options;  // as on the wire, sound: see OptionReader
  Bytes payload;
};

struct Option {
  uint16_t number = 0;
  Bytes value;
  Bytes wire;  // with its one to five bytes of delta and length
};

// Walks through the options of a parsed message, ascending by number.
class OptionReader {
 public:
  explicit OptionReader(Bytes options) : rest_(options) {}
  bool Next(Option& out);  // false: there are no more

 private:
  Bytes rest_;
  uint16_t number_ = 0;
};

// First option of that number.
std::optional<Bytes> FindOption(const Message& message, uint16_t number);

// A number in 0…4 bytes, most significant first; leading zeros are allowed (section 3.2). Empty for
// more than four bytes.
std::optional<uint32_t> ReadUint(Bytes value);
std::optional<uint32_t> FindUint(const Message& message, uint16_t number);

// Reads one datagram; `out` views it. Faults, in this order:
//   kShort       fewer than 4 bytes, or token or option cut off
//   kVersion     `found` is not 1: ignore silently
//   kLength      token length 9…15 (position 0), or option length nibble 15
//   kIdentifier  option delta nibble 15 (`found` 15), or an option number above 65535
//   kEnd         payload marker without payload
//   kLayout      Empty (0.00) with more than the header
// All but kVersion and a short header are "message format errors" of the RFC.
[[nodiscard]] Error ParseMessage(Bytes datagram, Message& out);

// What section 4.2 and 4.3 want of a receiver of a faulty message.
enum class Reaction : uint8_t { kIgnore, kReset };
Reaction ReactionTo(Bytes datagram, const Error& error);

struct Written {
  Error error;
  size_t size = 0;
};

// Writes one message. Options must be added in ascending order; Finish tells what went wrong:
// kValue (token too long, options out of order, payload in an Empty message, option longer than
// 65804 bytes), kBuffer (`expected` bytes would have been needed).
//
//   MessageWriter writer(buffer, Type::kConfirmable, codes::kGet, 1, token);
//   writer.AddText(option::kUriPath, "temperature");
//   const Written written = writer.Finish();
class MessageWriter {
 public:
  MessageWriter(std::span<std::byte> out, Type type, Code code, uint16_t message_id, Bytes token);

  MessageWriter& Add(uint16_t number, Bytes value);
  MessageWriter& AddText(uint16_t number, std::string_view value);
  MessageWriter& AddUint(uint16_t number, uint32_t value);  // in as few bytes as possible
  MessageWriter& Payload(Bytes payload);
  Written Finish() const;

 private:
  void Put(Bytes bytes);
  void PutByte(unsigned value);

  std::span<std::byte> out_;
  size_t size_ = 0;  // beyond out_ once the buffer is full: counts what is needed
  uint16_t number_ = 0;
  bool empty_ = false;  // code 0.00
  bool bad_value_ = false;
};

// An Empty message: acknowledgement, reset, or ping (confirmable).
[[nodiscard]] Written WriteEmpty(Type type, uint16_t message_id, std::span<std::byte> out);

}  // namespace karez::protocols::coap

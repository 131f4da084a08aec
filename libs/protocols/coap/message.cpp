#include "libs/protocols/coap/message.h"

#include <algorithm>
#include <cstring>

namespace karez::protocols::coap {
namespace {

constexpr std::byte kPayloadMarker{0xFF};
constexpr uint32_t kReserved = 15;
constexpr size_t kMaxOptionLength = 269 + 0xFFFF;

uint32_t At(Bytes bytes, size_t i) { return std::to_integer<uint32_t>(bytes[i]); }

Error Short(Bytes datagram, size_t needed) {
  return {Fault::kShort, static_cast<uint16_t>(std::min<size_t>(datagram.size(), UINT16_MAX)),
          static_cast<uint32_t>(needed), static_cast<uint32_t>(datagram.size())};
}

// Value of a delta or length nibble with its extension at `at`, which moves on. False: cut off.
bool ReadExtended(Bytes bytes, uint32_t& value, size_t& at) {
  if (value < 13) return true;
  if (value == 13) {
    if (at >= bytes.size()) return false;
    value = 13 + At(bytes, at);
    at += 1;
    return true;
  }
  if (at + 2 > bytes.size()) return false;
  value = 269 + (At(bytes, at) << 8 | At(bytes, at + 1));
  at += 2;
  return true;
}

// Checks the options from `at` on; ends behind the payload marker or at the datagram's end.
Error SkipOptions(Bytes datagram, size_t at, Message& out) {
  const size_t begin = at;
  uint32_t number = 0;
  while (at < datagram.size()) {
    const auto position = static_cast<uint16_t>(at);
    if (datagram[at] == kPayloadMarker) {
      if (at + 1 == datagram.size()) return {Fault::kEnd, position, 1, 0};
      out.options = datagram.subspan(begin, at - begin);
      out.payload = datagram.subspan(at + 1);
      return {};
    }
    uint32_t delta = At(datagram, at) >> 4;
    uint32_t length = At(datagram, at) & 0xF;
    if (delta == kReserved) return {Fault::kIdentifier, position, 0, kReserved};
    if (length == kReserved) return {Fault::kLength, position, 14, kReserved};
    ++at;
    if (!ReadExtended(datagram, delta, at) || !ReadExtended(datagram, length, at)) {
      return Short(datagram, datagram.size() + 1);
    }
    number += delta;
    if (number > UINT16_MAX) return {Fault::kIdentifier, position, UINT16_MAX, number};
    if (length > datagram.size() - at) return Short(datagram, at + length);
    at += length;
  }
  out.options = datagram.subspan(begin);
  out.payload = {};
  return {};
}

}  // namespace

std::string_view Name(Type type) {
  constexpr std::string_view kNames[] = {"CON", "NON", "ACK", "RST"};
  return kNames[static_cast<size_t>(type)];
}

Error ParseMessage(Bytes datagram, Message& out) {
  // Foreign versions are ignored before anything else of them is judged (section 3).
  if (!datagram.empty() && At(datagram, 0) >> 6 != 1) {
    return {Fault::kVersion, 0, 1, At(datagram, 0) >> 6};
  }
  if (datagram.size() < kHeaderSize) return Short(datagram, kHeaderSize);
  const size_t token_size = At(datagram, 0) & 0xF;
  if (token_size > kMaxToken) {
    return {Fault::kLength, 0, kMaxToken, static_cast<uint32_t>(token_size)};
  }
  if (datagram.size() < kHeaderSize + token_size) return Short(datagram, kHeaderSize + token_size);
  out.type = static_cast<Type>(At(datagram, 0) >> 4 & 3);
  out.code = static_cast<Code>(At(datagram, 1));
  out.message_id = static_cast<uint16_t>(At(datagram, 2) << 8 | At(datagram, 3));
  out.token = datagram.subspan(kHeaderSize, token_size);
  const Error error = SkipOptions(datagram, kHeaderSize + token_size, out);
  if (error.ok() && out.code == codes::kEmpty && datagram.size() > kHeaderSize) {
    return {Fault::kLayout, kHeaderSize, kHeaderSize, static_cast<uint32_t>(datagram.size())};
  }
  return error;
}

Reaction ReactionTo(Bytes datagram, const Error& error) {
  if (error.ok() || error.fault == Fault::kVersion) return Reaction::kIgnore;
  if (datagram.size() < kHeaderSize) return Reaction::kIgnore;  // no message ID to answer to
  const bool confirmable = (At(datagram, 0) >> 4 & 3) == 0;
  return confirmable ? Reaction::kReset : Reaction::kIgnore;
}

bool OptionReader::Next(Option& out) {
  if (rest_.empty()) return false;
  uint32_t delta = At(rest_, 0) >> 4;
  uint32_t length = At(rest_, 0) & 0xF;
  size_t at = 1;
  // ParseMessage has checked the bytes: this cannot fail on what it returned.
  if (!ReadExtended(rest_, delta, at) || !ReadExtended(rest_, length, at) ||
      length > rest_.size() - at) {
    rest_ = {};
    return false;
  }
  number_ = static_cast<uint16_t>(number_ + delta);
  out.number = number_;
  out.value = rest_.subspan(at, length);
  out.wire = rest_.first(at + length);
  rest_ = rest_.subspan(at + length);
  return true;
}

std::optional<Bytes> FindOption(const Message& message, uint16_t number) {
  OptionReader reader(message.options);
  Option option;
  while (reader.Next(option)) {
    if (option.number == number) return option.value;
    if (option.number > number) break;
  }
  return std::nullopt;
}

std::optional<uint32_t> ReadUint(Bytes value) {
  if (value.size() > 4) return std::nullopt;
  uint32_t number = 0;
  for (const std::byte b : value) number = number << 8 | std::to_integer<uint32_t>(b);
  return number;
}

std::optional<uint32_t> FindUint(const Message& message, uint16_t number) {
  const std::optional<Bytes> value = FindOption(message, number);
  return value ? ReadUint(*value) : std::nullopt;
}

MessageWriter::MessageWriter(std::span<std::byte> out, Type type, Code code, uint16_t message_id,
                             Bytes token)
    : out_(out), empty_(code == codes::kEmpty) {
  if (token.size() > kMaxToken || (empty_ && !token.empty())) {
    bad_value_ = true;
    return;
  }
  PutByte(1u << 6 | static_cast<unsigned>(type) << 4 | static_cast<unsigned>(token.size()));
  PutByte(code);
  PutByte(message_id >> 8);
  PutByte(message_id & 0xFF);
  Put(token);
}

void MessageWriter::Put(Bytes bytes) {
  if (!bytes.empty() && size_ + bytes.size() <= out_.size()) {
    std::memcpy(out_.data() + size_, bytes.data(), bytes.size());
  }
  size_ += bytes.size();
}

void MessageWriter::PutByte(unsigned value) {
  if (size_ < out_.size()) out_[size_] = static_cast<std::byte>(value);
  ++size_;
}

MessageWriter& MessageWriter::Add(uint16_t number, Bytes value) {
  if (empty_ || number < number_ || value.size() > kMaxOptionLength) bad_value_ = true;
  if (bad_value_) return *this;
  const auto nibble = [](size_t n) { return n < 13 ? n : n < 269 ? 13 : 14; };
  const auto extension = [this](size_t n) {
    if (n >= 269) PutByte(static_cast<unsigned>((n - 269) >> 8));
    if (n >= 13) PutByte(static_cast<unsigned>((n < 269 ? n - 13 : n - 269) & 0xFF));
  };
  const size_t delta = static_cast<size_t>(number - number_);
  PutByte(static_cast<unsigned>(nibble(delta) << 4 | nibble(value.size())));
  extension(delta);
  extension(value.size());
  Put(value);
  number_ = number;
  return *this;
}

MessageWriter& MessageWriter::AddText(uint16_t number, std::string_view value) {
  return Add(number, std::as_bytes(std::span(value.data(), value.size())));
}

MessageWriter& MessageWriter::AddUint(uint16_t number, uint32_t value) {
  std::byte bytes[4];
  size_t first = 4;
  for (; value != 0; value >>= 8) bytes[--first] = static_cast<std::byte>(value & 0xFF);
  return Add(number, Bytes(bytes).subspan(first));
}

MessageWriter& MessageWriter::Payload(Bytes payload) {
  if (payload.empty()) return *this;
  if (empty_) bad_value_ = true;
  if (bad_value_) return *this;
  PutByte(0xFF);
  Put(payload);
  return *this;
}

Written MessageWriter::Finish() const {
  if (bad_value_) return {{Fault::kValue}};
  if (size_ > out_.size()) return {{Fault::kBuffer, 0, static_cast<uint32_t>(size_), 0}};
  return {{}, size_};
}

Written WriteEmpty(Type type, uint16_t message_id, std::span<std::byte> out) {
  return MessageWriter(out, type, codes::kEmpty, message_id, {}).Finish();
}

}  // namespace karez::protocols::coap

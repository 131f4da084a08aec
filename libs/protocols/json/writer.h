// Writes JSON into memory of the caller: no allocation, commas and escapes are its business. What
// does not fit is counted, so that one look at `size()` tells how much room is needed.
//
//   json::Writer writer(buffer);
//   writer.BeginObject().Key("devEui").String(eui).Key("fPort").Integer(2).EndObject();
//   if (!writer.ok()) …                       // needs writer.size() characters
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "libs/protocols/fixed.h"

namespace karez::protocols::json {

class Writer {
 public:
  explicit Writer(std::span<char> out) : out_(out) {}

  Writer& BeginObject() { return Open('{'); }
  Writer& EndObject() { return Close('}'); }
  Writer& BeginArray() { return Open('['); }
  Writer& EndArray() { return Close(']'); }
  Writer& Key(std::string_view key);
  Writer& String(std::string_view text);  // UTF-8; control characters, " and \ are escaped
  Writer& Bool(bool value);
  Writer& Null();
  Writer& Integer(int64_t value);
  // raw × 10^-decimals exactly, without trailing zeros: 868500000 and 6 give 868.5. decimals 0…18.
  Writer& Decimal(int64_t raw, int decimals);
  Writer& Base64(Bytes bytes);  // as a string, standard alphabet, padded
  Writer& Hex(Bytes bytes);     // as a string, lower case

  bool ok() const { return size_ <= out_.size(); }
  size_t size() const { return size_; }  // of the whole text, whether or not it fitted
  std::string_view text() const { return {out_.data(), size_ <= out_.size() ? size_ : 0}; }

 private:
  Writer& Open(char bracket);
  Writer& Close(char bracket);
  void Separate();
  void Put(char c) {
    if (size_ < out_.size()) out_[size_] = c;
    ++size_;
  }
  void Put(std::string_view text) {
    for (const char c : text) Put(c);
  }
  void PutEscaped(char c);

  std::span<char> out_;
  size_t size_ = 0;
  bool comma_ = false;  // the next value needs one before it
};

}  // namespace karez::protocols::json

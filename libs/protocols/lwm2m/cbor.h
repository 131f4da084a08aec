// The part of CBOR (RFC 8949) that SenML needs: read item by item, written in the shortest form.
// No allocation. Internal to lwm2m/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"

namespace karez::protocols::lwm2m {

struct CborItem {
  enum class Type : uint8_t {
    kUnsigned,
    kNegative,
    kBytes,
    kText,
    kArray,
    kMap,
    kBool,
    kNull,
    kFloat,
    kBreak,  // end of an indefinite list or map
  };
  Type type = Type::kNull;
  uint64_t number = 0;  // kUnsigned; kNegative: -1 - number; elements of lists and maps; kBool
  double real = 0;
  Bytes bytes;              // kBytes, kText
  bool indefinite = false;  // list or map that ends with a break
};

class CborReader {
 public:
  explicit CborReader(Bytes content) : content_(content) {}

  // The next item's head (of a list or map only that); tags are skipped. False: not CBOR, or of a
  // kind that SenML has no use for (strings in pieces, other simple values, 65-bit integers stay).
  bool Next(CborItem& out);
  // Passes over one whole item, at most 16 levels deep.
  bool Skip();
  size_t position() const { return at_; }
  bool at_end() const { return at_ == content_.size(); }

 private:
  bool SkipItem(int depth);
  bool ReadArgument(unsigned info, uint64_t& out);

  Bytes content_;
  size_t at_ = 0;
};

// Writes what fits and counts the rest: compare size() with the room.
class CborWriter {
 public:
  explicit CborWriter(std::span<std::byte> out) : out_(out) {}

  CborWriter& Array(size_t count) { return Head(4, count); }
  CborWriter& Map(size_t count) { return Head(5, count); }
  CborWriter& Integer(int64_t value);
  CborWriter& Unsigned(uint64_t value) { return Head(0, value); }
  CborWriter& Text(std::string_view text);
  CborWriter& ByteString(Bytes bytes);
  CborWriter& Bool(bool value);
  CborWriter& Real(double value);  // as an IEEE single where it is exact

  size_t size() const { return size_; }
  bool ok() const { return size_ <= out_.size(); }

 private:
  CborWriter& Head(unsigned major, uint64_t argument);
  void PutBig(uint64_t value, size_t size);
  void Put(Bytes bytes);

  std::span<std::byte> out_;
  size_t size_ = 0;
};

}  // namespace karez::protocols::lwm2m

// M-Bus data records (EN 13757-3 section 6): DIF DIFE… VIF VIFE… value, read one after the other
// and written again byte for byte.
//
//   RecordReader reader(body);
//   for (Record record; reader.Next(record);) Use(record, ReadValue(record));
//   // then reader.manufacturer_data() and reader.trailing() say what followed
//
// No allocation; records view the bytes that they were read from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "libs/protocols/fixed.h"
#include "libs/protocols/observation.h"

namespace karez::protocols::mbus {

// DIF bits 0…3.
enum class Coding : uint8_t {
  kNoData = 0x0,
  kInt8 = 0x1,
  kInt16 = 0x2,
  kInt24 = 0x3,
  kInt32 = 0x4,
  kReal = 0x5,  // IEEE 754, 32 bits
  kInt48 = 0x6,
  kInt64 = 0x7,
  kReadout = 0x8,  // selection for readout: no value
  kBcd2 = 0x9,     // digits
  kBcd4 = 0xA,
  kBcd6 = 0xB,
  kBcd8 = 0xC,
  kVariable = 0xD,
  kBcd12 = 0xE,
};

// Bytes of a value; kVariable has none of its own.
size_t ValueSize(Coding coding);

enum class Function : uint8_t { kInstant, kMaximum, kMinimum, kError };
std::string_view Name(Function function);  // "", "max", "min", "error"

struct Record {
  static constexpr size_t kMaxExtensions = 10;  // DIFEs, and VIFEs

  Coding coding = Coding::kNoData;
  Function function = Function::kInstant;
  uint8_t difes = 0;                             // how many were sent
  uint64_t storage = 0;                          // 41 bits
  uint32_t tariff = 0;                           // 20 bits
  uint16_t subunit = 0;                          // 10 bits
  FixedVector<uint8_t, 1 + kMaxExtensions> vif;  // VIF and VIFEs as sent, extension bits included
  Bytes text;          // unit of a plain-text VIF (7C, FC) as sent: last letter first
  uint8_t length = 0;  // LVAR of kVariable
  Bytes value;         // without LVAR
  // In the body: the whole record, and its value.
  size_t offset = 0;
  size_t value_offset = 0;

  size_t end() const { return value_offset + value.size(); }
};

class RecordReader {
 public:
  explicit RecordReader(Bytes body) : body_(body) {}

  // Skips idle fillers (2F). False at the end, before manufacturer data, and before bytes that are
  // no record.
  bool Next(Record& out);

  Bytes manufacturer_data() const { return manufacturer_; }  // behind 0F or 1F
  bool more_follows() const { return more_follows_; }        // 1F: ask again for the rest
  // What cannot be read as records; the records before it stand.
  Bytes trailing() const { return trailing_; }
  size_t position() const { return at_; }

 private:
  bool Stop(size_t at);

  Bytes body_;
  size_t at_ = 0;
  Bytes manufacturer_;
  Bytes trailing_;
  bool more_follows_ = false;
};

// Appends records to a buffer. Each Add is false, and writes nothing, when the record does not fit
// the buffer or its value does not fit the coding.
class RecordWriter {
 public:
  explicit RecordWriter(std::span<std::byte> out) : out_(out) {}

  // As read: head and value bytes of `record`. DIFEs are added where storage, tariff and subunit
  // need more of them than `record.difes` says.
  bool Add(const Record& record);
  // Head of `record` with another value, whose form `record.coding` says.
  bool AddNumber(Record record, int64_t raw);          // integers and BCD
  bool AddReal(Record record, float value);            // kReal
  bool AddTime(Record record, const LocalTime& time);  // kInt16 G, kInt32 F, kInt48 I
  bool AddText(Record record, std::string_view text);  // kVariable, at most 191 letters
  bool AddFiller(size_t count);                        // 2F
  bool AddManufacturerData(Bytes data, bool more_follows);

  size_t size() const { return size_; }

 private:
  std::span<std::byte> out_;
  size_t size_ = 0;
};

}  // namespace karez::protocols::mbus

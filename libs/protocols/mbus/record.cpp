#include "libs/protocols/mbus/record.h"

#include <algorithm>

namespace karez::protocols::mbus {
namespace {

constexpr uint8_t kExtension = 0x80;
constexpr uint8_t kManufacturerData = 0x0F;
constexpr uint8_t kMoreFollows = 0x1F;
constexpr uint8_t kFiller = 0x2F;

// Bytes of a value by coding; kVariable and special functions have none of their own.
constexpr uint8_t kValueSize[] = {0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, 0, 6, 0};

// Bytes behind LVAR (EN 13757-3:2013 table 5); nothing for reserved codes.
bool VariableSize(uint8_t length, size_t& size) {
  if (length <= 0xBF) {
    size = length;
  } else if (length <= 0xCF) {
    size = length - 0xC0u;  // positive BCD
  } else if (length <= 0xDF) {
    size = length - 0xD0u;  // negative BCD
  } else if (length <= 0xEF) {
    size = length - 0xE0u;  // binary number
  } else if (length <= 0xF4) {
    size = 4u * (length - 0xECu);
  } else if (length <= 0xF6) {
    size = length == 0xF5 ? 48 : 64;
  } else {
    return false;
  }
  return true;
}

class Cursor {
 public:
  Cursor(Bytes body, size_t at) : body_(body), at_(at) {}

  bool Byte(uint8_t& out) {
    if (at_ == body_.size()) return false;
    out = static_cast<uint8_t>(body_[at_++]);
    return true;
  }
  bool Take(size_t size, Bytes& out) {
    if (body_.size() - at_ < size) return false;
    out = body_.subspan(at_, size);
    at_ += size;
    return true;
  }
  size_t at() const { return at_; }

 private:
  Bytes body_;
  size_t at_;
};

// The DIFEs behind `dif`: each adds four bits of storage, two of tariff, one of subunit.
bool ReadDifes(uint8_t dif, Cursor& cursor, Record& out) {
  out.difes = 0;
  out.storage = dif >> 6 & 1;
  out.tariff = 0;
  out.subunit = 0;
  for (uint8_t last = dif; (last & kExtension) != 0; ++out.difes) {
    if (out.difes == Record::kMaxExtensions || !cursor.Byte(last)) return false;
    const unsigned n = out.difes;
    out.storage |= uint64_t{last & 0x0Fu} << (1 + 4 * n);
    out.tariff |= (last >> 4 & 3u) << (2 * n);
    out.subunit = static_cast<uint16_t>(out.subunit | (last >> 6 & 1u) << n);
  }
  return true;
}

bool ReadVifs(Cursor& cursor, Record& out) {
  out.vif.clear();
  out.text = {};
  uint8_t last = 0;
  do {
    if (!cursor.Byte(last) || !out.vif.push_back(last)) return false;
    // The unit in plain text stands between VIF and VIFEs.
    if (out.vif.size() == 1 && (last & 0x7F) == 0x7C) {
      uint8_t length = 0;
      if (!cursor.Byte(length) || !cursor.Take(length, out.text)) return false;
    }
  } while ((last & kExtension) != 0);
  return true;
}

bool ReadRecord(uint8_t dif, Cursor& cursor, Record& out) {
  const uint8_t coding = dif & 0x0F;
  if (coding == 0x0F) return false;
  out.coding = static_cast<Coding>(coding);
  out.function = static_cast<Function>(dif >> 4 & 3);
  if ((dif & kExtension) == 0) {  // most records have no DIFE
    out.difes = 0;
    out.storage = dif >> 6;
    out.tariff = 0;
    out.subunit = 0;
  } else if (!ReadDifes(dif, cursor, out)) {
    return false;
  }
  if (!ReadVifs(cursor, out)) return false;
  size_t size = kValueSize[coding];
  out.length = 0;
  if (out.coding == Coding::kVariable &&
      (!cursor.Byte(out.length) || !VariableSize(out.length, size))) {
    return false;
  }
  out.value_offset = cursor.at();
  return cursor.Take(size, out.value);
}

uint8_t NeededDifes(const Record& record) {
  uint8_t count = record.difes;
  const auto fits = [&record](unsigned n) {
    return record.storage >> (1 + 4 * n) == 0 && record.tariff >> (2 * n) == 0 &&
           record.subunit >> n == 0;
  };
  while (count <= Record::kMaxExtensions && !fits(count)) ++count;
  return count;
}

}  // namespace

size_t ValueSize(Coding coding) { return kValueSize[static_cast<size_t>(coding)]; }

std::string_view Name(Function function) {
  constexpr std::string_view kNames[] = {"", "max", "min", "error"};
  return kNames[static_cast<size_t>(function)];
}

bool RecordReader::Stop(size_t at) {
  trailing_ = body_.subspan(at);
  at_ = body_.size();
  return false;
}

bool RecordReader::Next(Record& out) {
  while (at_ < body_.size() && body_[at_] == std::byte{kFiller}) ++at_;
  if (at_ == body_.size()) return false;
  const size_t start = at_;
  const auto dif = static_cast<uint8_t>(body_[start]);
  if (dif == kManufacturerData || dif == kMoreFollows) {
    manufacturer_ = body_.subspan(start + 1);
    more_follows_ = dif == kMoreFollows;
    at_ = body_.size();
    return false;
  }
  Cursor cursor(body_, start + 1);
  if (!ReadRecord(dif, cursor, out)) return Stop(start);
  out.offset = start;
  at_ = cursor.at();
  return true;
}

bool RecordWriter::Add(const Record& record) {
  const uint8_t difes = NeededDifes(record);
  if (difes > Record::kMaxExtensions || record.vif.empty()) return false;
  const bool variable = record.coding == Coding::kVariable;
  const bool has_text = (record.vif[0] & 0x7F) == 0x7C;
  const size_t size = 1u + difes + record.vif.size() + (has_text ? 1 + record.text.size() : 0) +
                      (variable ? 1 : 0) + record.value.size();
  if (out_.size() - size_ < size || record.text.size() > 0xFF) return false;
  std::byte* at = out_.data() + size_;
  const auto put = [&at](uint64_t byte) { *at++ = static_cast<std::byte>(byte & 0xFF); };
  const auto extension = [](bool more) { return more ? kExtension : uint8_t{0}; };
  put(static_cast<uint64_t>(record.coding) | static_cast<uint64_t>(record.function) << 4 |
      (record.storage & 1) << 6 | extension(difes > 0));
  for (unsigned n = 0; n < difes; ++n) {
    put((record.storage >> (1 + 4 * n) & 0x0F) | (record.tariff >> (2 * n) & 3u) << 4 |
        (record.subunit >> n & 1u) << 6 | extension(n + 1u < difes));
  }
  for (size_t i = 0; i < record.vif.size(); ++i) {
    put((record.vif[i] & 0x7Fu) | extension(i + 1 < record.vif.size()));
    if (i > 0 || !has_text) continue;
    put(record.text.size());
    at = std::copy(record.text.begin(), record.text.end(), at);
  }
  if (variable) put(record.length);
  std::copy(record.value.begin(), record.value.end(), at);
  size_ += size;
  return true;
}

bool RecordWriter::AddFiller(size_t count) {
  if (out_.size() - size_ < count) return false;
  std::fill_n(out_.begin() + static_cast<ptrdiff_t>(size_), count, std::byte{kFiller});
  size_ += count;
  return true;
}

bool RecordWriter::AddManufacturerData(Bytes data, bool more_follows) {
  if (out_.size() - size_ < 1 + data.size()) return false;
  out_[size_] = std::byte{more_follows ? kMoreFollows : kManufacturerData};
  std::copy(data.begin(), data.end(), out_.begin() + static_cast<ptrdiff_t>(size_ + 1));
  size_ += 1 + data.size();
  return true;
}

}  // namespace karez::protocols::mbus

#include "libs/protocols/lwm2m/senml.h"

#include <cmath>

#include "libs/protocols/base64.h"
#include "libs/protocols/lwm2m/cbor.h"
#include "libs/protocols/lwm2m/record.h"

namespace karez::protocols::lwm2m {
namespace {

constexpr int64_t kVersion = 10;  // of SenML, RFC 8428 section 4.4

// What the base fields of earlier records say.
struct Base {
  std::string_view name;
  double time_s = 0;
  bool has_time = false;
};

// A record without a value names what a composite read wants, or has base fields alone.
void AddAsked(const Record& record, const Base& base, Paths& asked) {
  Path path;
  if (JoinName(base.name, record.name, 1, path)) (void)asked.push_back(path);
}

// Adds the record's value.
Error AddRecord(const Record& record, const Base& base, uint32_t count, bool json_of_1_0,
                Entries& out, Paths& asked) {
  const bool has_value =
      record.number || record.flag || record.text || record.opaque || record.link;
  if (!has_value) {
    AddAsked(record, base, asked);
    return {};
  }
  Entry entry;
  if (!JoinName(base.name, record.name, 3, entry.path)) return {Fault::kIdentifier, 0, 0, count};
  const Type type = TypeOf(entry.path.object(), entry.path.resource());
  entry.rejected = !ReadRecordValue(record, type, entry.value);
  // The JSON of 1.0 has no opaque values of its own: they are base64 in a string.
  if (json_of_1_0 && type == Type::kOpaque) entry.rejected = !record.opaque;
  if (base.has_time || record.time_s) {
    entry.time_ms = MillisecondsOf(base.time_s + record.time_s.value_or(0));
  }
  if (!out.push_back(entry)) return {Fault::kLength, 0, kMaxEntries, kMaxEntries + 1};
  return {};
}

void SetNumber(const json::Value& value, Record& record) {
  record.number = value.Double();
  record.integer = value.Integer();
}

// Room for the base64 of all values is that of the whole text; places must not move.
std::optional<Bytes> DecodeOpaque(std::string_view text, std::vector<std::byte>& room,
                                  size_t& used) {
  const Base64Result decoded = DecodeBase64(text, std::span(room).subspan(used));
  if (!decoded.error.ok()) return std::nullopt;
  const Bytes bytes = Bytes(room).subspan(used, decoded.size);
  used += decoded.size;
  return bytes;
}

}  // namespace

NamedReader::NamedReader() : opaque_(1024) {}

Error NamedReader::ReadSenmlJson(std::string_view text, Entries& out) {
  out.clear();
  asked_.clear();
  const auto root = parser_.Parse(text);
  if (!root || root->type() != json::Type::kArray) return {Fault::kLayout};
  if (opaque_.size() < text.size()) opaque_.resize(text.size());
  Base base;
  size_t used = 0;
  uint32_t count = 0;
  for (const json::Value object : *root) {
    ++count;
    if (object.type() != json::Type::kObject) return {Fault::kLayout, 0, 0, count};
    Record record;
    for (auto member = object.begin(); member != object.end(); ++member) {
      const std::string_view key = member.key();
      const json::Value value = *member;
      if (key == "bn") base.name = value.String().value_or("");
      if (key == "bt") base.time_s = value.Double().value_or(0);
      if (key == "bt") base.has_time = true;
      if (key == "bver" && value.Integer().value_or(kVersion + 1) > kVersion) {
        return {Fault::kVersion, 0, kVersion, count};
      }
      if (!key.empty() && key.back() == '_') return {Fault::kVersion, 0, kVersion, count};
      if (key == "n") record.name = value.String().value_or("");
      if (key == "t") record.time_s = value.Double();
      if (key == "v") SetNumber(value, record);
      if (key == "vb") record.flag = value.Bool();
      if (key == "vs") record.text = value.String();
      if (key == "vlo") record.link = value.String();
      if (key == "vd") {
        const auto encoded = value.String();
        if (!encoded) return {Fault::kLayout, 0, 0, count};
        record.opaque = DecodeOpaque(*encoded, opaque_, used);
        if (!record.opaque) return {Fault::kLayout, 0, 0, count};
      }
    }
    if (const Error error = AddRecord(record, base, count, false, out, asked_); !error.ok())
      return error;
  }
  return {};
}

Error NamedReader::ReadJson(std::string_view text, const Path& base_path, Entries& out) {
  out.clear();
  asked_.clear();
  const auto root = parser_.Parse(text);
  if (!root || root->type() != json::Type::kObject) return {Fault::kLayout};
  const json::Value records = (*root)["e"];
  if (records.type() != json::Type::kArray) return {Fault::kLayout};
  if (opaque_.size() < text.size()) opaque_.resize(text.size());
  FixedText<40> asked = base_path.Text();
  if (base_path.depth > 0 && base_path.depth < 3) asked.push_back('/');
  Base base;
  const auto base_name = (*root)["bn"].String();
  base.time_s = (*root)["bt"].Double().value_or(0);
  base.has_time = !(*root)["bt"].missing();
  size_t used = 0;
  uint32_t count = 0;
  for (const json::Value object : records) {
    ++count;
    Record record;
    record.name = object["n"].String().value_or("");
    record.time_s = object["t"].Double();
    SetNumber(object["v"], record);
    record.flag = object["bv"].Bool();
    record.text = object["sv"].String();
    record.link = object["ov"].String();
    base.name = base_name.value_or("");
    if (!base_name && (record.name.empty() || record.name.front() != '/')) base.name = asked.view();
    Path path;
    if (record.text && JoinName(base.name, record.name, 3, path) &&
        TypeOf(path.object(), path.resource()) == Type::kOpaque) {
      record.opaque = DecodeOpaque(*record.text, opaque_, used);
    }
    if (const Error error = AddRecord(record, base, count, true, out, asked_); !error.ok())
      return error;
  }
  return {};
}

namespace {

std::string_view TextOf(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// A key of a SenML-CBOR map: the label's number (RFC 8428 table 4), or its text.
struct Label {
  int64_t number = INT64_MAX;
  std::string_view text;
};

void SetCborNumber(const CborItem& item, Record& record) {
  using Type = CborItem::Type;
  if (item.type == Type::kFloat) {
    record.number = item.real;
    // Whole numbers may travel as floats.
    if (item.real == std::floor(item.real) && std::fabs(item.real) < 9e15) {
      record.integer = static_cast<int64_t>(item.real);
    }
  } else if (item.number <= INT64_MAX) {
    const auto magnitude = static_cast<int64_t>(item.number);
    if (item.type == Type::kUnsigned) record.integer = magnitude;
    if (item.type == Type::kNegative) record.integer = -1 - magnitude;
    if (record.integer) record.number = static_cast<double>(*record.integer);
  }
}

Error ReadMember(const Label& label, CborReader& reader, uint32_t count, Base& base,
                 Record& record) {
  const auto position = static_cast<uint16_t>(reader.position());
  const Error bad{Fault::kLayout, position, 0, count};
  if (!label.text.empty() && label.text.back() == '_') {
    return {Fault::kVersion, position, kVersion, count};
  }
  if (label.text != "vlo" && label.number == INT64_MAX) return reader.Skip() ? Error{} : bad;
  CborItem item;
  if (!reader.Next(item) || item.type == CborItem::Type::kArray ||
      item.type == CborItem::Type::kMap || item.type == CborItem::Type::kBreak) {
    return bad;
  }
  const bool is_text = item.type == CborItem::Type::kText;
  Record numeric;
  SetCborNumber(item, numeric);
  if (label.text == "vlo") {
    if (is_text) record.link = TextOf(item.bytes);
    return is_text ? Error{} : bad;
  }
  switch (label.number) {
    case -2:
      base.name = TextOf(item.bytes);
      return is_text ? Error{} : bad;
    case -3:
      base.time_s = numeric.number.value_or(0);
      base.has_time = true;
      return numeric.number ? Error{} : bad;
    case -1:
      return numeric.integer.value_or(kVersion + 1) <= kVersion
                 ? Error{}
                 : Error{Fault::kVersion, position, kVersion, count};
    case 0:
      record.name = TextOf(item.bytes);
      return is_text ? Error{} : bad;
    case 2:
      record.number = numeric.number;
      record.integer = numeric.integer;
      return numeric.number ? Error{} : bad;
    case 3:
      record.text = TextOf(item.bytes);
      return is_text ? Error{} : bad;
    case 4:
      record.flag = item.number != 0;
      return item.type == CborItem::Type::kBool ? Error{} : bad;
    case 6:
      record.time_s = numeric.number;
      return numeric.number ? Error{} : bad;
    case 8:
      record.opaque = item.bytes;
      return item.type == CborItem::Type::kBytes ? Error{} : bad;
    default:
      return {};  // units, sums, update times: not ours
  }
}

// Counts down a definite list, or looks for the end of an indefinite one.
class Elements {
 public:
  explicit Elements(const CborItem& head) : indefinite_(head.indefinite), left_(head.number) {}
  bool Next(Bytes content, CborReader& reader) {
    if (!indefinite_) return left_-- > 0;
    CborItem end;
    if (reader.at_end() || content[reader.position()] != std::byte{0xFF}) return true;
    reader.Next(end);
    return false;
  }

 private:
  bool indefinite_;
  uint64_t left_;
};

Error ReadCborRecord(Bytes content, CborReader& reader, uint32_t count, Base& base,
                     Record& record) {
  const Error bad{Fault::kLayout, static_cast<uint16_t>(reader.position()), 0, count};
  CborItem map;
  if (!reader.Next(map) || map.type != CborItem::Type::kMap) return bad;
  Elements members(map);
  while (members.Next(content, reader)) {
    CborItem key;
    if (!reader.Next(key)) return bad;
    Label label;
    if (key.type == CborItem::Type::kText) {
      label.text = TextOf(key.bytes);
    } else if (key.type == CborItem::Type::kUnsigned && key.number < 64) {
      label.number = static_cast<int64_t>(key.number);
    } else if (key.type == CborItem::Type::kNegative && key.number < 64) {
      label.number = -1 - static_cast<int64_t>(key.number);
    } else {
      return bad;
    }
    if (const Error error = ReadMember(label, reader, count, base, record); !error.ok()) {
      return error;
    }
  }
  return {};
}

}  // namespace

Error NamedReader::ReadSenmlCbor(Bytes content, Entries& out) {
  out.clear();
  asked_.clear();
  if (content.size() > UINT16_MAX) return {Fault::kLength, 0, UINT16_MAX, 0};
  CborReader reader(content);
  CborItem list;
  if (!reader.Next(list) || list.type != CborItem::Type::kArray) return {Fault::kLayout};
  Base base;
  Elements records(list);
  uint32_t count = 0;
  while (records.Next(content, reader)) {
    ++count;
    Record record;
    if (const Error error = ReadCborRecord(content, reader, count, base, record); !error.ok()) {
      return error;
    }
    if (const Error error = AddRecord(record, base, count, false, out, asked_); !error.ok())
      return error;
  }
  if (!reader.at_end()) return {Fault::kLayout, static_cast<uint16_t>(reader.position()), 0, count};
  return {};
}

}  // namespace karez::protocols::lwm2m

#include <algorithm>
#include <array>

#include "libs/protocols/base64.h"
#include "libs/protocols/decimal.h"
#include "libs/protocols/json/writer.h"
#include "libs/protocols/lwm2m/cbor.h"
#include "libs/protocols/lwm2m/record.h"
#include "libs/protocols/lwm2m/senml.h"

namespace karez::protocols::lwm2m {
namespace {

// The base name, with the slash that joins it to the names; a resource's own has none.
FixedText<40> BaseName(const Path& base) {
  FixedText<40> name = base.Text();
  if (base.depth > 0 && base.depth < 3) name.push_back('/');
  return name;
}

// What follows the base name; with a slash in front below a resource.
FixedText<40> NameBelow(const Path& base, const Path& path) {
  FixedText<40> name;
  const FixedText<40> text = path.Text();
  const size_t skip = BaseName(base).view().size();
  for (const char c : text.view().substr(std::min(skip, text.view().size()))) name.push_back(c);
  return name;
}

bool IsWritable(std::span<const Entry> entries, const Path& base) {
  if (!AreOrdered(entries, base)) return false;
  for (const Entry& entry : entries) {
    if (entry.rejected || entry.value.type == Type::kNone) return false;
    if (entry.value.type == Type::kFloat && !ToDecimal(entry.value.real)) return false;
  }
  return true;
}

std::string_view TextOf(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool WriteReal(double real, json::Writer& writer) {
  const auto decimal = ToDecimal(real);
  if (!decimal || decimal->exponent > 0 || decimal->exponent < -18) return false;
  writer.Decimal(decimal->raw, -decimal->exponent);
  return true;
}

struct Keys {
  std::string_view flag;
  std::string_view text;
  std::string_view opaque;
  std::string_view link;
};
constexpr Keys kSenml{"vb", "vs", "vd", "vlo"};
constexpr Keys kJson{"bv", "sv", "sv", "ov"};

// base64 of an opaque value: URL-safe without padding in SenML, standard in the JSON of 1.0.
bool WriteOpaque(Bytes bytes, bool url, json::Writer& writer) {
  if (!url) {
    writer.Base64(bytes);
    return true;
  }
  std::array<char, 4096> room;
  const Base64Result encoded =
      EncodeBase64(bytes, room, Base64Alphabet::kUrl, Base64Padding::kUnpadded);
  if (!encoded.error.ok()) return false;
  writer.String({room.data(), encoded.size});
  return true;
}

bool WriteValue(const Value& value, const Keys& keys, json::Writer& writer) {
  switch (value.type) {
    case Type::kInteger:
    case Type::kUnsigned:
    case Type::kTime:
      writer.Key("v").Integer(value.integer);
      return true;
    case Type::kFloat:
      writer.Key("v");
      return WriteReal(value.real, writer);
    case Type::kBoolean:
      writer.Key(keys.flag).Bool(value.integer != 0);
      return true;
    case Type::kString:
      writer.Key(keys.text).String(TextOf(value.bytes));
      return true;
    case Type::kOpaque:
    case Type::kUnknown:
      writer.Key(keys.opaque);
      return WriteOpaque(value.bytes, keys.opaque == "vd", writer);
    case Type::kObjectLink:
      writer.Key(keys.link).String(ObjectLinkText(value.integer).view());
      return true;
    case Type::kNone:
      return false;
  }
  return false;
}

Written Finish(const json::Writer& writer, bool sound) {
  if (!sound) return {{Fault::kValue}};
  if (!writer.ok()) return {{Fault::kBuffer, 0, static_cast<uint32_t>(writer.size()), 0}};
  return {{}, writer.size()};
}

}  // namespace

Written WriteSenmlJson(std::span<const Entry> entries, const Path& base, std::span<char> out) {
  if (!IsWritable(entries, base)) return {{Fault::kValue}};
  json::Writer writer(out);
  bool sound = true;
  writer.BeginArray();
  for (const Entry& entry : entries) {
    writer.BeginObject();
    if (&entry == entries.data()) writer.Key("bn").String(BaseName(base).view());
    const FixedText<40> name = NameBelow(base, entry.path);
    if (!name.empty()) writer.Key("n").String(name.view());
    if (entry.time_ms != kAbsent) writer.Key("t").Decimal(entry.time_ms, 3);
    sound = WriteValue(entry.value, kSenml, writer) && sound;
    writer.EndObject();
  }
  writer.EndArray();
  return Finish(writer, sound);
}

Written WriteJson(std::span<const Entry> entries, const Path& base, std::span<char> out) {
  if (!IsWritable(entries, base)) return {{Fault::kValue}};
  json::Writer writer(out);
  bool sound = true;
  writer.BeginObject().Key("bn").String(BaseName(base).view()).Key("e").BeginArray();
  for (const Entry& entry : entries) {
    writer.BeginObject();
    const FixedText<40> name = NameBelow(base, entry.path);
    if (!name.empty()) writer.Key("n").String(name.view());
    if (entry.time_ms != kAbsent) writer.Key("t").Decimal(entry.time_ms, 3);
    sound = WriteValue(entry.value, kJson, writer) && sound;
    writer.EndObject();
  }
  writer.EndArray().EndObject();
  return Finish(writer, sound);
}

Written WriteSenmlCbor(std::span<const Entry> entries, const Path& base, std::span<std::byte> out) {
  if (!IsWritable(entries, base)) return {{Fault::kValue}};
  CborWriter writer(out);
  writer.Array(entries.size());
  for (const Entry& entry : entries) {
    const FixedText<40> name = NameBelow(base, entry.path);
    const bool first = &entry == entries.data();
    const bool timed = entry.time_ms != kAbsent;
    writer.Map((first ? 1u : 0u) + (name.empty() ? 0u : 1u) + (timed ? 1u : 0u) + 1);
    if (first) writer.Integer(-2).Text(BaseName(base).view());
    if (!name.empty()) writer.Integer(0).Text(name.view());
    if (timed) {
      writer.Integer(6);
      if (entry.time_ms % 1000 == 0) {
        writer.Integer(entry.time_ms / 1000);
      } else {
        writer.Real(static_cast<double>(entry.time_ms) / 1000);
      }
    }
    const Value& value = entry.value;
    switch (value.type) {
      case Type::kInteger:
      case Type::kTime:
        writer.Integer(2).Integer(value.integer);
        break;
      case Type::kUnsigned:
        writer.Integer(2).Unsigned(static_cast<uint64_t>(value.integer));
        break;
      case Type::kFloat:
        writer.Integer(2).Real(value.real);
        break;
      case Type::kBoolean:
        writer.Integer(4).Bool(value.integer != 0);
        break;
      case Type::kString:
        writer.Integer(3).Text(TextOf(value.bytes));
        break;
      case Type::kOpaque:
      case Type::kUnknown:
        writer.Integer(8).ByteString(value.bytes);
        break;
      case Type::kObjectLink:
        writer.Text("vlo").Text(ObjectLinkText(value.integer).view());
        break;
      case Type::kNone:
        break;
    }
  }
  if (!writer.ok()) return {{Fault::kBuffer, 0, static_cast<uint32_t>(writer.size()), 0}};
  return {{}, writer.size()};
}

}  // namespace karez::protocols::lwm2m

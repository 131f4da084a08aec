#include <algorithm>

#include "libs/protocols/explain/explain.h"
#include "libs/protocols/profiles_json/meter_profile.h"
#include "libs/protocols/profiles_json/named.h"
#include "libs/protocols/profiles_json/reader.h"
#include "libs/protocols/wmbus/link.h"

namespace karez::protocols {
namespace {

using mbus::CompactFormat;
using mbus::FlagName;
using mbus::Flags;
using mbus::Maker;
using mbus::MakerData;
using mbus::MakerPart;
using nlohmann::json;

// Each element of the list `key`, with a reader of its own.
template <class Read>
void ForEach(ObjectReader& parent, std::string_view key, const std::string& file,
             std::vector<ProfileFault>& faults, Read read) {
  const json* list = parent.Array(key);
  if (list == nullptr) return;
  if (list->empty()) parent.Fault(key, "must not be empty");
  for (size_t i = 0; i < list->size(); ++i) {
    ObjectReader reader((*list)[i], parent.Path(key) + "[" + std::to_string(i) + "]", file, faults);
    read(reader);
    reader.Finish();
  }
}

// Bytes in hexadecimal, at most `max`; empty, with a fault, when they are none.
std::vector<std::byte> ReadBytes(ObjectReader& reader, std::string_view key, size_t max) {
  std::vector<std::byte> bytes;
  const auto text = reader.String(key);
  if (!text) return bytes;
  if (!ParseHex(*text, bytes) || bytes.empty() || bytes.size() > max) {
    reader.Fault(key, "must be 1 to " + std::to_string(max) + " bytes in hexadecimal");
    bytes.clear();
  }
  return bytes;
}

void ReadMask(ObjectReader& reader, uint64_t& out) {
  const std::vector<std::byte> bytes = ReadBytes(reader, "mask", 8);
  if (bytes.empty()) return;
  out = 0;
  for (const std::byte b : bytes) out = out << 8 | std::to_integer<uint64_t>(b);
  if (out == 0) reader.Fault("mask", "must name at least one bit");
}

Maker ReadMaker(ObjectReader& reader) {
  reader.Require("manufacturer");
  Maker maker;
  const auto letters = reader.String("manufacturer");
  if (letters && !mbus::ParseManufacturer(*letters, maker.manufacturer)) {
    reader.Fault("manufacturer", "must be three letters A to Z");
  }
  const auto read = [&reader](std::string_view key, std::optional<uint8_t>& out) {
    if (!reader.Has(key)) return;
    uint32_t value = 0;
    reader.Hex(key, 2, value);
    out = static_cast<uint8_t>(value);
  };
  read("version", maker.version);
  read("medium", maker.medium);
  return maker;
}

std::vector<FlagName> ReadFlagNames(ObjectReader& parent, std::string_view key,
                                    const std::string& file, std::vector<ProfileFault>& faults) {
  constexpr std::string_view kCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  std::vector<FlagName> flags;
  ForEach(parent, key, file, faults, [&](ObjectReader& reader) {
    for (const char* field : {"bit", "name"}) reader.Require(field);
    FlagName flag;
    reader.Number("bit", 0, 63, flag.bit);
    reader.Text("name", flag.name);
    if (flag.name.empty() || flag.name.find_first_not_of(kCharacters) != flag.name.npos) {
      reader.Fault("name", "must be of A to Z, 0-9 and '_'");
    }
    if (reader.Has("alarm")) flag.alarm = ReadNamed<Alarm>(reader, "alarm");
    const bool twice = std::any_of(flags.begin(), flags.end(), [&flag](const FlagName& other) {
      return other.bit == flag.bit;
    });
    if (twice) reader.Fault("bit", "is named twice");
    flags.push_back(std::move(flag));
  });
  return flags;
}

Flags ReadFlags(ObjectReader& reader, const std::string& file, std::vector<ProfileFault>& faults) {
  for (const char* field : {"vif", "bits"}) reader.Require(field);
  Flags flags;
  for (const std::byte b : ReadBytes(reader, "vif", 1 + mbus::Record::kMaxExtensions)) {
    flags.vif.push_back(std::to_integer<uint8_t>(b));
  }
  ReadMask(reader, flags.mask);
  flags.bits = ReadFlagNames(reader, "bits", file, faults);
  return flags;
}

// Whole heads only, each of a value whose size the DIF tells.
bool AreHeads(Bytes heads) {
  for (size_t at = 0; at < heads.size();) {
    const auto coding = static_cast<mbus::Coding>(heads[at] & std::byte{0x0F});
    if (mbus::ValueSize(coding) == 0) return false;
    for (int part = 0; part < 2; ++part) {  // DIF and DIFEs, VIF and VIFEs
      while (at < heads.size() && (heads[at] & std::byte{0x80}) != std::byte{0}) ++at;
      if (at++ == heads.size()) return false;
    }
  }
  return true;
}

void ReadCompactFormats(ObjectReader& parent, std::vector<CompactFormat>& out) {
  const json* list = parent.Array("compact_formats");
  if (list == nullptr) return;
  for (size_t i = 0; i < list->size(); ++i) {
    const json& item = (*list)[i];
    CompactFormat format;
    if (!item.is_string() || !ParseHex(item.get<std::string>(), format.heads) ||
        format.heads.empty() || !AreHeads(format.heads)) {
      parent.Fault("compact_formats[" + std::to_string(i) + "]",
                   "must be the heads of records in hexadecimal: DIF, DIFEs, VIF, VIFEs of each");
      continue;
    }
    format.signature = wmbus::Crc(format.heads);
    out.push_back(std::move(format));
  }
}

void ReadPartType(ObjectReader& reader, MakerPart& out) {
  struct Type {
    MakerPart::Form form;
    uint8_t size;  // 0: the part tells it
  };
  Type type{MakerPart::Form::kNumber, 1};
  using Form = MakerPart::Form;
  reader.Choice<Type>("type",
                      {{"u8", {Form::kNumber, 1}},
                       {"u16", {Form::kNumber, 2}},
                       {"u24", {Form::kNumber, 3}},
                       {"u32", {Form::kNumber, 4}},
                       {"date", {Form::kDate, 3}},
                       {"bytes", {Form::kBytes, 0}}},
                      type);
  out.form = type.form;
  out.size = type.size;
  if (type.size != 0) return;
  reader.Require("size");
  out.size = 1;
  reader.Number("size", 1, 64, out.size);
}

void ReadPartNumber(ObjectReader& reader, const std::string& file, MakerPart& out,
                    std::vector<ProfileFault>& faults) {
  if (out.form != MakerPart::Form::kNumber) {
    for (const char* field : {"mask", "exponent", "values", "flags"}) {
      if (reader.Has(field)) reader.Fault(field, "goes with numbers only");
    }
  }
  ReadMask(reader, out.mask);
  reader.Number("exponent", -9, 9, out.exponent);
  out.flags = ReadFlagNames(reader, "flags", file, faults);
  const json* values = reader.Array("values");
  for (size_t i = 0; values != nullptr && i < values->size(); ++i) {
    if (!(*values)[i].is_string()) {
      reader.Fault("values[" + std::to_string(i) + "]", "must be a text");
    } else {
      out.values.push_back((*values)[i].get<std::string>());
    }
  }
}

MakerPart ReadPart(ObjectReader& reader, const std::string& file,
                   std::vector<ProfileFault>& faults) {
  constexpr std::string_view kCharacters = "abcdefghijklmnopqrstuvwxyz0123456789_{}";
  for (const char* field : {"name", "type"}) reader.Require(field);
  MakerPart part;
  reader.Text("name", part.name);
  if (part.name.empty() || part.name.find_first_not_of(kCharacters) != part.name.npos) {
    reader.Fault("name", "must be of a-z, 0-9 and '_', with {n} where the part is repeated");
  }
  ReadPartType(reader, part);
  reader.Number("count", 1, 64, part.count);
  if ((part.count > 1) != (part.name.find("{n}") != part.name.npos)) {
    reader.Fault("count", "goes with {n} in the name");
  }
  if (reader.Has("when")) reader.Number("when", 0, 7, part.when.emplace());
  ReadPartNumber(reader, file, part, faults);
  return part;
}

MakerData ReadMakerData(ObjectReader& reader, const std::string& file,
                        std::vector<ProfileFault>& faults) {
  reader.Require("parts");
  MakerData data;
  data.match = ReadBytes(reader, "match", 8);
  ForEach(reader, "parts", file, faults,
          [&](ObjectReader& part) { data.parts.push_back(ReadPart(part, file, faults)); });
  return data;
}

}  // namespace

void ReadMbusProfile(const json& object, const std::string& file, mbus::Profile& out,
                     std::vector<ProfileFault>& faults) {
  ObjectReader reader(object, "mbus", file, faults);
  reader.Number("address", 0, 254, out.address);
  if (out.address == 251 || out.address == 252) {
    reader.Fault("address", "must not be 251 or 252, which EN 13757-2 reserves");
  }
  ForEach(reader, "makers", file, faults,
          [&](ObjectReader& maker) { out.makers.push_back(ReadMaker(maker)); });
  ForEach(reader, "flags", file, faults,
          [&](ObjectReader& flags) { out.flags.push_back(ReadFlags(flags, file, faults)); });
  ReadCompactFormats(reader, out.compact_formats);
  if (reader.Has("target_storage")) {
    reader.Number("target_storage", 1, 255, out.target_storage.emplace());
  }
  ForEach(reader, "maker_data", file, faults,
          [&](ObjectReader& data) { out.maker_data.push_back(ReadMakerData(data, file, faults)); });
  reader.Finish();
}

}  // namespace karez::protocols

#include "libs/protocols/explain/mbus_parts.h"

#include <algorithm>
#include <numeric>

#include "libs/protocols/bcd.h"
#include "libs/protocols/explain/json_text.h"

namespace karez::protocols {
namespace {

using mbus::Coding;
using mbus::Form;
using mbus::Function;
using mbus::Meaning;
using mbus::Record;
using mbus::Value;

constexpr uint8_t kBackward = 0x3C;

// VIFEs that make another value of one, in words.
struct ModifierName {
  uint8_t modifier;
  std::string_view prefix;
};
constexpr ModifierName kModifiers[] = {{0x3A, "uncorrected_"},
                                       {0x3B, "forward_"},
                                       {kBackward, "backward_"},
                                       {0x3E, "base_"},
                                       {0x7E, "future_"}};

// What the value is, without storage and function: "volume_m3", "backflow_m3".
std::string BaseName(const Record& record, const Meaning& meaning) {
  if (meaning.kind->name.empty() || (record.vif[0] & 0x7F) == 0x7F) {
    std::string name = meaning.manufacturer_specific ? "manufacturer" : "reserved";
    for (const uint8_t vif : record.vif) name += "_" + Lower(HexNumber(vif, 2));
    return name;
  }
  std::string name(meaning.kind->name);
  if (meaning.modifier == kBackward && name == "volume") {
    name = "backflow";
  } else if (meaning.modifier != 0) {
    const auto* const known = std::find_if(
        std::begin(kModifiers), std::end(kModifiers),
        [&meaning](const ModifierName& row) { return row.modifier == meaning.modifier; });
    if (known != std::end(kModifiers)) {
      name = std::string(known->prefix) + name;
    } else {
      name += "_vife_" + Lower(HexNumber(meaning.modifier, 2));
    }
  }
  const std::string suffix(meaning.kind->suffix);
  return suffix.empty() ? name : name + "_" + suffix;
}

std::string FunctionPrefix(const Record& record) {
  const std::string name(mbus::Name(record.function));
  return name.empty() ? name : name + "_";
}

std::string FlatName(const Record& record, const Meaning& meaning) {
  std::string name = FunctionPrefix(record) + BaseName(record, meaning);
  if (record.tariff != 0) name = "tariff" + std::to_string(record.tariff) + "_" + name;
  if (record.subunit != 0) name = "subunit" + std::to_string(record.subunit) + "_" + name;
  if (record.storage == 0) return name;
  const std::string storage = "storage" + std::to_string(record.storage) + "_";
  return storage + (name == "volume_m3" ? "m3" : name);
}

std::string TextOf(Bytes bytes) {
  std::string text;
  for (size_t i = bytes.size(); i > 0; --i) text += static_cast<char>(bytes[i - 1]);
  const bool printable =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  return printable ? text : Hex(bytes);
}

Json NumberJson(const Record& record, const Meaning& meaning, const Value& value) {
  if (meaning.kind->name == "fabrication_no") {
    if (record.coding >= Coding::kBcd2) {
      return HexNumber(LoadLowFirst(record.value), static_cast<int>(2 * record.value.size()));
    }
    const std::string digits = std::to_string(value.raw);
    return digits.size() < 8 ? std::string(8 - digits.size(), '0') + digits : digits;
  }
  // Physical quantities are exact text; counts, durations and whole degrees are plain numbers.
  static constexpr std::string_view kWhole[] = {"",  "c",    "k",      "s",     "min",
                                                "h", "days", "months", "years", "dbm"};
  const bool whole =
      std::find(std::begin(kWhole), std::end(kWhole), meaning.kind->suffix) != std::end(kWhole);
  if (whole && value.exponent == 0) return value.raw;
  return Decimal(value.raw, value.exponent);
}

Json ValueJson(const Record& record, const Meaning& meaning, const Value& value) {
  switch (value.type) {
    case Value::Type::kNone:
      return nullptr;
    case Value::Type::kNumber:
      return NumberJson(record, meaning, value);
    case Value::Type::kDate:
      return DateText(value.time);
    case Value::Type::kTime:
      return TimeText(value.time).substr(0, 16);
    case Value::Type::kTimeSeconds:
      return TimeText(value.time);
    case Value::Type::kTimeOfDay:
      return TimeText(value.time).substr(11);
    case Value::Type::kBits:
      return HexNumber(static_cast<uint64_t>(value.raw), static_cast<int>(2 * record.value.size()));
    case Value::Type::kText:
      return TextOf(record.value);
    case Value::Type::kBytes:
      return Hex(record.value);
  }
  return nullptr;
}

// The value of the billing day by a name of its own.
void OfferTarget(const Record& record, const Meaning& meaning, const mbus::Profile& profile,
                 const Json& value, Json& out) {
  if (record.tariff != 0 || record.subunit != 0 || record.function != Function::kInstant) return;
  if (!profile.IsTarget(record.storage)) return;
  const std::string base = BaseName(record, meaning);
  if (base == "volume_m3") Offer("target_m3", value, out);
  if (base == "date" || base == "time") Offer("target_date", value, out);
}

// A meter that a profile is about may send other records than the profile speaks of.
void OfferUsualTarget(Bytes body, Json& out) {
  if (out.contains("target_m3") || out.contains("target_date")) return;
  mbus::RecordReader reader(body);
  for (Record record; reader.Next(record);) {
    const Meaning meaning = mbus::MeaningOf(record);
    OfferTarget(record, meaning, {}, ValueJson(record, meaning, mbus::ReadValue(record, meaning)),
                out);
  }
}

// Other names by which people ask for a value: some makers send temperatures and peaks only as
// extremes of a stored period.
void OfferAliases(const Record& record, const Meaning& meaning, const Json& value, Json& out) {
  if (record.tariff != 0 || record.subunit != 0) return;
  const std::string base = BaseName(record, meaning);
  if (meaning.kind->suffix == "c" && !meaning.kind->name.empty()) {
    Offer(std::string(meaning.kind->name) + "_c", value, out);
  }
  if (record.storage != 0 &&
      (record.function == Function::kMaximum || record.function == Function::kMinimum)) {
    Offer(FunctionPrefix(record) + base, value, out);
  }
  if (base == "voltage_v") Offer("battery_v", value, out);
}

Json RecordJson(const Record& record, const Meaning& meaning, const std::string& name,
                const Json& value, Bytes plain, size_t body_at) {
  const size_t head = record.value_offset - record.offset;
  Json json = {{"name", name},
               {"head", Hex(plain.subspan(body_at + record.offset, head))},
               {"value", value},
               {"function", record.function == Function::kInstant ? std::string_view("instant")
                                                                  : mbus::Name(record.function)},
               {"storage", record.storage}};
  if (record.tariff != 0) json["tariff"] = record.tariff;
  if (record.subunit != 0) json["subunit"] = record.subunit;
  if (!meaning.kind->suffix.empty()) json["unit"] = meaning.kind->suffix;
  if (!record.text.empty()) json["unit_text"] = TextOf(record.text);
  if (meaning.record_error != 0) json["record_error"] = HexNumber(meaning.record_error, 2);
  return json;
}

// Bytes behind DIF 0F, by the profile as far as it knows them.
void ExplainManufacturerData(size_t data_at, Bytes data, const mbus::Profile& profile,
                             TelegramFields& fields, Json& out) {
  if (data.empty()) return;
  const size_t known = ExplainMakerData(data_at, data, profile, fields, out);
  fields.Add("manufacturer_data", data_at + known, data.size() - known);
  out["manufacturer_data"] = Hex(data);
}

}  // namespace

// A second record of a name is kept among "records" only.
void Offer(const std::string& name, const Json& value, Json& out) {
  if (!out.contains(name)) out[name] = value;
}

void TelegramFields::Add(std::string_view name, size_t offset, size_t length) {
  if (length == 0) return;
  const size_t first = positions_[offset];
  list_.push_back({{"name", name},
                   {"offset", first},
                   {"length", positions_[offset + length - 1] + 1 - first},
                   {"hex", Hex(plain_.subspan(offset, length))}});
}

void TelegramFields::Reject(RejectReason reason) { list_.back()["rejected"] = Name(reason); }

std::vector<size_t> Consecutive(size_t first, size_t count) {
  std::vector<size_t> positions(count);
  std::iota(positions.begin(), positions.end(), first);
  return positions;
}

void ExplainIdentity(const mbus::Identity& identity, bool wireless, Json& out) {
  out["id"] = HexNumber(identity.number, 8);
  out["manufacturer"] = mbus::ManufacturerText(identity.manufacturer).view();
  out["version"] = HexNumber(identity.version, 2);
  const std::string_view name = mbus::MediumName(identity.medium);
  out["medium"] = wireless ? HexNumber(identity.medium, 2) : MediumText(identity.medium);
  if (wireless && !name.empty()) out["medium_name"] = name;
}

std::string MediumText(uint8_t medium) {
  const std::string name(mbus::MediumName(medium));
  return HexNumber(medium, 2) + (name.empty() ? "" : " ") + name;
}

void ExplainTransport(const mbus::Transport& transport, size_t ci_at, bool wireless,
                      TelegramFields& fields, Json& out) {
  out["ci"] = HexNumber(transport.ci, 2);
  fields.Add("ci", ci_at, 1);
  if (transport.header == mbus::HeaderKind::kNone) return;
  size_t at = ci_at + 1;
  if (transport.header == mbus::HeaderKind::kLong) {
    ExplainIdentity(transport.identity, wireless, out);
    fields.Add("id", at, 4);
    fields.Add("manufacturer", at + 4, 2);
    fields.Add("version", at + 6, 1);
    fields.Add("medium", at + 7, 1);
    at += mbus::Identity::kSize;
  }
  out["acc"] = HexNumber(transport.access, 2);
  out["status"] = HexNumber(transport.status, 2);
  out["config"] = HexNumber(transport.configuration, 4);
  if (transport.mode() != mbus::kModePlain) out["security_mode"] = transport.mode();
  fields.Add("acc", at, 1);
  fields.Add("status", at + 1, 1);
  fields.Add("config", at + 2, ci_at + transport.header_size - at - 2);
}

void ExplainRecords(size_t body_at, size_t size, const mbus::Profile* profile,
                    TelegramFields& fields, Json& out) {
  static const mbus::Profile kStandard;
  const mbus::Profile& rules = profile == nullptr ? kStandard : *profile;
  const Bytes body = fields.plain().subspan(body_at, size);
  mbus::RecordReader reader(body);
  Json records = Json::array();
  size_t end = 0;
  for (Record record; reader.Next(record);) {
    fields.Add("filler", body_at + end, record.offset - end);
    end = record.end();
    const Meaning meaning = mbus::MeaningOf(record);
    const Value value = mbus::ReadValue(record, meaning);
    const Json json = ValueJson(record, meaning, value);
    const std::string name = FlatName(record, meaning);
    records.push_back(RecordJson(record, meaning, name, json, fields.plain(), body_at));
    fields.Add(name, body_at + record.offset, end - record.offset);
    if (value.type == Value::Type::kNone && !record.value.empty()) fields.Reject(value.reason);
    Offer(name, json, out);
    OfferTarget(record, meaning, rules, json, out);
    OfferAliases(record, meaning, json, out);
    ExplainFlags(record, rules, out);
  }
  OfferUsualTarget(body, out);
  const Bytes data = reader.manufacturer_data();
  const Bytes trailing = reader.trailing();
  const size_t rest = size - end - data.size() - trailing.size();
  fields.Add(rest > 0 && !data.empty() ? "manufacturer_data_dif" : "filler", body_at + end, rest);
  ExplainManufacturerData(body_at + size - data.size(), data, rules, fields, out);
  fields.Add("trailing", body_at + size - trailing.size(), trailing.size());
  if (reader.more_follows()) out["more_follows"] = true;
  if (!trailing.empty()) out["trailing"] = Hex(trailing);
  out["records"] = std::move(records);
}

void ExplainObserved(const Observation& observation, Json& out) {
  out["alarms"] = AlarmsJson(observation);
  out["rejections"] = RejectionsJson(observation);
}

std::string ProtectionFault(const Error& error) {
  switch (error.fault) {
    case Fault::kEncrypted:
      return "encrypted, no key";
    case Fault::kKey:
      return "wrong key";
    case Fault::kNotSupported:
      return "security mode " + std::to_string(error.found);
    default:
      return Lower(Name(error.fault));
  }
}

}  // namespace karez::protocols

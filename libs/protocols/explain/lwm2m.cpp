#include "libs/protocols/coap/options.h"
#include "libs/protocols/decimal.h"
#include "libs/protocols/explain/explainers.h"
#include "libs/protocols/explain/json_text.h"
#include "libs/protocols/lwm2m/observe.h"
#include "libs/protocols/lwm2m/record.h"
#include "libs/protocols/lwm2m/registration.h"
#include "libs/protocols/lwm2m/senml.h"
#include "libs/protocols/lwm2m/tlv.h"

namespace karez::protocols {
namespace {

using lwm2m::Entries;
using lwm2m::Entry;
using lwm2m::Path;
using lwm2m::Type;

Json ValueJson(const Entry& entry) {
  if (entry.rejected) return nullptr;
  const lwm2m::Value& value = entry.value;
  switch (value.type) {
    case Type::kInteger:
    case Type::kTime:
      return value.integer;
    case Type::kUnsigned:
      return static_cast<uint64_t>(value.integer);
    case Type::kFloat: {
      // A single is shown as the decimal that was meant, not as the double next to it.
      const auto single = static_cast<float>(value.real);
      const auto decimal =
          static_cast<double>(single) == value.real ? ToDecimal(single) : std::nullopt;
      return decimal ? std::stod(Decimal(decimal->raw, decimal->exponent)) : value.real;
    }
    case Type::kBoolean:
      return value.integer != 0;
    case Type::kString:
      return Text(value.bytes);
    case Type::kObjectLink:
      return lwm2m::ObjectLinkText(value.integer).view();
    case Type::kOpaque:
    case Type::kUnknown:
      return CompactHex(value.bytes);
    case Type::kNone:
      return nullptr;
  }
  return nullptr;
}

// The ids from `first` on as nested objects: {"9": 100, "6": {"0": 1, "1": 5}}.
void AddValues(const Entries& entries, uint8_t first, Json& out) {
  for (const Entry& entry : entries) {
    Json* place = &out;
    for (uint8_t level = first; level < entry.path.depth; ++level) {
      place = &(*place)[std::to_string(entry.path.ids[level])];
    }
    // Twice the same: the first wins.
    if (place->is_null()) *place = ValueJson(entry);
  }
}

Json ResourceList(const Entries& entries, Bytes content) {
  Json list = Json::array();
  for (const Entry& entry : entries) {
    const auto* spec = lwm2m::FindResource(entry.path.object(), entry.path.resource());
    Json one = {{"path", entry.path.Text().view()},
                {"name", spec != nullptr ? spec->name : ""},
                {"value", ValueJson(entry)}};
    if (entry.rejected) one["rejected"] = Name(entry.reason);
    if (entry.time_ms != kAbsent) one["time_ms"] = entry.time_ms;
    if (!content.empty() && entry.place.length > 0) {
      one["offset"] = entry.place.offset;
      one["length"] = entry.place.length;
    }
    list.push_back(std::move(one));
  }
  return list;
}

Json FieldList(const Entries& entries, Bytes content) {
  Json list = Json::array();
  for (const Entry& entry : entries) {
    if (entry.place.length == 0) continue;
    list.push_back(
        PlaceJson(entry.path.Text().view(), content, entry.place.offset, entry.place.length));
  }
  return list;
}

void AddObservation(const Question& question, const Entries& entries, Json& out) {
  const std::span<const Entry> span(entries.begin(), entries.size());
  Observation observation;
  lwm2m::Observe(span, observation);
  for (const Register& reading : observation.registers) {
    const std::string value = Decimal(reading.raw, reading.exponent);
    std::string name(Name(reading.quantity));
    if (reading.storage_index > 0) name += "_" + std::to_string(reading.storage_index);
    out[name] = value + " " + std::string(Name(reading.unit));
  }
  Json alarms = AlarmsJson(observation);
  if (!alarms.empty()) out["alarms"] = std::move(alarms);
  if (observation.signal_dbm) out["signal_dbm"] = *observation.signal_dbm;
  if (observation.valve != ValveState::kUnknown) out["valve"] = Name(observation.valve);
  const Bytes data = lwm2m::ApplicationData(span);
  if (question.profile == nullptr || data.empty()) return;
  Json inner = ExplainMeterFrames(*question.profile, data);
  if (inner.at("valid").get<bool>()) out["frames"] = std::move(inner);
}

void AddObject(uint16_t object, Json& out) {
  if (object == lwm2m::kNoObject) return;
  out["object"] = object;
  if (const auto* spec = lwm2m::FindObject(object)) out["object_name"] = spec->name;
}

void AddEntries(const Question& question, const Entries& entries, uint8_t first_id, Bytes content,
                Json& out) {
  if (!entries.empty()) AddObject(entries[0].path.object(), out);
  AddValues(entries, first_id, out);
  AddObservation(question, entries, out);
  out["resources"] = ResourceList(entries, content);
  if (!content.empty()) out["fields"] = FieldList(entries, content);
}

// The path that was asked for, given as the key "path".
bool AskedPath(const Question& question, Path& out) {
  const auto found = question.keys.find("path");
  return found != question.keys.end() && Path::Parse(found->second, out) && out.depth > 0;
}

// Every value is one of its resource's type, and multiple where the resource is.
bool Suits(const Entries& entries) {
  for (const Entry& entry : entries) {
    const auto* spec = lwm2m::FindResource(entry.path.object(), entry.path.resource());
    if (spec == nullptr || entry.rejected || spec->multiple != (entry.path.depth == 4))
      return false;
  }
  return !entries.empty();
}

// Which id of a path the outermost elements carry: 1 the object instance's, 2 the resource's, 3 the
// resource instance's.
uint8_t OutermostId(Bytes content) {
  constexpr uint8_t kByKind[] = {1, 3, 2, 2};
  return content.empty() ? 2 : kByKind[std::to_integer<unsigned>(content[0]) >> 6];
}

// TLV does not say which object it is of: the first one that all values suit. Nothing tells whose
// instances the values of a multiple resource alone are.
Path GuessBase(Bytes content, Entries& entries) {
  Path base;
  base.depth = OutermostId(content);
  for (const lwm2m::ObjectSpec& object : lwm2m::Objects()) {
    if (base.depth == 3) break;
    base.ids = {object.id, 0, 0, 0};
    if (lwm2m::ReadTlv(content, base, entries).ok() && Suits(entries)) return base;
  }
  base.ids = {lwm2m::kNoObject, 0, 0, 0};
  return base;
}

bool TellsSomething(const lwm2m::NamedReader& reader, const Entries& entries) {
  return !entries.empty() || !reader.asked().empty();
}

// A composite read: paths without values.
void AddAsked(const lwm2m::NamedReader& reader, const Entries& entries, Json& out) {
  if (!entries.empty()) return;
  for (const Path& path : reader.asked()) out["paths"].push_back(path.Text().view());
}

Json ErrorJson(const Error& error) { return FaultJson(error, 0, 2); }

}  // namespace

Json ExplainLwm2mTlv(const Question& question, Bytes bytes) {
  Json out = {{"protocol", "lwm2m-tlv"}, {"valid", true}, {"bytes", bytes.size()}};
  Entries entries;
  Path base;
  if (!AskedPath(question, base)) {
    base = GuessBase(bytes, entries);
    out["object_guessed"] = base.object() != lwm2m::kNoObject;
  }
  if (const Error error = lwm2m::ReadTlv(bytes, base, entries); !error.ok()) {
    out.update(ErrorJson(error));
    return out;
  }
  AddEntries(question, entries, OutermostId(bytes), bytes, out);
  return out;
}

bool FitsLwm2mTlv(const Question& question, Bytes bytes) {
  Entries entries;
  Path base;
  if (AskedPath(question, base)) {
    return lwm2m::ReadTlv(bytes, base, entries).ok() && Suits(entries);
  }
  // One value alone would fit too much.
  return GuessBase(bytes, entries).object() != lwm2m::kNoObject && entries.size() > 1;
}

Json ExplainSenmlCbor(const Question& question, Bytes bytes) {
  Json out = {{"protocol", "senml-cbor"}, {"valid", true}, {"bytes", bytes.size()}};
  lwm2m::NamedReader reader;
  Entries entries;
  if (const Error error = reader.ReadSenmlCbor(bytes, entries); !error.ok()) {
    out.update(ErrorJson(error));
    return out;
  }
  AddEntries(question, entries, 0, {}, out);
  AddAsked(reader, entries, out);
  return out;
}

bool FitsSenmlCbor(const Question&, Bytes bytes) {
  lwm2m::NamedReader reader;
  Entries entries;
  return reader.ReadSenmlCbor(bytes, entries).ok() && TellsSomething(reader, entries);
}

Json ExplainSenmlJson(const Question& question, Bytes) {
  Json out = {{"protocol", "senml-json"}, {"valid", true}};
  lwm2m::NamedReader reader;
  Entries entries;
  if (const Error error = reader.ReadSenmlJson(question.content, entries); !error.ok()) {
    out.update(ErrorJson(error));
    return out;
  }
  AddEntries(question, entries, 0, {}, out);
  AddAsked(reader, entries, out);
  return out;
}

bool FitsSenmlJson(const Question& question, Bytes) {
  lwm2m::NamedReader reader;
  Entries entries;
  return reader.ReadSenmlJson(question.content, entries).ok() && TellsSomething(reader, entries);
}

Json ExplainLwm2mJson(const Question& question, Bytes) {
  Json out = {{"protocol", "lwm2m-json"}, {"valid", true}};
  lwm2m::NamedReader reader;
  Entries entries;
  Path base;
  AskedPath(question, base);
  if (const Error error = reader.ReadJson(question.content, base, entries); !error.ok()) {
    out.update(ErrorJson(error));
    return out;
  }
  AddEntries(question, entries, 0, {}, out);
  return out;
}

bool FitsLwm2mJson(const Question& question, Bytes) {
  lwm2m::NamedReader reader;
  Entries entries;
  Path base;
  AskedPath(question, base);
  return reader.ReadJson(question.content, base, entries).ok() && !entries.empty();
}

Json ExplainLwm2mPayload(const Question& question, const coap::Message& message) {
  Json out = Json::object();
  const auto format = coap::FindUint(message, coap::option::kContentFormat);
  lwm2m::Registration registration;
  if (lwm2m::ReadRegistration(message, registration).ok()) {
    constexpr std::string_view kNames[] = {"register", "update", "deregister", "bootstrap"};
    out["operation"] = kNames[static_cast<size_t>(registration.operation)];
    const auto add = [&out](const char* name, std::string_view text) {
      if (!text.empty()) out[name] = text;
    };
    add("endpoint", registration.endpoint);
    add("imei", registration.imei);
    add("imsi", registration.imsi);
    add("location", registration.location);
    add("lwm2m_version", registration.version);
    add("binding", registration.binding);
    if (registration.lifetime_s) out["lifetime_s"] = *registration.lifetime_s;
    if (!registration.binding.empty() || registration.queue_mode) {
      out["queue_mode"] = registration.queue_mode;
    }
    Json objects = Json::array();
    for (const auto& object : registration.objects) objects.push_back(object.path.Text().view());
    if (!objects.empty()) out["objects"] = std::move(objects);
    return out;
  }
  if (format == coap::content_format::kLwm2mTlv) return ExplainLwm2mTlv(question, message.payload);
  if (format == coap::content_format::kSenmlCbor) {
    return ExplainSenmlCbor(question, message.payload);
  }
  Question text = question;
  text.content = Text(message.payload);
  if (format == coap::content_format::kSenmlJson) return ExplainSenmlJson(text, {});
  if (format == coap::content_format::kLwm2mJson) return ExplainLwm2mJson(text, {});
  return out;
}

}  // namespace karez::protocols

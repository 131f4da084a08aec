#include <tuple>

#include "libs/protocols/dlt645/message.h"
#include "libs/protocols/explain/explainers.h"
#include "libs/protocols/explain/json_text.h"

namespace karez::protocols {
namespace {

using dlt645::Field;
using dlt645::Form;
using dlt645::Function;
using dlt645::Message;

std::string PartText(const dlt645::Named& named) {
  const bool all = named.block == dlt645::Block::kParts;
  const int part = named.part;
  switch (named.spec->part_kind) {
    case dlt645::PartKind::kNone:
      return "";
    case dlt645::PartKind::kTariff:
      if (all) return ", all tariffs";
      return part == 0 ? ", total" : ", tariff " + std::to_string(part);
    case dlt645::PartKind::kPhase:
      if (all) return ", all phases";
      return part == 0 ? ", total" : std::string(", phase ") + static_cast<char>('A' + part - 1);
    case dlt645::PartKind::kNumber:
      return all ? ", all" : " " + std::to_string(part);
  }
  return "";
}

// "forward active energy, total, settlement 1"
std::string NameOf(const Message& message) {
  const dlt645::Named& named = message.named;
  std::string name = std::string(named.spec->name) + PartText(named);
  if (named.block == dlt645::Block::kPeriods) return name + ", all settlements";
  if (named.period != 0) name += ", settlement " + std::to_string(named.period);
  return name;
}

std::string ErrorText(const Message& message, uint64_t bits) {
  constexpr std::string_view kTexts[] = {"other error",
                                         "no such data",
                                         "password wrong / not authorised",
                                         "speed cannot be changed",
                                         "too many year zones",
                                         "too many day slots",
                                         "too many tariffs"};
  constexpr std::string_view kTexts97[] = {"illegal data", "no such data",
                                           "password wrong / not authorised"};
  std::string text;
  for (size_t bit = 0; bit < 8; ++bit) {
    if ((bits >> bit & 1) == 0) continue;
    std::string_view part = "reserved bit";
    if (bit < std::size(kTexts)) part = kTexts[bit];
    if (message.edition == dlt645::Edition::k1997) {
      if (bit < std::size(kTexts97)) part = kTexts97[bit];
      if (bit == 3) part = "reserved bit";
    }
    text += (text.empty() ? "" : ", ") + std::string(part);
  }
  return text;
}

std::string Meaning(const Message& message) {
  if (message.error) {
    return ErrorText(message, static_cast<uint64_t>(message.fields[0].value));
  }
  const std::string of = message.named.spec != nullptr ? " " + NameOf(message) : "";
  switch (message.function) {
    case Function::kRead:
      return (message.reply ? "answer:" : "read") + of;
    case Function::kReadNext: {
      const Field* number = message.Find("seq");
      const std::string text = message.reply ? "follow-up frame" : "read follow-up frame";
      return number == nullptr ? text : text + " " + std::to_string(number->value);
    }
    case Function::kReread:
      return message.reply ? "answer again:" + of : "read again";
    case Function::kReadAddress:
      if (message.reply) return "answer: address";
      return message.header.address.HasWildcard() ? "read address, wildcard" : "read address";
    case Function::kWrite:
      return message.reply ? "written" : "write" + of;
    case Function::kWriteAddress:
      return message.reply ? "address written" : "write address";
    case Function::kBroadcastTime:
      return "broadcast time";
    case Function::kFreeze:
      return message.reply ? "frozen" : "freeze";
    case Function::kChangeSpeed:
      return message.reply ? "speed changed" : "change speed";
    case Function::kChangePassword:
      return message.reply ? "password changed" : "change password";
    case Function::kClearDemand:
      return message.reply ? "maximum demand cleared" : "clear maximum demand";
    case Function::kClearMeter:
      return message.reply ? "meter cleared" : "clear meter";
    case Function::kClearEvents:
      return message.reply ? "events cleared" : "clear events";
    case Function::kControl:
      return message.reply ? "control done" : "relay, alarm or keep-power control";
  }
  return "";
}

std::string CommandText(uint64_t code) {
  constexpr std::pair<uint64_t, std::string_view> kCommands[] = {
      {0x1A, "trip"},      {0x1B, "permit close"}, {0x1C, "close"},  {0x2A, "alarm on"},
      {0x2B, "alarm off"}, {0x3A, "keep power"},   {0x3B, "release"}};
  for (const auto& [known, text] : kCommands) {
    if (known == code) return HexNumber(code, 2) + " " + std::string(text);
  }
  return HexNumber(code, 2);
}

std::string Compact(Bytes bytes) {
  std::string text;
  for (const std::byte b : bytes) text += HexNumber(std::to_integer<uint64_t>(b), 2);
  return text;
}

// What the field says, null when it says nothing.
Json ValueOf(const Message& message, const Field& field) {
  if (field.rejected) return nullptr;
  const Bytes bytes = message.BytesOf(field);
  switch (field.spec->form) {
    case Form::kBcd:
    case Form::kSignedBcd:
      return Decimal(field.value, -field.decimals);
    case Form::kHex:
      return HexNumber(static_cast<uint64_t>(field.value), static_cast<int>(2 * bytes.size()));
    case Form::kText: {
      std::string text;
      for (size_t i = bytes.size(); i > 0; --i) text += std::to_integer<char>(bytes[i - 1]);
      return text;
    }
    case Form::kDate:
      return DateText(field.time);
    case Form::kTime:
      return TimeText(field.time).substr(std::string_view("2000-01-01T").size());
    case Form::kMoment:
    case Form::kClock:
    case Form::kWeekClock:
      return TimeText(field.time);
    case Form::kByte:
      return field.value;
    case Form::kBytes:
      return Hex(bytes);
  }
  return nullptr;
}

std::string ReasonText(const Message& message, const Field& field) {
  constexpr std::string_view kTexts[] = {"no value", "not BCD", "out of range", "unknown unit"};
  return std::string(kTexts[static_cast<size_t>(field.reason)]) + ": " +
         Hex(message.BytesOf(field));
}

// Of an identifier's values that are several.
bool IsOfBlock(const Message& message, const Field& field) {
  if (message.named.block == dlt645::Block::kNone) return false;
  for (const dlt645::FieldSpec& item : message.named.spec->fields) {
    if (field.spec == &item) return true;
  }
  return false;
}

void ExplainField(const Message& message, const Field& field, Json& out) {
  const std::string name(field.spec->name);
  const Form form = field.spec->form;
  Json value = ValueOf(message, field);
  if (name == "command") value = CommandText(static_cast<uint64_t>(field.value));
  if (IsOfBlock(message, field)) {
    out[name + "s"].push_back(std::move(value));
  } else {
    out[name] = std::move(value);
    if (field.rejected) out["reason"] = ReasonText(message, field);
    const bool has_weekday = form == Form::kDate || form == Form::kWeekClock;
    if (has_weekday && !field.rejected) out["weekday"] = field.weekday;
  }
  if (form == Form::kBcd || form == Form::kSignedBcd) out["unit"] = Name(field.spec->unit);
}

Json FieldList(const Message& message, Bytes frame) {
  Json list = Json::array();
  const auto add = [&](std::string_view name, size_t offset, size_t length) {
    list.push_back(PlaceJson(name, frame, offset, length));
  };
  add("start", 0, 1);
  add("address", 1, 6);
  add("second_start", 7, 1);
  add("control", 8, 1);
  add("length", 9, 1);
  if (message.has_identifier) add("di", dlt645::kHeaderSize, IdentifierSize(message.edition));
  for (const Field& field : message.fields) {
    std::string name(field.spec->name);
    if (IsOfBlock(message, field)) name += "[" + std::to_string(field.part) + "]";
    add(name, field.place.offset, field.place.length);
    list.back()["minus_33"] = Hex(message.BytesOf(field));
    if (field.rejected) list.back()["rejected"] = Name(field.reason);
  }
  add("cs", frame.size() - 2, 1);
  add("end", frame.size() - 1, 1);
  return list;
}

void ExplainHeader(const Message& message, Json& out) {
  out["address"] =
      HexNumber(message.header.address.digits, 2 * static_cast<int>(dlt645::Address::kSize));
  out["control"] = HexNumber(message.header.control, 2);
  out["length"] = message.header.length;
  out["data_minus_33"] = Compact(message.Data());
}

Error CheckAt(Bytes bytes) {
  dlt645::Header header;
  Bytes data;
  const Error error = dlt645::ParseLink(bytes, header, data);
  // Bytes behind a whole frame belong to something else.
  if (error.fault == Fault::kLength && error.found <= dlt645::kMaxData) return {};
  return error;
}

Json ExplainFrame(const MeterProfile& profile, Bytes frame, size_t offset) {
  Json out = {{"valid", true}, {"offset", offset}, {"bytes", frame.size()}};
  Message message;
  const Error error = dlt645::ParseMessage(frame, profile.dlt645, message);
  ExplainHeader(message, out);
  if (message.has_identifier) {
    out["di"] =
        HexNumber(message.identifier, 2 * static_cast<int>(IdentifierSize(message.edition)));
  }
  if (!error.ok()) {
    out["unsupported"] = Lower(Name(error.fault));
    out["position"] = offset + error.position;
    return out;
  }
  const bool both = message.function == Function::kBroadcastTime;
  out["edition"] = both ? "1997/2007" : message.edition == dlt645::Edition::k2007 ? "2007" : "1997";
  Observation observation;
  std::ignore = dlt645::Decode(frame, profile.dlt645, observation);  // as sound as the message
  out["kind"] = Name(message.kind);
  out["meaning"] = Meaning(message);
  if (message.more_follows) out["more_follows"] = true;
  for (const Field& field : message.fields) ExplainField(message, field, out);
  out["rejections"] = RejectionsJson(observation);
  out["fields"] = FieldList(message, frame);
  return out;
}

}  // namespace

Json ExplainDlt645(const Question& question, Bytes bytes) {
  const MeterProfile& profile = question.profile ? *question.profile : MeterProfile{};
  Json out = {{"protocol", "dlt645"}, {"profile", profile.id}};
  ExplainFrames(
      bytes, dlt645::Probe{}, [](Bytes rest) { return rest[0] == std::byte{0x68}; }, CheckAt, 2,
      [&](Bytes frame, size_t at) { return ExplainFrame(profile, frame, at); }, out);
  return out;
}

}  // namespace karez::protocols

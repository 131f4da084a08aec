#include <algorithm>

#include "libs/protocols/coap/block.h"
#include "libs/protocols/coap/options.h"
#include "libs/protocols/explain/explainers.h"
#include "libs/protocols/explain/json_text.h"

namespace karez::protocols {
namespace {

using coap::Message;
using coap::Option;
using coap::OptionForm;
using coap::OptionSpec;
using coap::Type;

constexpr std::string_view kFormatError = ": message format error";

std::string CodeText(coap::Code code) {
  const unsigned detail = coap::DetailOf(code);
  return std::to_string(coap::ClassOf(code)) + (detail < 10 ? ".0" : ".") + std::to_string(detail);
}

std::string ReasonOf(const Error& error) {
  const auto with = [](std::string_view text) { return std::string(text).append(kFormatError); };
  switch (error.fault) {
    case Fault::kVersion:
      return "version " + std::to_string(error.found) + ": silently ignore";
    case Fault::kShort:
      if (error.expected == coap::kHeaderSize) return "shorter than the header of 4 bytes";
      return with("token or option cut off");
    case Fault::kLength:
      return with(error.position == 0 ? "TKL 9-15 reserved" : "option length 15 reserved");
    case Fault::kIdentifier:
      if (error.found == 15) return "option delta 15 is only legal as the payload marker 0xFF";
      return with("option number above 65535");
    case Fault::kEnd:
      return with("payload marker 0xFF without payload");
    case Fault::kLayout:
      return with("empty message (0.00) with more than the header");
    default:
      return Lower(Name(error.fault));
  }
}

Json ExplainFault(Bytes bytes, const Error& error) {
  const bool reset = coap::ReactionTo(bytes, error) == coap::Reaction::kReset;
  return {{"valid", false},
          {"reason", ReasonOf(error)},
          {"position", error.position},
          {"expected", error.expected},
          {"found", error.found},
          {"reaction", reset ? "reset" : "ignore"}};
}

std::string_view MeaningOf(const Message& message) {
  if (message.code != coap::codes::kEmpty) return "";
  switch (message.type) {
    case Type::kConfirmable:
      return "empty / CoAP ping → answer RST";
    case Type::kNonConfirmable:
      return "empty, without meaning → ignore";
    case Type::kAcknowledgement:
      return "empty acknowledgement; the answer to a request follows by itself";
    case Type::kReset:
      return "reset: the message was not understood; ends an observation";
  }
  return "";
}

Json BlockJson(Bytes value) {
  const std::optional<coap::Block> block = coap::ReadBlock(value);
  if (!block) return CompactHex(value);
  return {{"num", block->number}, {"more", block->more}, {"size", block->size()}};
}

Json ValueOf(const OptionSpec& spec, Bytes value) {
  switch (spec.form) {
    case OptionForm::kEmpty:
      return true;
    case OptionForm::kOpaque:
      return CompactHex(value);
    case OptionForm::kUint:
      return *coap::ReadUint(value);
    case OptionForm::kText:
      return Text(value);
    case OptionForm::kBlock:
      return BlockJson(value);
  }
  return nullptr;
}

// The options that the registry knows, flat under their names; all the others under "unknown".
void ExplainOptions(const Message& message, Json& out) {
  coap::OptionReader reader(message.options);
  Option option;
  Json unknown = Json::array();
  int before = -1;
  while (reader.Next(option)) {
    const bool repeated = option.number == before;
    before = option.number;
    if (!coap::IsRecognised(option, repeated)) {
      unknown.push_back({{"number", option.number},
                         {"critical", coap::IsCritical(option.number)},
                         {"value_hex", CompactHex(option.value)}});
      continue;
    }
    const OptionSpec& spec = *coap::FindOptionSpec(option.number);
    const std::string name(spec.name);
    Json value = ValueOf(spec, option.value);
    if (spec.is_list) {
      out[name].push_back(std::move(value));
    } else if (repeated) {
      Json list = out[name].is_array() ? out[name] : Json::array({out[name]});
      list.push_back(std::move(value));
      out[name] = std::move(list);
    } else {
      out[name] = std::move(value);
    }
    const auto block =
        spec.form == OptionForm::kBlock ? coap::ReadBlock(option.value) : std::nullopt;
    if (block) out[name + "_szx"] = block->size_exponent;
  }
  if (!unknown.empty()) out["unknown_options"] = std::move(unknown);
}

Json FieldList(const Message& message, Bytes bytes) {
  Json list = Json::array();
  const auto add = [&](std::string_view name, Bytes part) {
    const auto at = static_cast<size_t>(part.data() - bytes.data());
    list.push_back(PlaceJson(name, bytes, at, part.size()));
  };
  add("version_type_tkl", bytes.first(1));
  add("code", bytes.subspan(1, 1));
  add("mid", bytes.subspan(2, 2));
  if (!message.token.empty()) add("token", message.token);
  coap::OptionReader reader(message.options);
  Option option;
  while (reader.Next(option)) {
    const OptionSpec* spec = coap::FindOptionSpec(option.number);
    add(spec != nullptr ? spec->name : "option_" + std::to_string(option.number), option.wire);
  }
  if (message.payload.empty()) return list;
  add("payload_marker", bytes.subspan(bytes.size() - message.payload.size() - 1, 1));
  add("payload", message.payload);
  return list;
}

void ExplainPayload(const Question& question, const Message& message, Json& out) {
  if (message.payload.empty()) return;
  if (IsText(message.payload)) out["payload"] = Text(message.payload);
  out["payload_hex"] = CompactHex(message.payload);
  out["payload_len"] = message.payload.size();
  const std::optional<uint32_t> format = coap::FindUint(message, coap::option::kContentFormat);
  if (question.profile != nullptr &&
      format.value_or(coap::content_format::kOctetStream) == coap::content_format::kOctetStream) {
    Json inner = ExplainMeterFrames(*question.profile, message.payload);
    if (inner.at("valid").get<bool>()) out["frames"] = std::move(inner);
  }
}

// What an endpoint really sends: CoAP has no checksum, and half of all bytes would do for a header.
bool IsPlausible(const Message& message) {
  const unsigned code_class = coap::ClassOf(message.code);
  if (coap::CodeName(message.code).empty()) return false;
  const bool request = code_class == 0 && message.code != coap::codes::kEmpty;
  if (request && (message.type == Type::kAcknowledgement || message.type == Type::kReset)) {
    return false;
  }
  if (message.type == Type::kReset && message.code != coap::codes::kEmpty) return false;
  coap::OptionReader reader(message.options);
  Option option;
  int before = -1;
  while (reader.Next(option)) {
    if (!coap::IsRecognised(option, option.number == before)) return false;
    const OptionSpec& spec = *coap::FindOptionSpec(option.number);
    if (spec.form == OptionForm::kText && !IsText(option.value)) return false;
    before = option.number;
  }
  return true;
}

}  // namespace

Json ExplainCoap(const Question& question, Bytes bytes) {
  Json out = {{"protocol", "coap"}};
  Message message;
  if (const Error error = coap::ParseMessage(bytes, message); !error.ok()) {
    out.update(ExplainFault(bytes, error));
    return out;
  }
  out["valid"] = true;
  out["bytes"] = bytes.size();
  out["type"] = Name(message.type);
  out["code"] = CodeText(message.code);
  const std::string_view code_name = coap::CodeName(message.code);
  if (!code_name.empty()) out["code_name"] = code_name;
  out["mid"] = message.message_id;
  out["token"] = CompactHex(message.token);
  const std::string_view meaning = MeaningOf(message);
  if (!meaning.empty()) out["meaning"] = meaning;
  // Classes 1, 6 and 7 are reserved: such a message is rejected like a faulty one (section 4.2).
  if (const unsigned code_class = coap::ClassOf(message.code); code_class == 1 || code_class > 5) {
    out["unsupported"] = "code class " + std::to_string(code_class) + " is reserved";
  }
  ExplainOptions(message, out);
  if (const auto bad = coap::FindBadOption(message)) out["bad_option"] = *bad;
  if (out.contains("content_format")) {
    const auto format = out.at("content_format").get<uint32_t>();
    const std::string_view name = coap::ContentFormatName(format);
    if (!name.empty()) out["content_format_name"] = name;
  }
  ExplainPayload(question, message, out);
  Json lwm2m = ExplainLwm2mPayload(question, message);
  if (!lwm2m.empty()) out["lwm2m"] = std::move(lwm2m);
  out["fields"] = FieldList(message, bytes);
  return out;
}

bool FitsCoap(const Question&, Bytes bytes) {
  Message message;
  return coap::ParseMessage(bytes, message).ok() && IsPlausible(message);
}

}  // namespace karez::protocols

#include <algorithm>

#include "libs/protocols/bcd.h"
#include "libs/protocols/explain/explainers.h"
#include "libs/protocols/explain/json_text.h"
#include "libs/protocols/explain/keys.h"
#include "libs/protocols/explain/mbus_parts.h"
#include "libs/protocols/wmbus/telegram.h"

namespace karez::protocols {
namespace {

using mbus::Content;
using wmbus::Format;
using wmbus::Telegram;

std::string_view FormatName(Format format) {
  constexpr std::string_view kNames[] = {"checksums removed", "A", "B"};
  return kNames[static_cast<size_t>(format)];
}

std::string LowerHex(Bytes bytes) {
  std::string text;
  for (const std::byte b : bytes) text += Lower(HexNumber(std::to_integer<uint64_t>(b), 2));
  return text;
}

void ExplainLink(const Telegram& telegram, TelegramFields& fields, Json& out) {
  out["format"] = FormatName(telegram.link.format);
  out["control"] = HexNumber(telegram.link.control, 2);
  ExplainIdentity(telegram.link.sender, true, out);
  fields.Add("length", 0, 1);
  fields.Add("control", 1, 1);
  fields.Add("manufacturer", 2, 2);
  const bool version_first = telegram.link.version_first;
  fields.Add("id", version_first ? 6 : 4, 4);
  fields.Add("version", version_first ? 4 : 8, 1);
  fields.Add("medium", version_first ? 5 : 9, 1);
}

void ExplainExtended(const Telegram& telegram, TelegramFields& fields, Json& out) {
  if (!telegram.extended) return;
  const wmbus::ExtendedLink& layer = *telegram.extended;
  size_t at = wmbus::kHeaderSize;
  out["ell_ci"] = HexNumber(layer.ci, 2);
  out["ell_cc"] = HexNumber(layer.communication, 2);
  out["ell_acc"] = HexNumber(layer.access, 2);
  out["acc"] = out["ell_acc"];
  fields.Add("ell_ci", at, 1);
  fields.Add("ell_cc", at + 1, 1);
  fields.Add("ell_acc", at + 2, 1);
  at += 3;
  if (layer.second_address) {
    out["ell_second_id"] = HexNumber(layer.second_address->number, 8);
    fields.Add("ell_second_address", at, 8);
    at += 8;
  }
  if (!layer.has_session) return;
  out["ell_session"] = HexNumber(layer.session, 8);
  fields.Add("ell_session", at, 4);
  if (telegram.session_data_at != 0 && telegram.transport_at != 0) {
    fields.Add("payload_crc", telegram.session_data_at, 2);
  }
}

void ExplainAuthentication(const Telegram& telegram, TelegramFields& fields, Json& out) {
  if (!telegram.authentication) return;
  const wmbus::Authentication& layer = *telegram.authentication;
  size_t at = wmbus::kHeaderSize;
  if (telegram.session_data_at != 0) {
    at = telegram.session_data_at + 2;
  } else if (telegram.extended) {
    at += telegram.extended->second_address ? 11 : 3;
  }
  out["afl_fcl"] = HexNumber(layer.fragment, 4);
  if (layer.is_fragment()) {
    out["fragment"] = layer.fragment_number();
    out["more_fragments"] = layer.more_fragments();
  }
  if (layer.counter) out["message_counter"] = *layer.counter;
  if (!layer.mac.empty()) out["mac"] = Hex(layer.mac);
  if (layer.verified) out["mac_verified"] = true;
  fields.Add("authentication", at, 2 + std::to_integer<size_t>(telegram.bytes[at + 1]));
}

// What was encrypted, in plain: by session or by the transport's mode.
void ExplainPlain(const Question& question, const Telegram& telegram, Json& out) {
  if (question.already_decrypted) return;
  if (telegram.extended && telegram.extended->encrypted()) {
    out["plain"] = LowerHex(telegram.bare().subspan(telegram.session_data_at));
  } else if (telegram.transport.header != mbus::HeaderKind::kNone &&
             telegram.transport.mode() != mbus::kModePlain) {
    out["plain"] = LowerHex(telegram.body.first(telegram.transport.encrypted_size()));
  }
}

// Why a compact frame cannot be read.
std::string CompactFault(const Error& error) {
  switch (error.fault) {
    case Fault::kIdentifier:
      return "compact frame of an unknown format";
    case Fault::kChecksum:
      return "compact frame with a wrong checksum of the full one: expected " +
             HexNumber(error.expected, 4) + ", found " + HexNumber(error.found, 4);
    default:
      return "compact frame whose values do not fit its format";
  }
}

void ExplainCompact(const Telegram& telegram, const mbus::Profile* profile,
                    std::vector<size_t> places, TelegramFields& fields, Json& out) {
  std::vector<std::byte> records(wmbus::kMaxTelegram);
  std::vector<uint8_t> from(wmbus::kMaxTelegram);
  size_t size = 0;
  std::span<const mbus::CompactFormat> formats;
  if (profile != nullptr) formats = profile->compact_formats;
  const Error error = wmbus::ExpandCompact(telegram.body, formats, records, from, size);
  size_t at = telegram.body_at + wmbus::CompactFillers(telegram.body);
  fields.Add("filler", telegram.body_at, at - telegram.body_at);
  if (error.fault != Fault::kShort) {
    out["compact_signature"] = HexNumber(LoadLowFirst(telegram.bare().subspan(at, 2)), 4);
    fields.Add("compact_signature", at, 2);
    fields.Add("compact_crc", at + 2, 2);
    at += 4;
  }
  if (!error.ok()) {
    out["unsupported"] = CompactFault(error);
    return fields.Add("compact", at, telegram.link.size - at);
  }
  std::vector<size_t> positions;
  for (size_t i = 0; i < size; ++i) positions.push_back(places[telegram.body_at + from[i]]);
  TelegramFields expanded(Bytes(records).first(size), std::move(positions));
  ExplainRecords(0, size, profile, expanded, out);
  fields.Append(expanded.take());
  const size_t end = telegram.body_at + from[size - 1] + 1;
  fields.Add("filler", end, telegram.link.size - end);
}

void ExplainBody(const Question& question, const Telegram& telegram, std::vector<size_t> places,
                 TelegramFields& fields, Json& out) {
  ExplainPlain(question, telegram, out);
  const mbus::Profile* rules = nullptr;
  if (const MeterProfile* profile = ProfileOf(question, telegram.identity())) {
    out["profile"] = profile->id;
    rules = &profile->mbus;
  }
  if (telegram.transport.content == Content::kCompactRecords) {
    ExplainCompact(telegram, rules, std::move(places), fields, out);
  } else if (telegram.transport.content == Content::kRecords) {
    ExplainRecords(telegram.body_at, telegram.body.size(), rules, fields, out);
  } else {
    out["unsupported"] = "content of CI " + HexNumber(telegram.transport.ci, 2);
    return fields.Add("data", telegram.body_at, telegram.body.size());
  }
  Observation observation;
  if (wmbus::Observe(telegram, observation, rules).ok()) ExplainObserved(observation, out);
}

// CIs that the standard leaves to the makers.
bool IsMakersOwn(uint32_t ci) { return ci >= 0xA0 && ci <= 0xB7; }

bool IsFragment(const Telegram& telegram) {
  return telegram.authentication && telegram.authentication->is_fragment();
}

// The body is there, but not in plain.
bool IsProtected(const Telegram& telegram, const Error& error) {
  return (error.fault == Fault::kEncrypted || error.fault == Fault::kKey ||
          error.fault == Fault::kNotSupported) &&
         !IsFragment(telegram);
}

// Why the telegram cannot be read behind its headers.
std::string Problem(const Telegram& telegram, const Error& error) {
  if (IsProtected(telegram, error)) return ProtectionFault(error);
  if (IsFragment(telegram)) {
    const wmbus::Authentication& layer = *telegram.authentication;
    return (layer.more_fragments() ? "fragment " : "last fragment ") +
           std::to_string(layer.fragment_number()) + " of a longer message";
  }
  if (error.fault == Fault::kIdentifier) {
    return (IsMakersOwn(error.found) ? "the manufacturer's own CI " : "unknown CI ") +
           HexNumber(error.found, 2);
  }
  return Lower(Name(error.fault));
}

void ExplainProblem(const Telegram& telegram, const Error& error, TelegramFields& fields,
                    Json& out) {
  const bool is_protected = IsProtected(telegram, error);
  out["unsupported"] = Problem(telegram, error);
  out["reason"] = out["unsupported"];
  if (is_protected) out["encrypted"] = true;
  out["position"] = error.position;
  const size_t rest = telegram.body_at != 0           ? telegram.body_at
                      : telegram.session_data_at != 0 ? telegram.session_data_at
                                                      : error.position;
  if (rest < telegram.link.size) {
    fields.Add(is_protected ? "encrypted" : "data", rest, telegram.link.size - rest);
  }
}

// Faults of the bytes themselves, before anything is known of their content.
bool IsLinkFault(const Telegram& telegram, const Error& error) {
  return !error.ok() && telegram.link.size == 0;
}

// Receivers add signal strength and the like behind a telegram: up to four bytes more than its
// length tells.
Bytes WithoutTrailer(Bytes bytes) {
  constexpr size_t kMaxTrailer = 4;
  std::array<std::byte, wmbus::kMaxTelegram> bare;
  wmbus::Link link;
  const Error error = wmbus::ParseLink(bytes, bare, link);
  if (error.fault != Fault::kLength || error.found < wmbus::kHeaderSize) return bytes;
  const bool trailer = error.expected > error.found && error.expected - error.found <= kMaxTrailer;
  return trailer ? bytes.first(error.found + 1) : bytes;
}

}  // namespace

Json ExplainWmbus(const Question& question, Bytes given) {
  const Bytes bytes = WithoutTrailer(given);
  Json out = {{"protocol", "wmbus"}, {"profile", question.profile ? question.profile->id : ""}};
  crypto::Key128 key;
  const KeyText state = ReadKeyBytes(question, "key", key);
  std::optional<crypto::Aes128> cipher;
  if (state == KeyText::kGood) cipher.emplace(key);
  Telegram telegram;
  const Error error = wmbus::ParseTelegram(
      bytes, {cipher ? &*cipher : nullptr, question.already_decrypted}, telegram);
  if (IsLinkFault(telegram, error)) {
    out.update(FaultJson(error, 0, 4));
    return out;
  }
  out["valid"] = true;
  out["offset"] = 0;
  out["bytes"] = bytes.size();
  if (bytes.size() < given.size()) out["trailer"] = Hex(given.subspan(bytes.size()));
  std::vector<size_t> places;
  for (size_t i = 0; i < telegram.link.size; ++i) {
    places.push_back(wmbus::FramedOffset(telegram.link.format, i));
  }
  TelegramFields fields(telegram.bare(), places);
  ExplainLink(telegram, fields, out);
  ExplainExtended(telegram, fields, out);
  ExplainAuthentication(telegram, fields, out);
  if (telegram.body_at != 0) {
    const mbus::Identity radio = telegram.link.sender;
    ExplainTransport(telegram.transport, telegram.transport_at, true, fields, out);
    if (telegram.identity() != radio) {
      out["radio_id"] = HexNumber(radio.number, 8);
      out["radio_manufacturer"] = mbus::ManufacturerText(radio.manufacturer).view();
    }
  }
  if (error.ok()) {
    ExplainBody(question, telegram, places, fields, out);
  } else {
    ExplainProblem(telegram, error, fields, out);
    if (state == KeyText::kBad) out["reason"] = out["unsupported"] = "key must be 32 hex digits";
  }
  out["fields"] = fields.take();
  return out;
}

bool FitsWmbus(const Question& question, Bytes given) {
  const Bytes bytes = WithoutTrailer(given);
  Telegram telegram;
  const Error error = wmbus::ParseTelegram(bytes, {nullptr, question.already_decrypted}, telegram);
  if (IsLinkFault(telegram, error)) return false;
  if (telegram.link.format != Format::kBare) return true;
  // Without checksums, control, maker and layers must make sense, and so must the records.
  static constexpr uint8_t kControls[] = {0x00, 0x06, 0x08, 0x40, 0x44, 0x46, 0x47,
                                          0x48, 0x53, 0x5A, 0x5B, 0x73, 0x7A, 0x7B};
  const bool control = std::find(std::begin(kControls), std::end(kControls),
                                 telegram.link.control) != std::end(kControls);
  if (!control || !mbus::IsManufacturer(telegram.link.sender.manufacturer)) return false;
  if (!error.ok()) {
    return error.fault == Fault::kEncrypted || error.fault == Fault::kNotSupported ||
           (error.fault == Fault::kIdentifier && IsMakersOwn(error.found));
  }
  if (telegram.transport.content != Content::kRecords) return true;
  mbus::RecordReader reader(telegram.body);
  for (mbus::Record record; reader.Next(record);) {
  }
  return reader.trailing().empty();
}

}  // namespace karez::protocols

#include "libs/protocols/explain/explainers.h"
#include "libs/protocols/explain/json_text.h"
#include "libs/protocols/explain/keys.h"
#include "libs/protocols/explain/mbus_parts.h"

namespace karez::protocols {
namespace {

using mbus::Content;
using mbus::Frame;
using mbus::FrameKind;
using mbus::Identity;
using mbus::Transport;

constexpr size_t kDataAt = 6;  // of the CI in a long frame

std::string_view ControlName(uint8_t control) {
  switch (control & ~mbus::kFrameCountBit) {
    case mbus::kSndNke:
      return "SND_NKE";
    case mbus::kSndUd:
      return "SND_UD";
    case mbus::kReqUd1:
      return "REQ_UD1";
    case mbus::kReqUd2:
      return "REQ_UD2";
    case 0x49:
      return "REQ_SKE";
    default:
      return (control & 0xCF) == mbus::kRspUd ? "RSP_UD" : "";
  }
}

std::string MeaningOfRequest(const Frame& frame) {
  const std::string address = HexNumber(frame.address, 2);
  const std::string name(ControlName(frame.control));
  if (name == "SND_NKE") return "reset link of address " + address;
  if (name == "REQ_UD2") return "request data of address " + address;
  if (name == "REQ_UD1") return "request alarm of address " + address;
  return name + " to address " + address;
}

void ExplainSelection(const Transport& transport, TelegramFields& fields, Json& out) {
  if (transport.body.size() < Identity::kSize) {
    out["unsupported"] = "short selection";
    return;
  }
  const Identity wanted = Identity::Read(transport.body);
  out["id"] = HexNumber(wanted.number, 8);
  out["wanted_manufacturer"] = HexNumber(wanted.manufacturer, 4);
  out["wanted_version"] = HexNumber(wanted.version, 2);
  out["wanted_medium"] = HexNumber(wanted.medium, 2);
  out["wildcards"] = wanted.IsWildcard();
  out["meaning"] = "select secondary address " + HexNumber(wanted.number, 8) +
                   (wanted.IsWildcard() ? ", wildcards" : "");
  fields.Add("secondary_address", kDataAt + 1, Identity::kSize);
  if (transport.body.size() == Identity::kSize) return;
  fields.Add("records", kDataAt + 1 + Identity::kSize, transport.body.size() - Identity::kSize);
}

void ExplainFixed(const Transport& transport, size_t body_at, TelegramFields& fields, Json& out) {
  const bool high_first = transport.ci == mbus::kCiFixedHighFirst;
  mbus::FixedStructure fixed;
  if (!mbus::ParseFixed(transport.body, high_first, fixed)) {
    out["unsupported"] = "fixed data structure of " + std::to_string(transport.body.size()) +
                         " bytes instead of " + std::to_string(mbus::FixedStructure::kSize);
    return fields.Add("data", body_at, transport.body.size());
  }
  out["id"] = HexNumber(fixed.number, 8);
  out["medium"] = MediumText(mbus::MediumOf(fixed));
  out["acc"] = HexNumber(fixed.access, 2);
  out["status"] = HexNumber(fixed.status, 2);
  fields.Add("id", body_at, 4);
  fields.Add("acc", body_at + 4, 1);
  fields.Add("status", body_at + 5, 1);
  fields.Add("medium_and_units", body_at + 6, 2);
  std::vector<std::byte> records(mbus::kMaxFixedRecords);
  std::vector<uint8_t> from(mbus::kMaxFixedRecords);
  const size_t size = mbus::FixedRecords(fixed, high_first, records, from);
  TelegramFields counters(Bytes(records).first(size), Consecutive(0, size));
  ExplainRecords(0, size, nullptr, counters, out);
  for (size_t i = 0; i < 2; ++i) {
    fields.Add(out["records"][i]["name"].get<std::string>(), body_at + 8 + 4 * i, 4);
  }
  Observation observation;
  if (mbus::ObserveFixed(transport.body, high_first, body_at, observation).ok()) {
    ExplainObserved(observation, out);
  }
}

void ExplainBody(const Question& question, const Transport& transport, Bytes frame, Json& out,
                 TelegramFields& fields) {
  const size_t body_at = kDataAt + transport.header_size;
  switch (transport.content) {
    case Content::kSelection:
      return ExplainSelection(transport, fields, out);
    case Content::kReset:
      out["meaning"] = "application reset";
      return fields.Add("sub_code", body_at, transport.body.size());
    case Content::kApplicationError:
      out["meaning"] = "application error";
      out["error_code"] = Hex(transport.body);
      return fields.Add("error_code", body_at, transport.body.size());
    case Content::kFixed:
      return ExplainFixed(transport, body_at, fields, out);
    case Content::kRecords:
      break;
    default:
      out["unsupported"] = "content of CI " + HexNumber(transport.ci, 2);
      return fields.Add("data", body_at, transport.body.size());
  }
  crypto::Key128 key;
  const KeyText state = ReadKeyBytes(question, "key", key);
  std::optional<crypto::Aes128> cipher;
  if (state == KeyText::kGood) cipher.emplace(key);
  std::vector<std::byte> buffer(transport.body.size());
  Bytes plain;
  const Error error =
      state == KeyText::kBad
          ? Error{Fault::kValue, 0, 16, 0}
          : mbus::Decrypt(transport, {}, {cipher ? &*cipher : nullptr, question.already_decrypted},
                          buffer, plain);
  if (!error.ok()) {
    out["unsupported"] =
        state == KeyText::kBad ? "key must be 32 hex digits" : ProtectionFault(error);
    out["reason"] = out["unsupported"];
    out["encrypted"] = true;
    return fields.Add("encrypted", body_at, transport.body.size());
  }
  std::vector<std::byte> telegram(frame.begin(), frame.end());
  std::copy(plain.begin(), plain.end(), telegram.begin() + static_cast<ptrdiff_t>(body_at));
  TelegramFields decrypted(telegram, Consecutive(fields.position(0), telegram.size()));
  const mbus::Profile* rules = nullptr;
  if (const MeterProfile* profile = ProfileOf(question, transport.identity)) {
    out["profile"] = profile->id;
    rules = &profile->mbus;
  }
  ExplainRecords(body_at, plain.size(), rules, decrypted, out);
  Observation observation;
  mbus::ObserveHeader(transport, transport.identity, observation);
  mbus::ObserveRecords(plain, body_at, observation, rules);
  ExplainObserved(observation, out);
  fields.Append(decrypted.take());
}

// Mode 2 of EN 1434-3, given up by EN 13757-3: commands and answers with the high byte first.
bool IsHighFirst(uint8_t ci) { return ci == 0x55 || ci == 0x56 || ci == 0x76; }

std::string TransportFault(const Error& error, uint8_t ci) {
  if (error.fault != Fault::kIdentifier) return Lower(Name(error.fault));
  if (IsHighFirst(ci)) return "CI " + HexNumber(ci, 2) + ": records with the high byte first";
  return "unknown CI " + HexNumber(ci, 2);
}

void ExplainLong(const Question& question, const Frame& frame, Bytes bytes, TelegramFields& fields,
                 Json& out) {
  fields.Add("length", 1, 2);
  fields.Add("control", 4, 1);
  fields.Add("address", 5, 1);
  Transport transport;
  const Error error = mbus::ParseTransport(frame.data, false, transport);
  if (!error.ok()) {
    out["ci"] = HexNumber(transport.ci, 2);
    out["unsupported"] = TransportFault(error, transport.ci);
    out["position"] = kDataAt + error.position;
    out["data"] = Hex(frame.data.subspan(1));
    fields.Add("ci", kDataAt, 1);
    return fields.Add("data", kDataAt + 1, frame.data.size() - 1);
  }
  ExplainTransport(transport, kDataAt, false, fields, out);
  ExplainBody(question, transport, bytes, out, fields);
}

Json ExplainFrame(const Question& question, Bytes bytes, size_t offset) {
  Json out = {{"valid", true}, {"offset", offset}, {"bytes", bytes.size()}};
  Frame frame;
  const Error error = mbus::ParseLink(bytes, frame);
  TelegramFields fields(bytes, Consecutive(0, bytes.size()));
  if (frame.kind == FrameKind::kAck) {
    out["type"] = "ack";
    out["meaning"] = "acknowledgement";
    fields.Add("ack", 0, 1);
    out["fields"] = fields.take();
    return out;
  }
  fields.Add("start", 0, 1);
  out["type"] = frame.kind == FrameKind::kLong ? "long" : "short";
  out["control"] = HexNumber(frame.control, 2);
  out["function"] = ControlName(frame.control);
  out["dir"] = mbus::IsFromMaster(frame) ? "request" : "response";
  out["address"] = HexNumber(frame.address, 2);
  if (!error.ok()) {
    out["unsupported"] = Lower(Name(error.fault));
  } else if (frame.kind == FrameKind::kLong) {
    ExplainLong(question, frame, bytes, fields, out);
  } else {
    out["meaning"] = MeaningOfRequest(frame);
    out["fcb"] = (frame.control & mbus::kFrameCountBit) != 0;
    fields.Add("control", 1, 1);
    fields.Add("address", 2, 1);
  }
  fields.Add("cs", bytes.size() - 2, 1);
  fields.Add("end", bytes.size() - 1, 1);
  out["fields"] = fields.take();
  return out;
}

Error CheckAt(Bytes bytes) {
  Frame frame;
  const Error error = mbus::ParseLink(bytes, frame);
  return error.fault == Fault::kLength && error.position == 1 && error.found >= 3 ? Error{} : error;
}

}  // namespace

Json ExplainMbus(const Question& question, Bytes bytes) {
  Json out = {{"protocol", "mbus"}, {"profile", question.profile ? question.profile->id : ""}};
  // Only alone is E5 sure to be an acknowledgement.
  const mbus::Probe probe{.acknowledgements = bytes.size() == 1};
  const auto may_start = [&](Bytes rest) {
    if (rest.data() == bytes.data()) return true;
    return rest[0] == std::byte{0x68} && rest.size() > 3 && rest[3] == std::byte{0x68};
  };
  ExplainFrames(
      bytes, probe, may_start, CheckAt, 2,
      [&](Bytes frame, size_t at) { return ExplainFrame(question, frame, at); }, out);
  return out;
}

}  // namespace karez::protocols

#include <array>
#include <optional>

#include "libs/protocols/explain/explainers.h"
#include "libs/protocols/explain/json_text.h"
#include "libs/protocols/explain/keys.h"
#include "libs/protocols/lorawan/mac.h"
#include "libs/protocols/lorawan/phy.h"
#include "libs/protocols/lorawan/security.h"

namespace karez::protocols {
namespace {

using crypto::Aes128;
using crypto::Key128;
using lorawan::Data;
using lorawan::MType;
using lorawan::Way;

constexpr std::string_view kKeys[] = {"nwk_s_key", "app_s_key", "app_key"};
// A frame shows 16 bits of its counter. No meter sends more than 256 × 65536 frames in its life.
constexpr uint32_t kCounterEpochs = 256;

std::optional<Aes128> CipherOf(const Question& question, std::string_view name) {
  Key128 key;
  if (ReadKeyBytes(question, name, key) != KeyText::kGood) return std::nullopt;
  return Aes128(key);
}

// As written: most significant byte first.
uint32_t Number(Bytes bytes) {
  uint32_t number = 0;
  for (const std::byte b : bytes) number = number << 8 | std::to_integer<uint32_t>(b);
  return number;
}

std::string LowerHex(uint64_t value, int digits) { return Lower(HexNumber(value, digits)); }

void AddMic(uint32_t sent, std::optional<uint32_t> computed, Json& out) {
  out["mic"] = LowerHex(sent, 8);
  out["mic_ok"] = computed ? Json(*computed == sent) : Json();
  if (!computed || *computed == sent) return;
  out["valid"] = false;
  out["reason"] = "mic";
  out["computed_mic"] = LowerHex(*computed, 8);
}

Json MacCommands(Bytes bytes, Way way) {
  Json list = Json::array();
  while (!bytes.empty()) {
    lorawan::MacCommand command;
    const Error error = lorawan::NextMac(bytes, way, command);
    if (!error.ok()) {
      list.push_back({{"unsupported", Lower(Name(error.fault))}, {"data", CompactHex(bytes)}});
      return list;
    }
    Json one = {{"cid", HexNumber(command.spec->cid, 2)}, {"name", command.spec->name}};
    for (const lorawan::MacField& field : command.spec->fields) {
      one[std::string(field.name)] = command.Value(field);
    }
    list.push_back(std::move(one));
  }
  return list;
}

// The counter whose MIC fits; without one, the MIC of the counter as it is on air.
struct Counter {
  uint32_t value = 0;
  std::optional<uint32_t> mic;
};
Counter FindCounter(std::optional<Aes128>& nwk_s_key, Bytes phy, const Data& data) {
  Counter first{data.counter, {}};
  if (!nwk_s_key) return first;
  const Bytes message = phy.first(phy.size() - lorawan::kMicSize);
  for (uint32_t epoch = 0; epoch < kCounterEpochs; ++epoch) {
    const uint32_t counter = epoch << 16 | data.counter;
    const uint32_t mic = lorawan::DataMic(*nwk_s_key, data.way(), data.dev_addr, counter, message);
    if (epoch == 0) first.mic = mic;
    if (mic == data.mic) return {counter, mic};
  }
  return first;
}

void AddFlags(const Data& data, Json& out) {
  const bool up = data.way() == Way::kUp;
  out["adr"] = (data.flags & Data::kAdr) != 0;
  if (up) out["adr_ack_req"] = (data.flags & Data::kAdrAckRequest) != 0;
  out["ack"] = (data.flags & Data::kAck) != 0;
  out[up ? "class_b" : "f_pending"] = (data.flags & Data::kPending) != 0;
}

Json DataFields(Bytes phy, const Data& data) {
  Json list = Json::array();
  list.push_back(PlaceJson("mhdr", phy, 0, 1));
  list.push_back(PlaceJson("devaddr", phy, 1, 4));
  list.push_back(PlaceJson("fctrl", phy, 5, 1));
  list.push_back(PlaceJson("fcnt", phy, 6, 2));
  size_t at = 8;
  if (!data.options.empty()) list.push_back(PlaceJson("fopts", phy, at, data.options.size()));
  at += data.options.size();
  if (data.port) list.push_back(PlaceJson("fport", phy, at++, 1));
  if (!data.payload.empty()) list.push_back(PlaceJson("payload", phy, at, data.payload.size()));
  list.push_back(PlaceJson("mic", phy, phy.size() - lorawan::kMicSize, lorawan::kMicSize));
  return list;
}

// The payload in the clear; nothing without its key, or when the frame is not authentic.
std::optional<std::vector<std::byte>> PlainPayload(const Question& question,
                                                   std::optional<Aes128>& nwk_s_key,
                                                   const Data& data, const Counter& counter) {
  if (data.payload.empty()) return std::nullopt;
  std::vector<std::byte> plain(data.payload.begin(), data.payload.end());
  if (question.already_decrypted) return plain;
  if (counter.mic && *counter.mic != data.mic) return std::nullopt;
  std::optional<Aes128> app_s_key = CipherOf(question, "app_s_key");
  std::optional<Aes128>& key = data.port == 0 ? nwk_s_key : app_s_key;
  if (!key) return std::nullopt;
  lorawan::CryptPayload(*key, data.way(), data.dev_addr, counter.value, plain, plain);
  return plain;
}

void ExplainData(const Question& question, Bytes phy, const Data& data, Json& out) {
  out["dir"] = static_cast<int>(data.way());
  out["devaddr"] = LowerHex(data.dev_addr, 8);
  out["fctrl"] = LowerHex(data.control(), 2);
  AddFlags(data, out);
  out["fcnt"] = data.counter;
  out["fopts"] = CompactHex(data.options);
  if (!data.options.empty()) out["fopts_commands"] = MacCommands(data.options, data.way());
  out["fport"] = data.port ? Json(*data.port) : Json();
  std::optional<Aes128> nwk_s_key = CipherOf(question, "nwk_s_key");
  const Counter counter = FindCounter(nwk_s_key, phy, data);
  AddMic(data.mic, counter.mic, out);
  if (counter.value != data.counter) out["fcnt_32"] = counter.value;
  const auto plain = PlainPayload(question, nwk_s_key, data, counter);
  if (!data.payload.empty() && !plain) out["payload_encrypted"] = CompactHex(data.payload);
  out["payload"] = plain ? Json(CompactHex(*plain)) : Json();
  if (plain && data.port && *data.port != 0) {
    ExplainPayloadInside(question, *data.port, *plain, out);
  }
  if (plain && data.port == 0) out["payload_commands"] = MacCommands(*plain, data.way());
  out["fields"] = DataFields(phy, data);
}

void ExplainJoinRequest(const Question& question, Bytes phy, Json& out) {
  lorawan::JoinRequest request;
  if (const Error error = lorawan::ParseJoinRequest(phy, request); !error.ok()) {
    out.update(FaultJson(error, 0, 8));
    return;
  }
  out["join_eui"] = LowerHex(request.join_eui, 16);
  out["dev_eui"] = LowerHex(request.dev_eui, 16);
  out["dev_nonce"] = LowerHex(request.dev_nonce, 4);
  std::optional<uint32_t> mic;
  if (auto app_key = CipherOf(question, "app_key")) {
    mic = lorawan::JoinMic(*app_key, phy.first(phy.size() - lorawan::kMicSize));
  }
  AddMic(request.mic, mic, out);
  out["fields"] = Json::array({PlaceJson("mhdr", phy, 0, 1), PlaceJson("join_eui", phy, 1, 8),
                               PlaceJson("dev_eui", phy, 9, 8), PlaceJson("dev_nonce", phy, 17, 2),
                               PlaceJson("mic", phy, 19, lorawan::kMicSize)});
}

void AddChannels(const std::array<std::byte, lorawan::kChannelListSize>& channels, Json& out) {
  out["cf_list"] = CompactHex(channels);
  const auto type = std::to_integer<int>(channels.back());
  out["cf_list_type"] = type;
  if (type != 0) return;
  Json frequencies = Json::array();
  for (size_t i = 0; i < 5; ++i) {
    uint32_t hundreds = 0;
    for (size_t b = 3; b > 0; --b) {
      hundreds = hundreds << 8 | std::to_integer<uint32_t>(channels[3 * i + b - 1]);
    }
    frequencies.push_back(hundreds * 100);
  }
  out["cf_list_hz"] = frequencies;
}

void AddSessionKeys(const lorawan::SessionKeys& keys, Json& out) {
  out["nwk_s_key"] = CompactHex(keys.nwk_s_key);
  out["app_s_key"] = CompactHex(keys.app_s_key);
}

void ExplainJoinAccept(const Question& question, Bytes phy, Json& out) {
  std::vector<std::byte> plain(phy.begin(), phy.end());
  lorawan::JoinAccept accept;
  std::optional<Aes128> app_key = CipherOf(question, "app_key");
  Error error = lorawan::ParseJoinAccept(phy, accept);
  std::optional<uint32_t> mic;
  if (error.ok() && app_key) {
    if (!question.already_decrypted) {
      error = lorawan::OpenJoinAccept(*app_key, phy, plain, accept);
      if (error.fault == Fault::kChecksum) error = {};
    }
    mic = lorawan::JoinMic(*app_key, Bytes(plain).first(plain.size() - lorawan::kMicSize));
  }
  if (!error.ok()) {
    out.update(FaultJson(error, 0, 8));
    return;
  }
  if (!app_key && !question.already_decrypted) {
    out["encrypted"] = CompactHex(phy.subspan(1));
    out["mic_ok"] = nullptr;
    return;
  }
  const Bytes clear(plain);
  out["plain"] = CompactHex(clear.subspan(1));
  out["app_nonce"] = LowerHex(accept.app_nonce, 6);
  out["net_id"] = LowerHex(accept.net_id, 6);
  out["dev_addr"] = LowerHex(accept.dev_addr, 8);
  out["dl_settings"] = LowerHex(accept.dl_settings, 2);
  out["rx_delay"] = accept.rx_delay;
  if (accept.channels) AddChannels(*accept.channels, out);
  AddMic(accept.mic, mic, out);
  // Never so on air, but published in tests: the frame in the clear.
  if (mic && *mic != accept.mic &&
      lorawan::JoinMic(*app_key, phy.first(phy.size() - lorawan::kMicSize)) ==
          lorawan::LoadMic(phy)) {
    out["stored_plain"] = true;
  }
  std::array<std::byte, 2> dev_nonce;
  if (app_key && ReadKeyBytes(question, "dev_nonce", dev_nonce) == KeyText::kGood) {
    const auto nonce = static_cast<uint16_t>(std::to_integer<unsigned>(dev_nonce[0]) << 8 |
                                             std::to_integer<unsigned>(dev_nonce[1]));
    AddSessionKeys(lorawan::DeriveSessionKeys(*app_key, accept.app_nonce, accept.net_id, nonce),
                   out);
  }
}

// Without a checksum of its own a frame is plausible at best: commands that are all defined, no
// reserved bits.
bool IsPlausible(const Data& data) {
  if (data.port && *data.port > 224) return false;
  if (data.way() == Way::kDown && (data.flags & Data::kAdrAckRequest) != 0) return false;
  for (Bytes rest = data.options; !rest.empty();) {
    lorawan::MacCommand command;
    if (!lorawan::NextMac(rest, data.way(), command).ok()) return false;
  }
  return true;
}

}  // namespace

bool FitsLorawan(const Question& question, Bytes bytes) {
  constexpr int kReservedBits = 0x1F;
  constexpr size_t kRejoinSizes[] = {19, 24};
  if ((std::to_integer<int>(bytes[0]) & kReservedBits) != 0) return false;
  Data data;
  const Error error = lorawan::ParseData(bytes, data);
  if (error.ok() && !IsPlausible(data)) return false;
  const MType type = lorawan::TypeOf(std::to_integer<uint8_t>(bytes[0]));
  if (type == MType::kProprietary) return false;
  if (type == MType::kReserved && bytes.size() != kRejoinSizes[0] &&
      bytes.size() != kRejoinSizes[1]) {
    return false;
  }
  return ExplainLorawan(question, bytes).at("valid").get<bool>();
}

Json ExplainLorawan(const Question& question, Bytes bytes) {
  Json out = {{"protocol", "lorawan"}, {"valid", true}};
  if (const std::string bad = BadKey(question, kKeys, sizeof(Key128)); !bad.empty()) {
    out.update(BadKeyJson(bad, sizeof(Key128)));
    return out;
  }
  const MType type = lorawan::TypeOf(std::to_integer<uint8_t>(bytes[0]));
  out["type"] = lorawan::Name(type);
  out["mtype"] = static_cast<int>(type);
  if (type == MType::kJoinRequest) {
    ExplainJoinRequest(question, bytes, out);
    return out;
  }
  if (type == MType::kJoinAccept) {
    ExplainJoinAccept(question, bytes, out);
    return out;
  }
  Data data;
  const Error error = lorawan::ParseData(bytes, data);
  if (error.ok()) {
    ExplainData(question, bytes, data, out);
  } else if (error.fault == Fault::kControl) {
    out["unsupported"] = "control";
    out["data"] = CompactHex(bytes.subspan(1));
    if (bytes.size() > lorawan::kMicSize) out["mic"] = LowerHex(lorawan::LoadMic(bytes), 8);
  } else {
    out.update(FaultJson(error, 0, 8));
  }
  return out;
}

Json ExplainLorawanKeys(const Question& question, Bytes) {
  Question asked = question;
  const Json content = Json::parse(question.content, nullptr, false);
  for (const std::string_view name : {"app_key", "app_nonce", "net_id", "dev_nonce"}) {
    const auto found = content.find(name);
    if (found != content.end() && found->is_string()) {
      asked.keys[std::string(name)] = found->get<std::string>();
    }
  }
  Json out = {{"protocol", "lorawan-keys"}, {"valid", false}};
  Key128 app_key;
  std::array<std::byte, 3> app_nonce;
  std::array<std::byte, 3> net_id;
  std::array<std::byte, 2> dev_nonce;
  const std::pair<std::string_view, std::span<std::byte>> wanted[] = {
      {"app_key", app_key}, {"app_nonce", app_nonce}, {"net_id", net_id}, {"dev_nonce", dev_nonce}};
  for (const auto& [name, bytes] : wanted) {
    if (ReadKeyBytes(asked, name, bytes) == KeyText::kGood) continue;
    out.update(BadKeyJson(name, bytes.size()));
    return out;
  }
  Aes128 cipher(app_key);
  out["valid"] = true;
  AddSessionKeys(lorawan::DeriveSessionKeys(cipher, Number(app_nonce), Number(net_id),
                                            static_cast<uint16_t>(Number(dev_nonce))),
                 out);
  return out;
}

}  // namespace karez::protocols

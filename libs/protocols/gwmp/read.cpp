#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "libs/protocols/base64.h"
#include "libs/protocols/gwmp/radio.h"

namespace karez::protocols::gwmp {
namespace {

using json::Value;

// Reads members of one object; the first fault stays, later ones do not hide it.
class Reader {
 public:
  explicit Reader(Value object) : object_(object) {}

  template <class T>
  void Number(std::string_view key, std::string_view path, T& out, bool required = false) {
    const Value value = object_[key];
    if (value.none()) return Require(required, path);
    const auto number = value.Integer();
    if (!number || !std::in_range<T>(*number)) return Fail(path);
    out = static_cast<T>(*number);
  }
  template <class T>
  void Number(std::string_view key, std::string_view path, std::optional<T>& out) {
    if (object_[key].none()) return;
    Number(key, path, out.emplace());
  }
  void Double(std::string_view key, std::string_view path, double& out) {
    const Value value = object_[key];
    if (value.none()) return;
    const auto number = value.Double();
    if (!number) return Fail(path);
    out = *number;
  }
  void Double(std::string_view key, std::string_view path, std::optional<double>& out) {
    if (object_[key].none()) return;
    Double(key, path, out.emplace());
  }
  // Whole numbers that some forwarders send with a fraction.
  void Rounded(std::string_view key, std::string_view path, int16_t& out) {
    double number = 0;
    Double(key, path, number);
    using Limits = std::numeric_limits<int16_t>;
    const double rounded = std::round(number);
    if (!(rounded >= Limits::min() && rounded <= Limits::max())) return Fail(path);
    out = static_cast<int16_t>(rounded);
  }
  void Flag(std::string_view key, std::string_view path, bool& out) {
    const Value value = object_[key];
    if (value.none()) return;
    const auto flag = value.Bool();
    if (!flag) return Fail(path);
    out = *flag;
  }
  template <size_t N>
  void Text(std::string_view key, std::string_view path, FixedText<N>& out) {
    const Value value = object_[key];
    if (value.none()) return;
    const auto text = value.String();
    if (!text || text->size() > N) return Fail(path);
    out = FixedText<N>(*text);
  }
  // MHz with a fraction → Hz.
  void Frequency(std::string_view path, uint32_t& out) {
    constexpr double kMaxMegahertz = 4000;
    double megahertz = -1;
    Double("freq", path, megahertz);
    if (!(megahertz >= 0 && megahertz <= kMaxMegahertz)) return Fail(path);
    out = static_cast<uint32_t>(std::llround(megahertz * 1e6));
  }
  void Fail(std::string_view path) {
    if (error_.ok()) error_ = {Fault::kField, path};
  }
  Value operator[](std::string_view key) const { return object_[key]; }
  const FieldError& error() const { return error_; }

 private:
  void Require(bool required, std::string_view path) {
    if (required) Fail(path);
  }

  Value object_;
  FieldError error_;
};

void ReadModulation(Reader& reader, std::string_view modu_path, std::string_view datr_path,
                    Modulation& modulation, DataRate& rate) {
  const auto name = reader["modu"].String();
  if (name == "LORA") {
    modulation = Modulation::kLora;
    const auto text = reader["datr"].String();
    if (!text || !ParseDataRate(*text, rate)) reader.Fail(datr_path);
  } else if (name == "FSK") {
    modulation = Modulation::kFsk;
    reader.Number("datr", datr_path, rate.bits_per_second, true);
  } else {
    reader.Fail(modu_path);
  }
}

// `size` is only a check: some forwarders leave it out.
void ReadData(Reader& reader, std::string_view data_path, std::string_view size_path, Frame& out) {
  const auto text = reader["data"].String();
  std::array<std::byte, kMaxPhy> bytes;
  if (!text) return reader.Fail(data_path);
  const Base64Result decoded = DecodeBase64(*text, bytes);
  if (!decoded.error.ok()) return reader.Fail(data_path);
  for (const std::byte b : Bytes(bytes).first(decoded.size)) out.push_back(b);
  uint16_t size = static_cast<uint16_t>(decoded.size);
  reader.Number("size", size_path, size);
  if (size != decoded.size) reader.Fail(size_path);
}

FieldError ReadUplink(Value object, Uplink& out) {
  if (object.type() != json::Type::kObject) return {Fault::kField, "rxpk"};
  Reader reader(object);
  reader.Text("time", "rxpk.time", out.time);
  reader.Number("tmms", "rxpk.tmms", out.gps_ms);
  reader.Number("tmst", "rxpk.tmst", out.timestamp_us);
  reader.Frequency("rxpk.freq", out.frequency_hz);
  reader.Number("chan", "rxpk.chan", out.channel);
  reader.Number("rfch", "rxpk.rfch", out.chain);
  if (!reader["stat"].none()) {
    int8_t stat = 0;
    reader.Number("stat", "rxpk.stat", stat);
    out.crc = stat == 1 ? Crc::kOk : stat == 0 ? Crc::kNone : Crc::kBad;
    if (stat < -1 || stat > 1) reader.Fail("rxpk.stat");
  }
  ReadModulation(reader, "rxpk.modu", "rxpk.datr", out.modulation, out.data_rate);
  reader.Text("codr", "rxpk.codr", out.code_rate);
  reader.Rounded("rssi", "rxpk.rssi", out.rssi_dbm);
  reader.Double("lsnr", "rxpk.lsnr", out.snr_db);
  ReadData(reader, "rxpk.data", "rxpk.size", out.data);
  return reader.error();
}

FieldError ReadStatus(Value object, Status& out) {
  if (object.type() != json::Type::kObject) return {Fault::kField, "stat"};
  Reader reader(object);
  reader.Text("time", "stat.time", out.time);
  reader.Double("lati", "stat.lati", out.latitude);
  reader.Double("long", "stat.long", out.longitude);
  reader.Double("alti", "stat.alti", out.altitude_m);
  reader.Number("rxnb", "stat.rxnb", out.received);
  reader.Number("rxok", "stat.rxok", out.received_ok);
  reader.Number("rxfw", "stat.rxfw", out.forwarded);
  reader.Double("ackr", "stat.ackr", out.acknowledged_percent);
  reader.Number("dwnb", "stat.dwnb", out.downlinks);
  reader.Number("txnb", "stat.txnb", out.sent);
  return reader.error();
}

}  // namespace

FieldError ReadPushData(json::Parser& parser, std::string_view text, PushData& out) {
  out.uplinks.clear();
  out.dropped = 0;
  out.status.reset();
  const auto document = parser.Parse(text);
  if (!document || document->type() != json::Type::kObject) return {Fault::kText};
  const Value list = (*document)["rxpk"];
  if (!list.none() && list.type() != json::Type::kArray) return {Fault::kField, "rxpk"};
  for (auto at = list.begin(); at != list.end(); ++at) {
    Uplink uplink;
    if (const FieldError error = ReadUplink(*at, uplink); !error.ok()) return error;
    if (!out.uplinks.push_back(uplink)) ++out.dropped;
  }
  const Value status = (*document)["stat"];
  if (status.none()) return {};
  return ReadStatus(status, out.status.emplace());
}

FieldError ReadDownlink(json::Parser& parser, std::string_view text, Downlink& out) {
  out = {};
  out.inverted = false;
  const auto document = parser.Parse(text);
  if (!document) return {Fault::kText};
  const Value object = (*document)["txpk"];
  if (object.type() != json::Type::kObject) return {Fault::kField, "txpk"};
  Reader reader(object);
  reader.Flag("imme", "txpk.imme", out.immediate);
  reader.Number("tmst", "txpk.tmst", out.timestamp_us);
  reader.Number("tmms", "txpk.tmms", out.gps_ms);
  reader.Frequency("txpk.freq", out.frequency_hz);
  reader.Number("rfch", "txpk.rfch", out.chain);
  reader.Number("powe", "txpk.powe", out.power_dbm);
  ReadModulation(reader, "txpk.modu", "txpk.datr", out.modulation, out.data_rate);
  reader.Text("codr", "txpk.codr", out.code_rate);
  reader.Number("fdev", "txpk.fdev", out.deviation_hz);
  reader.Flag("ipol", "txpk.ipol", out.inverted);
  reader.Number("prea", "txpk.prea", out.preamble);
  reader.Flag("ncrc", "txpk.ncrc", out.no_crc);
  ReadData(reader, "txpk.data", "txpk.size", out.data);
  return reader.error();
}

FieldError ReadTxAck(json::Parser& parser, std::string_view text, TxError& out) {
  out = TxError::kNone;
  if (text.empty()) return {};
  const auto document = parser.Parse(text);
  if (!document || document->type() != json::Type::kObject) return {Fault::kText};
  const Value error = (*document)["txpk_ack"]["error"];
  if (error.none()) return {};
  const auto name = error.String();
  if (!name) return {Fault::kField, "txpk_ack.error"};
  if (name->empty()) return {};
  for (int i = 0; i < static_cast<int>(TxError::kOther); ++i) {
    out = static_cast<TxError>(i);
    if (*name == Name(out)) return {};
  }
  out = TxError::kOther;
  return {};
}

}  // namespace karez::protocols::gwmp

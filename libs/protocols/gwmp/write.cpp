#include <cmath>

#include "libs/protocols/gwmp/radio.h"

namespace karez::protocols::gwmp {
namespace {

using json::Writer;

void WriteRate(Modulation modulation, const DataRate& rate, Writer& writer) {
  writer.Key("modu").String(modulation == Modulation::kLora ? "LORA" : "FSK").Key("datr");
  if (modulation == Modulation::kLora) {
    writer.String(LoraRateText(rate).view());
  } else {
    writer.Integer(rate.bits_per_second);
  }
}

void WriteFrequency(uint32_t frequency_hz, Writer& writer) {
  writer.Key("freq").Decimal(frequency_hz, 6);
}

void WriteData(const Frame& data, Writer& writer) {
  writer.Key("size").Integer(static_cast<int64_t>(data.size()));
  writer.Key("data").Base64(Bytes(data.begin(), data.size()));
}

// Gateways measure in tenths and quarters: five decimals keep also a position to a metre.
void WriteDouble(std::string_view key, double value, Writer& writer) {
  constexpr int kDecimals = 5;
  writer.Key(key).Decimal(std::llround(value * 1e5), kDecimals);
}

void WriteUplink(const Uplink& uplink, Writer& writer) {
  writer.BeginObject();
  if (!uplink.time.empty()) writer.Key("time").String(uplink.time.view());
  if (uplink.gps_ms) writer.Key("tmms").Integer(static_cast<int64_t>(*uplink.gps_ms));
  writer.Key("tmst").Integer(uplink.timestamp_us);
  WriteFrequency(uplink.frequency_hz, writer);
  writer.Key("chan").Integer(uplink.channel).Key("rfch").Integer(uplink.chain);
  if (uplink.crc != Crc::kUnknown) {
    writer.Key("stat").Integer(uplink.crc == Crc::kOk ? 1 : uplink.crc == Crc::kBad ? -1 : 0);
  }
  WriteRate(uplink.modulation, uplink.data_rate, writer);
  if (!uplink.code_rate.empty()) writer.Key("codr").String(uplink.code_rate.view());
  writer.Key("rssi").Integer(uplink.rssi_dbm);
  if (uplink.modulation == Modulation::kLora) WriteDouble("lsnr", uplink.snr_db, writer);
  WriteData(uplink.data, writer);
  writer.EndObject();
}

void WriteStatus(const Status& status, Writer& writer) {
  writer.BeginObject().Key("time").String(status.time.view());
  if (status.latitude) WriteDouble("lati", *status.latitude, writer);
  if (status.longitude) WriteDouble("long", *status.longitude, writer);
  if (status.altitude_m) WriteDouble("alti", *status.altitude_m, writer);
  writer.Key("rxnb").Integer(status.received).Key("rxok").Integer(status.received_ok);
  writer.Key("rxfw").Integer(status.forwarded);
  WriteDouble("ackr", status.acknowledged_percent, writer);
  writer.Key("dwnb").Integer(status.downlinks).Key("txnb").Integer(status.sent).EndObject();
}

}  // namespace

void WritePushData(const PushData& push, Writer& writer) {
  writer.BeginObject();
  if (!push.uplinks.empty()) {
    writer.Key("rxpk").BeginArray();
    for (const Uplink& uplink : push.uplinks) WriteUplink(uplink, writer);
    writer.EndArray();
  }
  if (push.status) {
    writer.Key("stat");
    WriteStatus(*push.status, writer);
  }
  writer.EndObject();
}

void WriteDownlink(const Downlink& downlink, Writer& writer) {
  writer.BeginObject().Key("txpk").BeginObject();
  if (downlink.immediate) writer.Key("imme").Bool(true);
  if (downlink.timestamp_us) writer.Key("tmst").Integer(*downlink.timestamp_us);
  if (downlink.gps_ms) writer.Key("tmms").Integer(static_cast<int64_t>(*downlink.gps_ms));
  WriteFrequency(downlink.frequency_hz, writer);
  writer.Key("rfch").Integer(downlink.chain);
  if (downlink.power_dbm) writer.Key("powe").Integer(*downlink.power_dbm);
  WriteRate(downlink.modulation, downlink.data_rate, writer);
  if (!downlink.code_rate.empty()) writer.Key("codr").String(downlink.code_rate.view());
  if (downlink.deviation_hz) writer.Key("fdev").Integer(*downlink.deviation_hz);
  if (downlink.modulation == Modulation::kLora) writer.Key("ipol").Bool(downlink.inverted);
  if (downlink.preamble) writer.Key("prea").Integer(*downlink.preamble);
  if (downlink.no_crc) writer.Key("ncrc").Bool(true);
  WriteData(downlink.data, writer);
  writer.EndObject().EndObject();
}

void WriteTxAck(TxError error, Writer& writer) {
  writer.BeginObject().Key("txpk_ack").BeginObject();
  writer.Key("error").String(Name(error)).EndObject().EndObject();
}

}  // namespace karez::protocols::gwmp

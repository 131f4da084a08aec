// The JSON of GWMP packets: frames received (rxpk) and status (stat) of PUSH_DATA, a frame to send
// (txpk) of PULL_RESP, and what became of it (txpk_ack) of TX_ACK. Read and written.
//
// Reading allocates nothing but what the given json::Parser keeps. Not thread-safe by itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "libs/protocols/fixed.h"
#include "libs/protocols/json/document.h"
#include "libs/protocols/json/writer.h"

namespace karez::protocols::gwmp {

using json::FieldError;

inline constexpr size_t kMaxPhy = 255;
using Frame = FixedVector<std::byte, kMaxPhy>;

enum class Crc : uint8_t { kUnknown, kOk, kBad, kNone };
enum class Modulation : uint8_t { kLora, kFsk };

// "SF7BW125", or bits per second for FSK.
struct DataRate {
  uint8_t spreading_factor = 0;  // 5…12
  uint16_t bandwidth_khz = 0;
  uint32_t bits_per_second = 0;  // FSK only
  friend bool operator==(const DataRate&, const DataRate&) = default;
};

struct Uplink {
  FixedText<40> time;              // of the gateway, as sent; often empty
  std::optional<uint64_t> gps_ms;  // tmms
  uint32_t timestamp_us = 0;       // tmst, wraps every 71.6 minutes
  uint32_t frequency_hz = 0;
  uint8_t channel = 0;
  uint8_t chain = 0;  // rfch
  Crc crc = Crc::kUnknown;
  Modulation modulation = Modulation::kLora;
  DataRate data_rate;
  FixedText<8> code_rate;  // "4/5"; empty for FSK
  int16_t rssi_dbm = 0;
  double snr_db = 0;  // LoRa only
  Frame data;

  // Anything but a good checksum is noise for whoever waits for LoRaWAN.
  bool usable() const { return crc == Crc::kOk; }
};

struct Status {
  FixedText<40> time;  // "2014-01-12 08:59:28 GMT"
  std::optional<double> latitude;
  std::optional<double> longitude;
  std::optional<double> altitude_m;
  uint32_t received = 0;            // rxnb
  uint32_t received_ok = 0;         // rxok
  uint32_t forwarded = 0;           // rxfw
  double acknowledged_percent = 0;  // ackr
  uint32_t downlinks = 0;           // dwnb
  uint32_t sent = 0;                // txnb
};

struct PushData {
  static constexpr size_t kMaxUplinks = 32;
  FixedVector<Uplink, kMaxUplinks> uplinks;
  size_t dropped = 0;  // uplinks beyond kMaxUplinks
  std::optional<Status> status;
};

struct Downlink {
  bool immediate = false;
  std::optional<uint32_t> timestamp_us;  // tmst
  std::optional<uint64_t> gps_ms;        // tmms
  uint32_t frequency_hz = 0;
  uint8_t chain = 0;
  std::optional<int16_t> power_dbm;
  Modulation modulation = Modulation::kLora;
  DataRate data_rate;
  FixedText<8> code_rate;
  std::optional<uint32_t> deviation_hz;  // fdev, FSK
  bool inverted = true;                  // ipol: LoRaWAN downlinks are
  std::optional<uint16_t> preamble;
  bool no_crc = false;  // ncrc
  Frame data;
};

enum class TxError : uint8_t {
  kNone,
  kTooLate,
  kTooEarly,
  kCollisionPacket,
  kCollisionBeacon,
  kTxFreq,
  kTxPower,
  kGpsUnlocked,
  kOther,  // a text that the protocol does not define
};
std::string_view Name(TxError error);  // "NONE", "TOO_LATE", …

// Each: kText (no JSON), kField (`field` names the member). Unknown members are skipped.
[[nodiscard]] FieldError ReadPushData(json::Parser& parser, std::string_view text, PushData& out);
[[nodiscard]] FieldError ReadDownlink(json::Parser& parser, std::string_view text, Downlink& out);
// An empty text, and an empty error, are kNone: accepted.
[[nodiscard]] FieldError ReadTxAck(json::Parser& parser, std::string_view text, TxError& out);

// Whole JSON texts; look at writer.ok().
void WritePushData(const PushData& push, json::Writer& writer);
void WriteDownlink(const Downlink& downlink, json::Writer& writer);
void WriteTxAck(TxError error, json::Writer& writer);

// "SF7BW125". False: no such text.
bool ParseDataRate(std::string_view text, DataRate& out);
FixedText<16> LoraRateText(const DataRate& rate);

}  // namespace karez::protocols::gwmp

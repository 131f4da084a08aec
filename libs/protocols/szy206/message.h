// SZY 206-2016 messages: link test, self-report, query and its answer, alarm, acknowledgement.
//
//   self-report (C0), alarm (81): values of the control field's kind, alarm(2), state(2),
//     TP(5: ss mm hh DD delay); the answer to a query (B0) also without what follows the values
//   composite (kind 14): a byte whose bits from the lowest announce one group each of quality,
//     soil, power, wind, gate, flow, level, rain
//   acknowledgement of the centre: C with D7 cleared, the same address and AFN, data 00.
//
// Values are BCD, low byte first; in the highest nibble a sign bit stands where the kind has one.
// AA… = missing. Flow may come without the total behind it. Widths: flow and volume are seen in
// captures, the others are of one public implementation. No allocation; values view the data.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/observation.h"
#include "libs/protocols/szy206/link.h"

namespace karez::protocols::szy206 {

inline constexpr uint8_t kLinkTest = 0x02;
inline constexpr uint8_t kPicture = 0x61;
inline constexpr uint8_t kAlarm = 0x81;
inline constexpr uint8_t kQuery = 0xB0;
inline constexpr uint8_t kSelfReport = 0xC0;
std::string_view FunctionName(uint8_t function);  // empty: not known

// Kinds of values, control field D3…D0.
inline constexpr uint8_t kKindRain = 1;
inline constexpr uint8_t kKindLevel = 2;
inline constexpr uint8_t kKindFlow = 3;
inline constexpr uint8_t kKindVelocity = 4;
inline constexpr uint8_t kKindGate = 5;
inline constexpr uint8_t kKindPower = 6;
inline constexpr uint8_t kKindAirPressure = 7;
inline constexpr uint8_t kKindWind = 8;
inline constexpr uint8_t kKindWaterTemperature = 9;
inline constexpr uint8_t kKindQuality = 10;
inline constexpr uint8_t kKindSoil = 11;
inline constexpr uint8_t kKindEvaporation = 12;
inline constexpr uint8_t kKindAlarm = 13;
inline constexpr uint8_t kKindComposite = 14;
inline constexpr uint8_t kKindWaterPressure = 15;

// How one value of a kind is sent.
struct ValueSpec {
  std::string_view name;  // "flow"
  std::string_view unit;
  uint8_t size = 0;  // bytes
  uint8_t decimals = 0;
  enum class Top : uint8_t {
    kDigit,      // the highest nibble is a digit
    kSign,       // its top bit is the sign, the other three a digit
    kTenths,     // its top bit set: the value counts tenths
    kDirection,  // it is a wind direction 0…15
  } top = Top::kDigit;
  Unit inner = Unit::kNone;
  Quantity quantity = Quantity::kVolume;
  int8_t exponent = 0;  // of the inner unit in terms of the sent one: kPa → Pa is 3
};
// The values that one group of a kind holds, in their order; empty: none or not known.
std::span<const ValueSpec> ValuesOf(uint8_t kind);

struct Value {
  const ValueSpec* spec = nullptr;
  uint8_t group = 0;  // of several meters: 0, 1, …
  bool rejected = false;
  RejectReason reason = RejectReason::kNoValue;
  int64_t raw = 0;  // × 10^exponent
  int8_t exponent = 0;
  uint8_t direction = 0;
  Bytes bytes;
  Place place;  // in the frame
};

// Time of sending: no month, no year.
struct Stamp {
  uint8_t day = 0;
  uint8_t hour = 0;
  uint8_t minute = 0;
  uint8_t second = 0;
  uint8_t delay_minutes = 0;  // allowed on the way, 0: not judged
  bool valid = false;
};

struct Message {
  static constexpr size_t kMaxValues = 32;

  Header header;
  Bytes data;
  size_t data_at = 0;  // in the frame
  FixedVector<Value, kMaxValues> values;
  std::optional<uint16_t> alarm;  // as sent, first byte most significant
  std::optional<uint16_t> state;
  std::optional<Stamp> stamp;
  size_t tail_at = 0;           // of alarm, in the data
  std::optional<uint8_t> code;  // link test F0 on, F1 off, F2 keep alive; acknowledgements: 00
  Bytes picture;                // of a picture's frame
  Bytes trailing;               // data without a layout
};

// Faults: those of ParseLink. Data that no layout explains are `trailing`.
[[nodiscard]] Error ParseMessage(Bytes frame, Message& out);

// Names of the bits set in an alarm word, by the order of the fact sheets (the byte order of the
// word is not settled: the first byte is taken as the low one). Empty past the last bit.
std::string_view AlarmName(int bit);
inline constexpr int kAlarmBits = 14;
bool HasAlarm(uint16_t alarm_as_sent, int bit);

void Observe(const Message& message, Observation& out);

// Writes one value; false when it does not fit. kAbsent: missing.
bool WriteValue(const ValueSpec& spec, int64_t raw, std::span<std::byte> out);

// The centre's answer to a self-report, an alarm or a link test.
[[nodiscard]] Written WriteAcknowledgement(const Header& received, std::span<std::byte> out);
// Asks for the present values of `kind`.
[[nodiscard]] Written WriteQuery(const std::array<uint8_t, 5>& address, uint8_t kind,
                                 std::span<std::byte> out);
// A terminal's report (C0), answer (B0) or alarm (81): `values` as WriteValue wrote them.
[[nodiscard]] Written WriteReport(const Header& header, Bytes values, uint16_t alarm,
                                  uint16_t state, const Stamp& stamp, std::span<std::byte> out);

}  // namespace karez::protocols::szy206

// SL 651-2014 bodies: serial number, time, station, and elements read one after the other.
//
//   up     serial(2) time(6 BCD) [F1F1 station(5) [category(1)]] then items:
//            F0F0 time(5)   observation time of the elements behind it
//            F2F2 text      manual message, to the end       F3F3 picture, to the end
//            id(1) def(1) value   def: bytes in the high 5 bits, decimals in the low 3; BCD;
//                                 FF… = missing; F4 rain ×12, F5…FC level ×12
//
// Bodies of packets behind the first hold data only. No allocation; items view the body.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/observation.h"
#include "libs/protocols/sl651/link.h"

namespace karez::protocols::sl651 {

enum class Function : uint8_t {
  kKeepAlive = 0x2F,
  kTest = 0x30,
  kUniform = 0x31,
  kTimed = 0x32,
  kAlarm = 0x33,
  kHourly = 0x34,
  kManual = 0x35,
  kPicture = 0x36,
  kQueryNow = 0x37,
  kQueryPeriod = 0x38,
  kQueryManual = 0x39,
  kQueryElements = 0x3A,
  kSetBasic = 0x40,
  kGetBasic = 0x41,
  kSetRunning = 0x42,
  kGetRunning = 0x43,
  kPumps = 0x44,
  kVersion = 0x45,
  kStatus = 0x46,
  kInitialise = 0x47,
  kFactoryReset = 0x48,
  kPassword = 0x49,
  kSetClock = 0x4A,
  kCard = 0x4B,
  kPumpSwitch = 0x4C,
  kValveSwitch = 0x4D,
  kGateSwitch = 0x4E,
  kQuota = 0x4F,
  kEvents = 0x50,
  kGetClock = 0x51,
};
std::string_view Name(Function function);  // "hourly"; empty for a code that we do not know

// What an element's identifier means.
struct ElementKind {
  std::string_view name;     // "current_rain"
  std::string_view unit;     // "mm"; empty: none
  Unit inner = Unit::kNone;  // kNone: the inner model has no register for it
  Quantity quantity = Quantity::kVolume;
  int8_t exponent = 0;  // of the inner unit in terms of the sent one: kPa → Pa is 3
  uint8_t index = 0;    // storage index, where one quantity has several elements
};
// Null when the identifier is not in the table.
const ElementKind* FindElement(uint8_t identifier);
// Parameters of functions 40 … 43 have identifiers of their own. Empty: not known.
std::string_view ParameterName(Function function, uint8_t identifier);

struct Item {
  enum class Type : uint8_t {
    kObservationTime,  // `time`, to the minute
    kElement,          // `identifier`, `decimals`, `value`
    kRainSeries,       // 12 × 5 minutes, one byte each, 0.1 mm; FF missing
    kLevelSeries,      // 12 × 5 minutes, two bytes each, cm; FFFF missing
    kManual,           // text
    kPicture,          // `value`: bytes of a JPEG
    kVersion,          // text
    kEvents,           // 32 counters, two bytes each
    kAsked,            // an identifier that a query names, without value
  };
  Type type = Type::kElement;
  uint8_t identifier = 0;
  uint8_t extension = 0;  // second byte of an identifier FF
  uint8_t decimals = 0;
  LocalTime time;
  bool time_valid = false;
  Bytes value;
  size_t offset = 0;  // in the body
  size_t size = 0;
};

// The value of an element, or why there is none. BCD, high byte first; FF in front of other digits
// is a minus sign.
struct Number {
  bool rejected = false;
  RejectReason reason = RejectReason::kNoValue;
  int64_t raw = 0;  // × 10^−decimals
};
Number ReadNumber(Bytes bcd);

struct Message {
  Header header;
  bool has_preamble = false;  // serial and time: not in packets behind the first
  uint16_t serial = 0;
  LocalTime time;
  bool time_valid = false;
  bool has_station = false;
  std::array<uint8_t, 5> station{};  // as the body repeats it
  bool has_category = false;
  uint8_t category = 0;  // 48 H: river, 50 P: rain, 4B K: reservoir, 47 G: groundwater, …
  Bytes body;            // whole
  size_t items_at = 0;   // in `body`
  // Of a query for a period (38, down): hours.
  bool has_period = false;
  LocalTime from;
  LocalTime to;
};

// Faults: those of ParseLink; kLayout when the body is too short for what it announces.
[[nodiscard]] Error ParseMessage(Bytes frame, Message& out);

class ItemReader {
 public:
  explicit ItemReader(const Message& message) : message_(message), at_(message.items_at) {}
  bool Next(Item& out);
  Bytes trailing() const { return trailing_; }  // bytes that are no item

 private:
  bool Stop(size_t at);

  const Message& message_;
  size_t at_;
  Bytes trailing_;
};

// Only of frames to the centre. Elements go to registers where the inner model has one.
void Observe(const Message& message, Observation& out);

// Writes a body. Each Add is false, and writes nothing, when it does not fit.
class BodyWriter {
 public:
  explicit BodyWriter(std::span<std::byte> out) : out_(out) {}

  bool AddPreamble(uint16_t serial, const LocalTime& time);
  bool AddStation(const std::array<uint8_t, 5>& station, std::optional<uint8_t> category);
  bool AddObservationTime(const LocalTime& time);
  // `bytes` of BCD with `decimals`; kAbsent: missing.
  bool AddNumber(uint8_t identifier, size_t bytes, uint8_t decimals, int64_t raw);
  bool AddElement(uint8_t identifier, uint8_t decimals, Bytes value);
  bool AddAsked(uint8_t identifier, uint8_t definition);
  bool AddBytes(Bytes bytes);  // as they are

  size_t size() const { return size_; }

 private:
  std::span<std::byte> out_;
  size_t size_ = 0;
};

}  // namespace karez::protocols::sl651

// SL 651-2014 bodies (section 6.6): serial number, time, station, and items read one after the
// other.
//
//   serial(2) time(6 BCD) [F1F1 station(5) [category(1)]] then items:
//     F0F0 time(5)   observation time of the elements behind it
//     F1F1 station(5) [category(1)]   the elements behind it are of another station
//     F2F2 text      manual message, to the end       F3F3 picture, to the end
//     04 18 d h m    time step of functions 31 and 38: the values of the one element behind it
//                    follow each other to the end
//     id(1) def(1) value   def: bytes in the high 5 bits, decimals in the low 3; BCD;
//                          FF… = missing; F4 rain ×12, F5…FC level ×12
//
// Functions 45, 4C … 4F and 50 have forms of their own. Bodies of packets behind the first hold
// data only: PacketJoiner (packets.h). No allocation; items view the body.
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

inline constexpr uint8_t kTimeStep = 0x04;           // element: days, hours, minutes, BCD
inline constexpr uint8_t kStatusElement = 0x45;      // element: 32 bits, table 58
inline constexpr uint8_t kPasswordParameter = 0x03;  // of functions 40, 41 and 49
inline constexpr uint8_t kRelayParameter = 0x0E;     // of functions 40 and 41: def is its size

// What an identifier means.
struct ElementKind {
  std::string_view name;       // "current_rain"
  std::string_view unit = {};  // "mm"; empty: none
  Unit inner = Unit::kNone;    // kNone: the inner model has no register for it
  Quantity quantity = Quantity::kVolume;
  int8_t exponent = 0;  // of the inner unit in terms of the sent one: kPa → Pa is 3
  uint8_t index = 0;    // from 1 where one quantity has several elements
  enum class Coding : uint8_t { kNumber, kHex, kText } coding = Coding::kNumber;
};
// Elements (annex C), or parameters (annex D) where the function is about them. Null when the
// identifier is not in the table.
const ElementKind* FindElement(Function function, uint8_t identifier);
// Of the status word's bits 0…31: "battery_low"; empty: reserved.
std::string_view StatusBitName(int bit);

struct Item {
  enum class Type : uint8_t {
    kStation,          // `value`: address(5) [category(1)]
    kObservationTime,  // `time`, to the minute
    kElement,          // `identifier`, `decimals`, `value`
    kSeries,           // the same, but values of `width` bytes, one for each time step
    kRainSeries,       // 12 × 5 minutes an hour, one byte each, 0.1 mm; FF missing
    kLevelSeries,      // 12 × 5 minutes an hour, two bytes each, cm; FFFF missing
    kManual,           // text
    kPicture,          // `value`: bytes of a JPEG
    kVelocities,       // `value`: bytes of a layout that the standard leaves open (FDF6)
    kContinued,        // `value`: the rest of what an earlier packet began
    kVersion,          // text
    kEvents,           // 32 counters, two bytes each
    kSwitches,         // `value`: a bit for each pump or valve, from the lowest; 1: on, open
    kGates,            // `count` gates: `value`: bits as before, then openings(2 BCD, cm)
    kQuota,            // `value`: FF the volume quota is in force, 00 it is not
    kAsked,            // an identifier that a query names, without value
  };
  Type type = Type::kElement;
  uint8_t identifier = 0;
  uint8_t extension = 0;  // second byte of an identifier FF
  uint8_t decimals = 0;
  uint8_t width = 0;
  uint8_t count = 0;
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
// A body as PacketJoiner put it together, with the header of its first packet.
[[nodiscard]] Error ParseBody(const Header& header, Bytes body, Message& out);

class ItemReader {
 public:
  explicit ItemReader(const Message& message) : message_(message), at_(message.items_at) {}
  bool Next(Item& out);
  Bytes trailing() const { return trailing_; }  // bytes that are no item

 private:
  bool Stop(size_t at);
  bool Take(Item::Type type, size_t skip, size_t size, Item& out);
  bool TakeRest(Item::Type type, size_t skip, Item& out);
  bool NextMarked(std::byte mark, Item& out);
  bool NextOfFunction(Item& out);
  bool NextElement(Item& out);
  Function function() const { return static_cast<Function>(message_.header.function); }

  const Message& message_;
  size_t at_;
  bool stepped_ = false;  // a time step came: the next element is a series
  bool ended_ = false;    // that series: what is left is a part of a value
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
  // Time step, and one element's values behind it: functions 31 and 38.
  bool AddTimeStep(uint8_t days, uint8_t hours, uint8_t minutes);
  bool AddSeries(uint8_t identifier, size_t bytes, uint8_t decimals, std::span<const int64_t> raws);
  bool AddAsked(uint8_t identifier, uint8_t definition);
  bool AddBytes(Bytes bytes);  // as they are

  size_t size() const { return size_; }

 private:
  std::span<std::byte> out_;
  size_t size_ = 0;
};

}  // namespace karez::protocols::sl651

#include "libs/protocols/mbus/message.h"

#include <algorithm>
#include <array>

#include "libs/protocols/bcd.h"

namespace karez::protocols::mbus {
namespace {

constexpr uint8_t kCiSelect = 0x52;
constexpr uint8_t kBackward = 0x3C;

bool IsMain(const Record& record, const Meaning& meaning) {
  const bool backward = meaning.modifier == kBackward && meaning.kind->observed &&
                        meaning.kind->quantity == Quantity::kVolume;
  return record.function == Function::kInstant && record.tariff == 0 && record.subunit == 0 &&
         (meaning.modifier == 0 || backward) && !meaning.manufacturer_specific;
}

Place PlaceOf(const Record& record, size_t offset) {
  return {static_cast<uint16_t>(offset + record.value_offset),
          static_cast<uint16_t>(record.value.size())};
}

void ObserveTime(const Record& record, const Value& value, size_t offset, Observation& out) {
  if (out.time_quality != TimeQuality::kMissing || record.storage != 0) return;
  if (value.type == Value::Type::kTime || value.type == Value::Type::kTimeSeconds) {
    out.device_time = value.time;
    out.time_quality = TimeQuality::kStated;
    return;
  }
  out.time_quality =
      value.reason == RejectReason::kNoValue ? TimeQuality::kNoClock : TimeQuality::kInvalid;
  out.rejections.push_back({"time", value.reason, PlaceOf(record, offset)});
}

void ObserveNumber(const Record& record, const Meaning& meaning, const Value& value, size_t offset,
                   Observation& out) {
  Register reading;
  reading.quantity =
      meaning.modifier == kBackward ? Quantity::kReverseVolume : meaning.kind->quantity;
  if (record.storage > UINT8_MAX) return;
  reading.storage = record.storage == 0 ? Storage::kCurrent : Storage::kSettlement;
  reading.storage_index = static_cast<uint8_t>(record.storage);
  if (out.Find(reading.quantity, reading.storage, reading.storage_index) != nullptr) return;
  reading.place = PlaceOf(record, offset);
  if (value.type != Value::Type::kNumber) {
    out.rejections.push_back({meaning.kind->name, value.reason, reading.place});
    return;
  }
  reading.unit = meaning.kind->unit;
  reading.unit_code = record.vif[0];
  // The tables give pressures in bar, 10^5 Pa.
  reading.exponent = static_cast<int8_t>(value.exponent + (reading.unit == Unit::kPascal ? 5 : 0));
  reading.raw = value.raw;
  out.registers.push_back(reading);
}

void ObserveFlags(const Record& record, const Profile& profile, Observation& out) {
  const Flags* flags = profile.FlagsOf(record);
  if (flags == nullptr) return;
  const uint64_t bits = LoadLowFirst(record.value) & flags->mask;
  for (const FlagName& flag : flags->bits) {
    if ((bits >> flag.bit & 1) != 0 && flag.alarm) out.alarms.Add(*flag.alarm);
  }
}

void ObserveStatus(uint8_t status, Observation& out) {
  out.status = status;
  const bool low = (status & kStatusPowerLow) != 0;
  out.battery = low ? BatteryState::kLow : BatteryState::kOk;
  if (low) out.alarms.Add(Alarm::kBatteryLow);
  if ((status & kStatusPermanentError) != 0) out.alarms.Add(Alarm::kMeterFault);
}

}  // namespace

void ObserveRecords(Bytes body, size_t offset, Observation& out, const Profile* profile) {
  RecordReader reader(body);
  for (Record record; reader.Next(record);) {
    if (profile != nullptr) ObserveFlags(record, *profile, out);
    const Meaning meaning = MeaningOf(record);
    if (!IsMain(record, meaning)) continue;
    if (!meaning.kind->observed && meaning.kind->form != Form::kTime) continue;
    const bool clock = meaning.kind->name == "time";
    if (!clock && !meaning.kind->observed) continue;
    const Value value = ReadValue(record, meaning);
    if (clock) {
      ObserveTime(record, value, offset, out);
    } else {
      ObserveNumber(record, meaning, value, offset, out);
    }
  }
}

void ObserveHeader(const Transport& transport, const Identity& identity, Observation& out) {
  out.device_id = identity.Text();
  out.device_type = identity.medium;
  out.identifier = transport.ci;
  if (transport.header == HeaderKind::kNone) return;
  out.sequence = transport.access;
  ObserveStatus(transport.status, out);
}

Error ObserveFixed(Bytes body, bool high_first, size_t offset, Observation& out) {
  FixedStructure fixed;
  if (!ParseFixed(body, high_first, fixed)) {
    return {Fault::kLayout, static_cast<uint16_t>(offset), FixedStructure::kSize,
            static_cast<uint32_t>(body.size())};
  }
  std::array<std::byte, kMaxFixedRecords> records;
  std::array<uint8_t, kMaxFixedRecords> positions;
  const size_t size = FixedRecords(fixed, high_first, records, positions);
  out.device_type = MediumOf(fixed);
  out.sequence = fixed.access;
  ObserveStatus(fixed.status, out);
  ObserveRecords(Bytes(records).first(size), 0, out);
  for (Register& reading : out.registers) {
    reading.place.offset = static_cast<uint16_t>(
        offset + std::min(positions[reading.place.offset], positions[reading.place.offset + 3u]));
  }
  for (Rejection& rejection : out.rejections) {
    rejection.place.offset =
        static_cast<uint16_t>(offset + std::min(positions[rejection.place.offset],
                                                positions[rejection.place.offset + 3u]));
  }
  return {};
}

Error Observe(Bytes frame, const Secrets& secrets, Observation& out, const Profile* profile) {
  Frame link;
  if (const Error error = ParseLink(frame, link); !error.ok()) return error;
  out = Observation{};
  out.control = link.control;
  if (link.kind == FrameKind::kAck) {
    out.kind = Kind::kAcknowledged;
    return {};
  }
  if (IsFromMaster(link)) {
    out.kind = Kind::kRequest;
    return {};
  }
  constexpr uint16_t kDataAt = 6;
  Transport transport;
  Error error = ParseTransport(link.data, false, transport);
  if (error.ok()) {
    ObserveHeader(transport, transport.identity, out);
    if (transport.header != HeaderKind::kLong) out.device_id = {};
    if (transport.content == Content::kApplicationError) {
      out.kind = Kind::kRefused;
      return {};
    }
    if (transport.content == Content::kFixed) {
      out.kind = Kind::kReading;
      return ObserveFixed(transport.body, transport.ci == kCiFixedHighFirst,
                          kDataAt + transport.header_size, out);
    }
    if (transport.content != Content::kRecords) {
      return {Fault::kLayout, kDataAt, 0, transport.ci};
    }
  }
  std::array<std::byte, kMaxUserData> buffer;
  Bytes body;
  if (error.ok()) error = Decrypt(transport, {}, secrets, buffer, body);
  if (!error.ok()) {
    error.position = static_cast<uint16_t>(error.position + kDataAt);
    return error;
  }
  out.kind = Kind::kReading;
  ObserveRecords(body, kDataAt + transport.header_size, out, profile);
  return {};
}

Written WriteRequest(uint8_t address, bool frame_count_bit, std::span<std::byte> out) {
  const uint8_t fcb = frame_count_bit ? kFrameCountBit : 0;
  return WriteLink({FrameKind::kShort, static_cast<uint8_t>(kReqUd2 | fcb), address, {}}, out);
}

Written WriteReset(uint8_t address, std::span<std::byte> out) {
  return WriteLink({FrameKind::kShort, kSndNke, address, {}}, out);
}

Written WriteSelect(const Identity& wanted, std::span<std::byte> out) {
  std::array<std::byte, 1 + Identity::kSize> data;
  data[0] = std::byte{kCiSelect};
  wanted.Write(data.data() + 1);
  return WriteLink({FrameKind::kLong, kSndUd, kSelectedDevice, data}, out);
}

}  // namespace karez::protocols::mbus

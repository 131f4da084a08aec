#include "libs/protocols/door.h"

#include <optional>

#include "libs/protocols/cjt188/message.h"

namespace karez::protocols {
namespace {

constexpr uint16_t kCurrentData = 0x901F;
constexpr uint16_t kLastSettlement = 0xD120;
constexpr uint16_t kValveData = 0xA017;
constexpr uint8_t kReply = 0x80;  // of the control code

Encoded Write(const cjt188::Profile& profile, std::string_view device_id, uint8_t control,
              uint16_t identifier, uint32_t sequence, std::optional<uint8_t> valve_code,
              std::span<std::byte> out) {
  cjt188::Address address;
  if (!cjt188::Address::Parse(device_id, address)) return {{Fault::kValue, 2, 14, 0}};
  cjt188::Message message;
  const Error error =
      cjt188::StartMessage(profile, profile.meter_type, address, control, identifier,
                           static_cast<uint8_t>(sequence & 0xFF), 0, message);
  if (!error.ok()) return {error};
  if (valve_code) cjt188::SetValue(message, "valve_code", *valve_code);
  const cjt188::Written written =
      cjt188::WriteMessage(message, profile, profile.wake_up_bytes, out);
  return {written.error, written.size};
}

std::optional<uint8_t> CodeOf(const cjt188::ValveCodes& codes, ValveCommand command) {
  switch (command) {
    case ValveCommand::kOpen:
      return codes.open;
    case ValveCommand::kClose:
      return codes.close;
    case ValveCommand::kHalfOpen:
      return codes.half_open;
    case ValveCommand::kExercise:
      return codes.exercise;
    case ValveCommand::kFreeOpen:
      return codes.free_open;
    case ValveCommand::kFreeClose:
      return codes.free_close;
    case ValveCommand::kQuery:
      return codes.query;
  }
  return std::nullopt;
}

Error DecodeFrame(const MeterProfile& profile, Bytes frame, Observation& out) {
  return cjt188::Decode(frame, profile.cjt188, out);
}

Error ReadId(Bytes frame, FixedText<40>& out) {
  cjt188::Header header;
  Bytes data;
  const Error error = cjt188::ParseLink(frame, header, data);
  if (error.ok()) header.address.Write(out);
  return error;
}

bool IsId(std::string_view text) {
  constexpr std::string_view kUpperCase = "0123456789ABCDEF";
  return text.size() == 2 * cjt188::Address::kSize &&
         text.find_first_not_of(kUpperCase) == std::string_view::npos;
}

bool IsQuestion(Bytes frame) {
  cjt188::Header header;
  Bytes data;
  return cjt188::ParseLink(frame, header, data).ok() && (header.control & kReply) == 0;
}

Encoded WriteQuestion(const MeterProfile& profile, std::string_view device_id, Ask ask,
                      uint32_t sequence, std::span<std::byte> out) {
  const cjt188::Profile& meter = profile.cjt188;
  uint16_t identifier = kCurrentData;
  if (ask == Ask::kSettlement) identifier = kLastSettlement;
  if (ask == Ask::kSeries) {
    if (meter.series.empty()) return {{Fault::kNotSupported}};
    identifier = meter.series[0].identifier;
  }
  return Write(meter, device_id, 0x01, identifier, sequence, std::nullopt, out);
}

Encoded WriteValve(const MeterProfile& profile, std::string_view device_id, ValveCommand command,
                   uint32_t sequence, std::span<std::byte> out) {
  const cjt188::Profile& meter = profile.cjt188;
  const std::optional<uint8_t> code = CodeOf(meter.valve, command);
  if (!code) return {{Fault::kNotSupported}};
  return Write(meter, device_id, meter.valve_control, kValveData, sequence, code, out);
}

}  // namespace

const Door kCjt188Door = {
    .probe = [](Bytes data) { return cjt188::Probe{}(data); },
    .decode = DecodeFrame,
    .read_device_id = ReadId,
    .is_device_id = IsId,
    .is_request = IsQuestion,
    .encode_request = WriteQuestion,
    .encode_valve = WriteValve,
};

}  // namespace karez::protocols

#include "libs/protocols/door.h"

#include "libs/protocols/dlt645/message.h"

namespace karez::protocols {
namespace {

constexpr uint32_t kTotal2007 = 0x00010000;
constexpr uint32_t kSettled2007 = 0x00010001;
constexpr uint32_t kTotal1997 = 0x9010;
constexpr uint32_t kSettled1997 = 0x9410;
constexpr uint8_t kRead2007 = 0x11;
constexpr uint8_t kRead1997 = 0x01;
constexpr uint8_t kReply = 0x80;  // of the control code

Error DecodeFrame(const MeterProfile& profile, Bytes frame, Observation& out) {
  return dlt645::Decode(frame, profile.dlt645, out);
}

Error ReadId(Bytes frame, FixedText<40>& out) {
  dlt645::Header header;
  Bytes data;
  const Error error = dlt645::ParseLink(frame, header, data);
  if (error.ok()) header.address.Write(out);
  return error;
}

bool IsId(std::string_view text) {
  return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool IsQuestion(Bytes frame) {
  dlt645::Header header;
  Bytes data;
  return dlt645::ParseLink(frame, header, data).ok() && (header.control & kReply) == 0;
}

Encoded WriteQuestion(const MeterProfile& profile, std::string_view device_id, Ask ask, uint32_t,
                      std::span<std::byte> out) {
  const dlt645::Profile& meter = profile.dlt645;
  if (ask == Ask::kSeries) return {{Fault::kNotSupported}};
  dlt645::Address address;
  if (!dlt645::Address::Parse(device_id, address)) return {{Fault::kValue, 1, 12, 0}};
  const bool new_edition = meter.edition == dlt645::Edition::k2007;
  const uint32_t identifier =
      ask == Ask::kSettlement ? meter.settlement.value_or(new_edition ? kSettled2007 : kSettled1997)
                              : meter.current.value_or(new_edition ? kTotal2007 : kTotal1997);
  dlt645::Message message;
  const Error error = dlt645::StartMessage(meter, address, new_edition ? kRead2007 : kRead1997,
                                           identifier, 0, message);
  if (!error.ok()) return {error};
  const dlt645::Written written = dlt645::WriteMessage(message, meter.wake_up_bytes, out);
  return {written.error, written.size};
}

}  // namespace

const Door kDlt645Door = {
    .probe = [](Bytes data) { return dlt645::Probe{}(data); },
    .decode = DecodeFrame,
    .read_device_id = ReadId,
    .is_device_id = IsId,
    .is_request = IsQuestion,
    .encode_request = WriteQuestion,
};

}  // namespace karez::protocols

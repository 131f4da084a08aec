#include "libs/protocols/lorawan/mac.h"

#include "libs/protocols/bcd.h"

namespace karez::protocols::lorawan {
namespace {

constexpr MacField kLinkCheckAns[] = {{"margin_db", 0, 8}, {"gateways", 8, 8}};
constexpr MacField kLinkAdrReq[] = {{"tx_power", 0, 4},
                                    {"data_rate", 4, 4},
                                    {"channel_mask", 8, 16},
                                    {"transmissions", 24, 4},
                                    {"channel_mask_control", 28, 3}};
constexpr MacField kLinkAdrAns[] = {
    {"channel_mask_ack", 0, 1}, {"data_rate_ack", 1, 1}, {"power_ack", 2, 1}};
constexpr MacField kDutyCycleReq[] = {{"max_duty_cycle", 0, 4}};
constexpr MacField kRxParamSetupReq[] = {
    {"rx2_data_rate", 0, 4}, {"rx1_data_rate_offset", 4, 3}, {"frequency_100hz", 8, 24}};
constexpr MacField kRxParamSetupAns[] = {
    {"channel_ack", 0, 1}, {"rx2_data_rate_ack", 1, 1}, {"rx1_data_rate_offset_ack", 2, 1}};
constexpr MacField kDevStatusAns[] = {{"battery", 0, 8}, {"margin_db", 8, 6, true}};
constexpr MacField kNewChannelReq[] = {{"channel", 0, 8},
                                       {"frequency_100hz", 8, 24},
                                       {"min_data_rate", 32, 4},
                                       {"max_data_rate", 36, 4}};
constexpr MacField kNewChannelAns[] = {{"frequency_ok", 0, 1}, {"data_rate_ok", 1, 1}};
constexpr MacField kRxTimingSetupReq[] = {{"delay_s", 0, 4}};
constexpr MacField kTxParamSetupReq[] = {
    {"max_eirp", 0, 4}, {"uplink_dwell_time", 4, 1}, {"downlink_dwell_time", 5, 1}};
constexpr MacField kDlChannelReq[] = {{"channel", 0, 8}, {"frequency_100hz", 8, 24}};
constexpr MacField kDlChannelAns[] = {{"frequency_ok", 0, 1}, {"uplink_frequency_exists", 1, 1}};
constexpr MacField kDeviceTimeAns[] = {{"gps_time_s", 0, 32}, {"fraction_256", 32, 8}};
constexpr MacField kPingSlotInfoReq[] = {{"periodicity", 0, 3}};
constexpr MacField kPingSlotChannelReq[] = {{"frequency_100hz", 0, 24}, {"data_rate", 24, 4}};
constexpr MacField kPingSlotChannelAns[] = {{"frequency_ok", 0, 1}, {"data_rate_ok", 1, 1}};
constexpr MacField kBeaconFreqReq[] = {{"frequency_100hz", 0, 24}};
constexpr MacField kBeaconFreqAns[] = {{"frequency_ok", 0, 1}};

constexpr MacSpec kCommands[] = {
    {0x02, Way::kUp, "LinkCheckReq", 0},
    {0x02, Way::kDown, "LinkCheckAns", 2, kLinkCheckAns},
    {0x03, Way::kUp, "LinkADRAns", 1, kLinkAdrAns},
    {0x03, Way::kDown, "LinkADRReq", 4, kLinkAdrReq},
    {0x04, Way::kUp, "DutyCycleAns", 0},
    {0x04, Way::kDown, "DutyCycleReq", 1, kDutyCycleReq},
    {0x05, Way::kUp, "RXParamSetupAns", 1, kRxParamSetupAns},
    {0x05, Way::kDown, "RXParamSetupReq", 4, kRxParamSetupReq},
    {0x06, Way::kUp, "DevStatusAns", 2, kDevStatusAns},
    {0x06, Way::kDown, "DevStatusReq", 0},
    {0x07, Way::kUp, "NewChannelAns", 1, kNewChannelAns},
    {0x07, Way::kDown, "NewChannelReq", 5, kNewChannelReq},
    {0x08, Way::kUp, "RXTimingSetupAns", 0},
    {0x08, Way::kDown, "RXTimingSetupReq", 1, kRxTimingSetupReq},
    {0x09, Way::kUp, "TxParamSetupAns", 0},
    {0x09, Way::kDown, "TxParamSetupReq", 1, kTxParamSetupReq},
    {0x0A, Way::kUp, "DlChannelAns", 1, kDlChannelAns},
    {0x0A, Way::kDown, "DlChannelReq", 4, kDlChannelReq},
    {0x0D, Way::kUp, "DeviceTimeReq", 0},
    {0x0D, Way::kDown, "DeviceTimeAns", 5, kDeviceTimeAns},
    {0x10, Way::kUp, "PingSlotInfoReq", 1, kPingSlotInfoReq},
    {0x10, Way::kDown, "PingSlotInfoAns", 0},
    {0x11, Way::kUp, "PingSlotChannelAns", 1, kPingSlotChannelAns},
    {0x11, Way::kDown, "PingSlotChannelReq", 4, kPingSlotChannelReq},
    {0x13, Way::kUp, "BeaconFreqAns", 1, kBeaconFreqAns},
    {0x13, Way::kDown, "BeaconFreqReq", 3, kBeaconFreqReq},
};

uint64_t Mask(const MacField& field) { return (uint64_t{1} << field.width) - 1; }

}  // namespace

const MacSpec* FindMac(uint8_t cid, Way way) {
  for (const MacSpec& spec : kCommands) {
    if (spec.cid == cid && spec.way == way) return &spec;
  }
  return nullptr;
}

int64_t MacCommand::Value(const MacField& field) const {
  const auto value = static_cast<int64_t>(LoadLowFirst(payload) >> field.bit & Mask(field));
  const int64_t sign = int64_t{1} << (field.width - 1);
  return field.is_signed && (value & sign) != 0 ? value - 2 * sign : value;
}

Error NextMac(Bytes& rest, Way way, MacCommand& out) {
  if (rest.empty()) return {Fault::kShort, 0, 1, 0};
  const auto cid = std::to_integer<uint8_t>(rest[0]);
  out.spec = FindMac(cid, way);
  if (out.spec == nullptr) return {Fault::kIdentifier, 0, 0, cid};
  const size_t size = size_t{1} + out.spec->length;
  if (rest.size() < size) {
    return {Fault::kShort, static_cast<uint16_t>(rest.size()), static_cast<uint32_t>(size),
            static_cast<uint32_t>(rest.size())};
  }
  out.payload = rest.subspan(1, out.spec->length);
  rest = rest.subspan(size);
  return {};
}

Written WriteMac(const MacSpec& spec, std::span<const int64_t> values, std::span<std::byte> out) {
  if (values.size() != spec.fields.size()) {
    return {{Fault::kValue, 0, static_cast<uint32_t>(spec.fields.size()),
             static_cast<uint32_t>(values.size())}};
  }
  const size_t size = size_t{1} + spec.length;
  if (out.size() < size) return {{Fault::kBuffer, 0, static_cast<uint32_t>(size), 0}};
  uint64_t bits = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const MacField& field = spec.fields[i];
    const int64_t limit = int64_t{1} << (field.is_signed ? field.width - 1 : field.width);
    if (values[i] >= limit || values[i] < (field.is_signed ? -limit : 0)) {
      return {{Fault::kValue, static_cast<uint16_t>(i), static_cast<uint32_t>(limit - 1),
               static_cast<uint32_t>(values[i] & UINT32_MAX)}};
    }
    bits |= (static_cast<uint64_t>(values[i]) & Mask(field)) << field.bit;
  }
  out[0] = std::byte{spec.cid};
  StoreLowFirst(bits, out.data() + 1, spec.length);
  return {{}, size};
}

}  // namespace karez::protocols::lorawan

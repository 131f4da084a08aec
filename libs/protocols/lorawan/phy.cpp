#include "libs/protocols/lorawan/phy.h"

#include <algorithm>

#include "libs/protocols/bcd.h"

namespace karez::protocols::lorawan {
namespace {

constexpr size_t kOptionsAt = 8;
constexpr uint8_t kMajorMask = 0x03;
constexpr uint8_t kOptionsLength = 0x0F;

uint8_t At(Bytes bytes, size_t i) { return std::to_integer<uint8_t>(bytes[i]); }

Error Short(size_t wanted, size_t size) {
  return {Fault::kShort, static_cast<uint16_t>(size), static_cast<uint32_t>(wanted),
          static_cast<uint32_t>(size)};
}

Error CheckHeader(Bytes phy, size_t min_size) {
  if (phy.empty()) return Short(min_size, 0);
  if ((At(phy, 0) & kMajorMask) != 0) {
    return {Fault::kVersion, 0, 0, static_cast<uint32_t>(At(phy, 0) & kMajorMask)};
  }
  if (phy.size() < min_size) return Short(min_size, phy.size());
  if (phy.size() > kMaxPhy) {
    return {Fault::kLength, kMaxPhy, kMaxPhy, static_cast<uint32_t>(phy.size())};
  }
  return {};
}

bool IsData(MType type) { return type >= MType::kUnconfirmedUp && type <= MType::kConfirmedDown; }

Error WrongType(Bytes phy) {
  return {Fault::kControl, 0, 0, static_cast<uint32_t>(At(phy, 0) >> 5)};
}

// Writes the parts of a frame one behind the other, low byte first.
class Writer {
 public:
  explicit Writer(std::span<std::byte> out) : out_(out) {}
  void Number(uint64_t value, size_t size) {
    StoreLowFirst(value, out_.data() + at_, size);
    at_ += size;
  }
  void Copy(Bytes bytes) {
    std::copy(bytes.begin(), bytes.end(), out_.begin() + static_cast<ptrdiff_t>(at_));
    at_ += bytes.size();
  }
  size_t size() const { return at_; }

 private:
  std::span<std::byte> out_;
  size_t at_ = 0;
};

Written NoRoom(size_t size) { return {{Fault::kBuffer, 0, static_cast<uint32_t>(size), 0}}; }

}  // namespace

std::string_view Name(MType type) {
  switch (type) {
    case MType::kJoinRequest:
      return "join-request";
    case MType::kJoinAccept:
      return "join-accept";
    case MType::kUnconfirmedUp:
      return "unconfirmed-up";
    case MType::kUnconfirmedDown:
      return "unconfirmed-down";
    case MType::kConfirmedUp:
      return "confirmed-up";
    case MType::kConfirmedDown:
      return "confirmed-down";
    case MType::kReserved:
      return "rejoin-request";
    case MType::kProprietary:
      return "proprietary";
  }
  return "";
}

uint32_t LoadMic(Bytes phy) {
  uint32_t mic = 0;
  for (const std::byte b : phy.last(kMicSize)) mic = mic << 8 | std::to_integer<uint32_t>(b);
  return mic;
}

void StoreMic(uint32_t mic, std::span<std::byte> phy) {
  for (size_t i = 0; i < kMicSize; ++i) {
    phy[phy.size() - 1 - i] = static_cast<std::byte>(mic >> (8 * i) & 0xFF);
  }
}

Error ParseData(Bytes phy, Data& out) {
  if (const Error error = CheckHeader(phy, 1); !error.ok()) return error;
  out.type = TypeOf(At(phy, 0));
  if (!IsData(out.type)) return WrongType(phy);
  if (phy.size() < kMinData) return Short(kMinData, phy.size());
  out.dev_addr = static_cast<uint32_t>(LoadLowFirst(phy.subspan(1, 4)));
  out.flags = static_cast<uint8_t>(At(phy, 5) & ~kOptionsLength);
  out.counter = static_cast<uint16_t>(LoadLowFirst(phy.subspan(6, 2)));
  const size_t options = At(phy, 5) & kOptionsLength;
  Bytes rest = phy.subspan(kOptionsAt, phy.size() - kOptionsAt - kMicSize);
  if (options > rest.size()) {
    return {Fault::kLength, 5, static_cast<uint32_t>(rest.size()), static_cast<uint32_t>(options)};
  }
  out.options = rest.first(options);
  rest = rest.subspan(options);
  out.port.reset();
  out.payload = {};
  if (!rest.empty()) {
    out.port = At(rest, 0);
    out.payload = rest.subspan(1);
    if (*out.port == 0 && options > 0) {
      return {Fault::kLayout, static_cast<uint16_t>(kOptionsAt + options), 0,
              static_cast<uint32_t>(options)};
    }
  }
  out.mic = LoadMic(phy);
  return {};
}

Error ParseJoinRequest(Bytes phy, JoinRequest& out) {
  if (const Error error = CheckHeader(phy, kJoinRequestSize); !error.ok()) return error;
  if (TypeOf(At(phy, 0)) != MType::kJoinRequest) return WrongType(phy);
  if (phy.size() != kJoinRequestSize) {
    return {Fault::kLength, kJoinRequestSize, kJoinRequestSize, static_cast<uint32_t>(phy.size())};
  }
  out.join_eui = LoadLowFirst(phy.subspan(1, 8));
  out.dev_eui = LoadLowFirst(phy.subspan(9, 8));
  out.dev_nonce = static_cast<uint16_t>(LoadLowFirst(phy.subspan(17, 2)));
  out.mic = LoadMic(phy);
  return {};
}

Error ParseJoinAccept(Bytes phy, JoinAccept& out) {
  if (const Error error = CheckHeader(phy, kJoinAcceptSize); !error.ok()) return error;
  if (TypeOf(At(phy, 0)) != MType::kJoinAccept) return WrongType(phy);
  const bool with_channels = phy.size() == kJoinAcceptSize + kChannelListSize;
  if (!with_channels && phy.size() != kJoinAcceptSize) {
    return {Fault::kLength, kJoinAcceptSize, kJoinAcceptSize, static_cast<uint32_t>(phy.size())};
  }
  out.app_nonce = static_cast<uint32_t>(LoadLowFirst(phy.subspan(1, 3)));
  out.net_id = static_cast<uint32_t>(LoadLowFirst(phy.subspan(4, 3)));
  out.dev_addr = static_cast<uint32_t>(LoadLowFirst(phy.subspan(7, 4)));
  out.dl_settings = At(phy, 11);
  out.rx_delay = At(phy, 12);
  out.channels.reset();
  if (with_channels) {
    out.channels.emplace();
    std::copy_n(phy.begin() + 13, kChannelListSize, out.channels->begin());
  }
  out.mic = LoadMic(phy);
  return {};
}

Written WriteData(const Data& data, std::span<std::byte> out) {
  const size_t body = data.options.size() + (data.port ? 1 : 0) + data.payload.size();
  const size_t size = kMinData + body;
  if (!IsData(data.type)) return {{Fault::kValue, 0, 0, static_cast<uint32_t>(data.type)}};
  if ((data.flags & kOptionsLength) != 0) return {{Fault::kValue, 5, 0, data.flags}};
  if (data.options.size() > kMaxOptions || (data.port == 0 && !data.options.empty())) {
    return {{Fault::kValue, kOptionsAt, kMaxOptions, static_cast<uint32_t>(data.options.size())}};
  }
  if ((!data.port && !data.payload.empty()) || size > kMaxPhy) {
    return {{Fault::kValue, kOptionsAt, kMaxPhy, static_cast<uint32_t>(size)}};
  }
  if (out.size() < size) return NoRoom(size);
  Writer writer(out);
  writer.Number(HeaderOf(data.type), 1);
  writer.Number(data.dev_addr, 4);
  writer.Number(data.control(), 1);
  writer.Number(data.counter, 2);
  writer.Copy(data.options);
  if (data.port) writer.Number(*data.port, 1);
  writer.Copy(data.payload);
  StoreMic(data.mic, out.first(size));
  return {{}, size};
}

Written WriteJoinRequest(const JoinRequest& request, std::span<std::byte> out) {
  if (out.size() < kJoinRequestSize) return NoRoom(kJoinRequestSize);
  Writer writer(out);
  writer.Number(HeaderOf(MType::kJoinRequest), 1);
  writer.Number(request.join_eui, 8);
  writer.Number(request.dev_eui, 8);
  writer.Number(request.dev_nonce, 2);
  StoreMic(request.mic, out.first(kJoinRequestSize));
  return {{}, kJoinRequestSize};
}

Written WriteJoinAccept(const JoinAccept& accept, std::span<std::byte> out) {
  constexpr uint32_t kMax24 = 0xFFFFFF;
  if (accept.app_nonce > kMax24) return {{Fault::kValue, 1, kMax24, accept.app_nonce}};
  if (accept.net_id > kMax24) return {{Fault::kValue, 4, kMax24, accept.net_id}};
  const size_t size = kJoinAcceptSize + (accept.channels ? kChannelListSize : 0);
  if (out.size() < size) return NoRoom(size);
  Writer writer(out);
  writer.Number(HeaderOf(MType::kJoinAccept), 1);
  writer.Number(accept.app_nonce, 3);
  writer.Number(accept.net_id, 3);
  writer.Number(accept.dev_addr, 4);
  writer.Number(accept.dl_settings, 1);
  writer.Number(accept.rx_delay, 1);
  if (accept.channels) writer.Copy(*accept.channels);
  StoreMic(accept.mic, out.first(size));
  return {{}, size};
}

}  // namespace karez::protocols::lorawan

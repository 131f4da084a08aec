#include "libs/protocols/wmbus/layers.h"

#include <algorithm>

#include "libs/protocols/bcd.h"

namespace karez::protocols::wmbus {
namespace {

// FCL bits: which fields follow, in this order.
constexpr unsigned kHasControl = 0x2000;
constexpr unsigned kHasKeyInformation = 0x0200;
constexpr unsigned kHasCounter = 0x0800;
constexpr unsigned kHasMac = 0x0400;
constexpr unsigned kHasLength = 0x1000;

constexpr uint8_t kMac8 = 5;  // MCL bits 0…3: CMAC cut to 8 bytes
constexpr uint8_t kCounterInMac = 0x20;

// Bytes of the code by MCL bits 0…3; 0: none of ours.
size_t MacSize(uint8_t control) {
  constexpr uint8_t kSizes[16] = {0, 0, 0, 2, 4, 8, 12, 16};
  return kSizes[control & 0x0F];
}

void WriteAddress(const mbus::Identity& identity, std::byte* out) {
  StoreLowFirst(identity.manufacturer, out, 2);
  StoreLowFirst(identity.number, out + 2, 4);
  out[6] = std::byte{identity.version};
  out[7] = std::byte{identity.medium};
}

crypto::Block Mac(crypto::Aes128& key, const mbus::Identity& identity, uint8_t control,
                  uint32_t counter, Bytes message) {
  std::array<std::byte, 5 + kMaxTelegram> input;
  input[0] = std::byte{control};
  StoreLowFirst(counter, input.data() + 1, 4);
  std::copy(message.begin(), message.end(), input.begin() + 5);
  crypto::Aes128 derived(mbus::DeriveKey(key, mbus::KeyUse::kAuthentication, counter, identity));
  return derived.Cmac(Bytes(input).first(5 + message.size()));
}

}  // namespace

size_t ExtendedSize(uint8_t ci) {
  switch (ci) {
    case 0x8C:
      return 3;
    case 0x8D:
      return 7;
    case 0x8E:
      return 11;
    case 0x8F:
      return 15;
    default:
      return 0;
  }
}

ExtendedLink ParseExtended(Bytes bytes) {
  ExtendedLink layer;
  layer.ci = static_cast<uint8_t>(bytes[0]);
  layer.communication = static_cast<uint8_t>(bytes[1]);
  layer.access = static_cast<uint8_t>(bytes[2]);
  if (layer.ci >= 0x8E) {
    mbus::Identity identity;
    identity.manufacturer = static_cast<uint16_t>(LoadLowFirst(bytes.subspan(3, 2)));
    identity.number = static_cast<uint32_t>(LoadLowFirst(bytes.subspan(5, 4)));
    identity.version = static_cast<uint8_t>(bytes[9]);
    identity.medium = static_cast<uint8_t>(bytes[10]);
    layer.second_address = identity;
  }
  layer.has_session = layer.ci == 0x8D || layer.ci == 0x8F;
  if (layer.has_session) {
    layer.session = static_cast<uint32_t>(LoadLowFirst(bytes.subspan(bytes.size() - 4)));
  }
  return layer;
}

size_t WriteExtended(const ExtendedLink& layer, std::span<std::byte> out) {
  const size_t size = ExtendedSize(layer.ci);
  if (out.size() < size || size == 0) return 0;
  out[0] = std::byte{layer.ci};
  out[1] = std::byte{layer.communication};
  out[2] = std::byte{layer.access};
  if (layer.ci >= 0x8E) WriteAddress(layer.second_address.value_or(mbus::Identity{}), &out[3]);
  if (layer.ci == 0x8D || layer.ci == 0x8F) StoreLowFirst(layer.session, &out[size - 4], 4);
  return size;
}

crypto::Block CounterBlock(const mbus::Identity& sender, const ExtendedLink& layer) {
  crypto::Block block{};
  WriteAddress(sender, block.data());
  block[8] = std::byte{layer.communication};
  StoreLowFirst(layer.session, block.data() + 9, 4);
  return block;
}

bool ParseAuthentication(Bytes bytes, Authentication& out) {
  if (bytes.size() < 2) return false;
  out.fragment = static_cast<uint16_t>(LoadLowFirst(bytes.first(2)));
  size_t at = 2;
  const auto take = [&](unsigned flag, size_t size) {
    Bytes field;
    if ((out.fragment & flag) == 0 || size == 0 || bytes.size() - at < size) return field;
    field = bytes.subspan(at, size);
    at += size;
    return field;
  };
  const Bytes control = take(kHasControl, 1);
  if (!control.empty()) out.control = static_cast<uint8_t>(control[0]);
  take(kHasKeyInformation, 2);
  const Bytes counter = take(kHasCounter, 4);
  if (!counter.empty()) out.counter = static_cast<uint32_t>(LoadLowFirst(counter));
  out.mac = take(kHasMac, MacSize(out.control));
  take(kHasLength, 2);
  return at == bytes.size();
}

bool VerifyMac(crypto::Aes128& key, const mbus::Identity& identity, const Authentication& layer,
               Bytes message) {
  if (!layer.counter) return false;
  const crypto::Block code = Mac(key, identity, layer.control, *layer.counter, message);
  return std::equal(layer.mac.begin(), layer.mac.end(), code.begin());
}

void WriteAuthentication(crypto::Aes128& key, const mbus::Identity& identity, uint32_t counter,
                         Bytes message, std::byte* out) {
  constexpr uint8_t kControl = kCounterInMac | kMac8;
  const crypto::Block code = Mac(key, identity, kControl, counter, message);
  out[0] = std::byte{0x90};
  out[1] = std::byte{kAuthenticationSize - 2};
  StoreLowFirst(kHasControl | kHasCounter | kHasMac, out + 2, 2);
  out[4] = std::byte{kControl};
  StoreLowFirst(counter, out + 5, 4);
  std::copy_n(code.begin(), 8, out + 9);
}

}  // namespace karez::protocols::wmbus

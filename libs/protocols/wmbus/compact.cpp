#include <algorithm>

#include "libs/protocols/bcd.h"
#include "libs/protocols/wmbus/telegram.h"

namespace karez::protocols::wmbus {
namespace {

constexpr size_t kValuesAt = 4;  // behind signature and checksum
constexpr std::byte kFiller{0x2F};

// Bytes of the head that begins at `heads`.
size_t HeadSize(Bytes heads) {
  size_t at = 0;
  for (int part = 0; part < 2; ++part) {  // DIF and DIFEs, VIF and VIFEs
    while (at < heads.size() && (heads[at++] & std::byte{0x80}) != std::byte{0}) {
    }
  }
  return at;
}

}  // namespace

size_t CompactFillers(Bytes body) {
  return body.size() >= 2 && body[0] == kFiller && body[1] == kFiller ? 2 : 0;
}

Error ExpandCompact(Bytes body, std::span<const mbus::CompactFormat> formats,
                    std::span<std::byte> out, std::span<uint8_t> positions, size_t& size) {
  const size_t signature_at = CompactFillers(body);
  size_t value_at = signature_at + kValuesAt;
  if (body.size() < value_at) {
    return {Fault::kShort, 0, static_cast<uint32_t>(value_at), static_cast<uint32_t>(body.size())};
  }
  const auto signature = static_cast<uint16_t>(LoadLowFirst(body.subspan(signature_at, 2)));
  const auto format = std::find_if(
      formats.begin(), formats.end(),
      [signature](const mbus::CompactFormat& known) { return known.signature == signature; });
  if (format == formats.end()) return {Fault::kIdentifier, 0, 0, signature};
  size = 0;
  for (Bytes heads = format->heads; !heads.empty();) {
    const size_t head = HeadSize(heads);
    const size_t value =
        mbus::ValueSize(static_cast<mbus::Coding>(std::to_integer<uint8_t>(heads[0]) & 0x0F));
    if (body.size() - value_at < value || out.size() - size < head + value) {
      return {Fault::kLayout, static_cast<uint16_t>(value_at), static_cast<uint32_t>(value),
              static_cast<uint32_t>(body.size() - value_at)};
    }
    std::copy_n(heads.begin(), head, out.begin() + static_cast<ptrdiff_t>(size));
    std::fill_n(positions.begin() + static_cast<ptrdiff_t>(size), head,
                static_cast<uint8_t>(value_at));
    size += head;
    for (size_t i = 0; i < value; ++i, ++size, ++value_at) {
      out[size] = body[value_at];
      positions[size] = static_cast<uint8_t>(value_at);
    }
    heads = heads.subspan(head);
  }
  const Bytes rest = body.subspan(value_at);
  if (!std::all_of(rest.begin(), rest.end(), [](std::byte b) { return b == kFiller; })) {
    return {Fault::kLayout, static_cast<uint16_t>(value_at), 0, static_cast<uint32_t>(rest.size())};
  }
  const auto sent = static_cast<uint16_t>(LoadLowFirst(body.subspan(signature_at + 2, 2)));
  const uint16_t computed = Crc(Bytes(out).first(size));
  return sent == computed
             ? Error{}
             : Error{Fault::kChecksum, static_cast<uint16_t>(signature_at + 2), computed, sent};
}

}  // namespace karez::protocols::wmbus

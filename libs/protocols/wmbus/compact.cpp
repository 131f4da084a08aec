#include <algorithm>

#include "libs/protocols/bcd.h"
#include "libs/protocols/mbus/record.h"
#include "libs/protocols/wmbus/telegram.h"

namespace karez::protocols::wmbus {
namespace {

// The record heads that a meter sent in a full frame before; the signature is their CRC. These are
// the formats of Kamstrup water meters that public captures show.
struct FormatRow {
  uint16_t signature;
  std::string_view heads;
};

constexpr FormatRow kFormats[] = {
    {0xA8ED, std::string_view("\x02\xFF\x20\x04\x13\x44\x13\x61\x5B\x61\x67", 11)},
    {0xC412,
     std::string_view("\x02\xFF\x20\x04\x13\x92\x01\x3B\xA1\x01\x5B\x81\x01\xE7\xFF\x0F", 16)},
    {0x0905, std::string_view("\x04\xFF\x23\x44\x13\x52\x3B\x06\xFF\x1B\x42\x6C\x61\x67\x51\x67"
                              "\x02\x3B\x04\x13\x81\x01\xE7\xFF\x0F",
                              25)},
    {0x36D4, std::string_view("\x02\xFF\x20\x04\x13\x44\x13\x42\x6C\x52\x3B\x61\x5B\x61\x67\x51"
                              "\x67\x81\x01\xE7\xFF\x0F\x06\xFF\x1B",
                              25)},
    {0x61EB, std::string_view("\x02\xFF\x20\x04\x13\x44\x13\xA1\x01\x5B\x81\x01\xE7\xFF\x0F", 15)},
    {0xD2F7, std::string_view("\x02\xFF\x20\x04\x13\x44\x13\x61\x5B\x51\x67", 11)},
    {0xDD34, std::string_view("\x02\xFF\x20\x04\x13\x44\x13", 7)},
    {0x7C0E, std::string_view("\x02\xFF\x20\x04\x13\x52\x3B", 7)},
    {0xA9F3, std::string_view("\x04\xFF\x23\x04\x13\x44\x13\x42\x6C\x02\x3B\x92\x01\x3B\xA2\x01"
                              "\x3B\x06\xFF\x1B\xA1\x01\x5B\x91\x01\x5B\xA1\x01\x67",
                              29)},
};

// DIFs of these formats stand for integers of 0 … 8 bytes.
constexpr uint8_t kSizes[] = {0, 1, 2, 3, 4, 4, 6, 8};

// Bytes of the head that begins at `heads`.
size_t HeadSize(Bytes heads) {
  size_t at = 0;
  for (int part = 0; part < 2; ++part) {  // DIF and DIFEs, VIF and VIFEs
    while ((heads[at++] & std::byte{0x80}) != std::byte{0}) {
    }
  }
  return at;
}

}  // namespace

bool ExpandCompact(Bytes body, std::span<std::byte> out, std::span<uint8_t> positions,
                   size_t& size) {
  if (body.size() < 4) return false;
  const auto signature = static_cast<uint16_t>(LoadLowFirst(body.first(2)));
  const auto* const row =
      std::find_if(std::begin(kFormats), std::end(kFormats),
                   [&](const FormatRow& format) { return format.signature == signature; });
  if (row == std::end(kFormats)) return false;
  size = 0;
  size_t value_at = 4;
  for (Bytes heads = std::as_bytes(std::span(row->heads)); !heads.empty();) {
    const size_t head = HeadSize(heads);
    const size_t value = kSizes[std::to_integer<size_t>(heads[0]) & 7];
    if (body.size() - value_at < value || out.size() - size < head + value) return false;
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
  const auto sent = static_cast<uint16_t>(LoadLowFirst(body.subspan(2, 2)));
  return value_at == body.size() && Crc(Bytes(out).first(size)) == sent;
}

}  // namespace karez::protocols::wmbus

// Any bytes as a wireless M-Bus telegram, with a key, without one, and as already decrypted; once
// more with the checksums of formats A and B made right.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "libs/protocols/mbus/message.h"
#include "libs/protocols/wmbus/telegram.h"

namespace {

using namespace karez::protocols;         // NOLINT: a program of one function
using namespace karez::protocols::wmbus;  // NOLINT

// Of a Kamstrup water meter.
constexpr std::byte kHeads[] = {std::byte{0x02}, std::byte{0xFF}, std::byte{0x20}, std::byte{0x04},
                                std::byte{0x13}, std::byte{0x44}, std::byte{0x13}, std::byte{0x61},
                                std::byte{0x5B}, std::byte{0x61}, std::byte{0x67}};

void Check(Bytes bytes) {
  static crypto::Aes128 key(crypto::Key128{});
  const Secrets secrets[] = {{}, {&key}, {nullptr, true}};
  static const mbus::Profile profile = [] {
    mbus::Profile kamstrup;
    kamstrup.compact_formats.push_back({Crc(kHeads), {std::begin(kHeads), std::end(kHeads)}});
    return kamstrup;
  }();
  Telegram telegram;
  for (const Secrets& with : secrets) {
    if (!ParseTelegram(bytes, with, telegram).ok()) continue;
    Observation observation;
    (void)Observe(telegram, observation, &profile);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes bytes = std::as_bytes(std::span(data, size));
  Check(bytes);
  for (const Format format : {Format::kBare, Format::kA, Format::kB}) {
    std::array<std::byte, kMaxFrame> framed;
    const Written written = WriteLink(format, bytes, framed);
    if (!written.error.ok()) continue;
    const Bytes air = Bytes(framed).first(written.size);
    Check(air);
    std::array<std::byte, kMaxTelegram> bare;
    Link link;
    // A bare telegram may look like one of format B by chance; the others are certain.
    if (!ParseLink(air, bare, link).ok()) std::abort();
    if (format == Format::kBare) continue;
    if (link.size != size || !std::equal(bytes.begin() + 1, bytes.end(), bare.begin() + 1)) {
      std::abort();
    }
  }
  return 0;
}

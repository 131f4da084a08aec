// Any bytes as a stream of M-Bus, wireless M-Bus (format A), SL 651 and SZY 206 frames, cut into
// packets by its own first byte: every byte is accounted for, and the cuts change nothing.
#include <algorithm>
#include <cstdlib>
#include <memory>

#include "libs/protocols/mbus/link.h"
#include "libs/protocols/sl651/link.h"
#include "libs/protocols/szy206/link.h"
#include "libs/protocols/wmbus/link.h"

namespace {

using namespace karez::protocols;  // NOLINT: a program of one function

template <class Probe>
StreamCounts Read(Bytes bytes, size_t packet, Probe probe) {
  const auto framer = std::make_unique<Framer<Probe>>(probe);
  while (!bytes.empty()) {
    const size_t taken = framer->Push(bytes.first(std::min(packet, bytes.size())));
    bytes = bytes.subspan(taken);
    while (framer->Next()) {
    }
  }
  framer->Flush();
  while (framer->Next()) {
  }
  if (framer->pending() != 0) std::abort();
  return framer->counts();
}

template <class Probe>
void Check(Bytes bytes, size_t packet, Probe probe = {}) {
  const StreamCounts whole = Read(bytes, 4096, probe);
  const StreamCounts cut = Read(bytes, packet, probe);
  if (whole.frame_bytes + whole.garbage_bytes != bytes.size()) std::abort();
  if (whole.frames != cut.frames || whole.garbage_bytes != cut.garbage_bytes ||
      whole.checksum_failures != cut.checksum_failures) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const Bytes bytes = std::as_bytes(std::span(data + 1, size - 1));
  const size_t packet = 1u + data[0];
  Check<mbus::Probe>(bytes, packet);
  Check<mbus::Probe>(bytes, packet, {.acknowledgements = true});
  Check<wmbus::Probe>(bytes, packet);
  Check<sl651::Probe>(bytes, packet);
  Check<szy206::Probe>(bytes, packet);
  return 0;
}

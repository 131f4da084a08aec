// Any bytes as a line's stream, cut into packets by its own first byte: the account adds up, and
// the same stream in one piece gives the same result.
#pragma once

#include <algorithm>
#include <cstdlib>

#include "libs/protocols/framer.h"

namespace karez::protocols {

template <class Probe>
StreamCounts ReadStream(Probe probe, Bytes bytes, size_t packet) {
  Framer<Probe> framer(probe);
  while (!bytes.empty()) {
    bytes = bytes.subspan(framer.Push(bytes.first(std::min(packet, bytes.size()))));
    while (framer.Next()) {
    }
  }
  framer.Flush();
  while (framer.Next()) {
  }
  return framer.counts();
}

template <class Probe>
void CheckStream(Probe probe, Bytes bytes) {
  if (bytes.empty()) return;
  const size_t packet = 1 + std::to_integer<size_t>(bytes[0]);
  const Bytes rest = bytes.subspan(1);
  const StreamCounts whole = ReadStream(probe, rest, rest.size() + 1);
  const StreamCounts cut = ReadStream(probe, rest, packet);
  if (whole.frame_bytes + whole.garbage_bytes != rest.size()) std::abort();
  if (whole.frames != cut.frames || whole.garbage_bytes != cut.garbage_bytes ||
      whole.checksum_failures != cut.checksum_failures) {
    std::abort();
  }
}

}  // namespace karez::protocols

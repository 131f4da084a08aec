// Any bytes as a transparent terminal's stream, cut into packets by its own first byte: the account
// adds up, and the same stream in one piece gives the same result.
#include <cstdlib>

#include "libs/protocols/envelope/transparent.h"

namespace {

using namespace karez::protocols;            // NOLINT: a program of one function
using namespace karez::protocols::envelope;  // NOLINT

PatternPiece Literal(std::string_view text) {
  PatternPiece piece;
  piece.length = static_cast<uint8_t>(text.size());
  for (size_t i = 0; i < text.size(); ++i) piece.literal[i] = static_cast<uint8_t>(text[i]);
  return piece;
}

TerminalProfile MakeProfile() {
  TerminalProfile profile;
  profile.registration.pieces.push_back(Literal("R"));
  profile.registration.pieces.push_back({PatternPiece::Kind::kAsciiId, 2, {}});
  profile.heartbeat.pieces.push_back(Literal("HB"));
  return profile;
}

TransparentCounts Read(const TerminalProfile& profile, Bytes bytes, size_t packet) {
  TransparentStream stream(profile);
  while (!bytes.empty()) {
    const size_t taken = stream.Push(bytes.first(std::min(packet, bytes.size())));
    bytes = bytes.subspan(taken);
    while (stream.Next()) {
    }
  }
  stream.Flush();
  while (stream.Next()) {
  }
  return stream.counts();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const TerminalProfile profile = MakeProfile();
  if (size == 0) return 0;
  const Bytes bytes = std::as_bytes(std::span(data + 1, size - 1));
  const TransparentCounts whole = Read(profile, bytes, 4096);
  const TransparentCounts cut = Read(profile, bytes, 1u + data[0]);
  if (whole.frame_bytes + whole.garbage_bytes + whole.envelope_bytes + whole.unregistered_bytes !=
      bytes.size()) {
    std::abort();
  }
  if (whole.frames != cut.frames || whole.envelope_bytes != cut.envelope_bytes ||
      whole.garbage_bytes != cut.garbage_bytes ||
      whole.checksum_failures != cut.checksum_failures) {
    std::abort();
  }
  return 0;
}

// Any bytes as a LoRaWAN frame: what parses must be written again as the same bytes, and what a
// session seals it must open.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "libs/protocols/lorawan/mac.h"
#include "libs/protocols/lorawan/phy.h"
#include "libs/protocols/lorawan/security.h"

namespace {

using namespace karez::protocols;           // NOLINT: a program of one function
using namespace karez::protocols::lorawan;  // NOLINT

void MustBeSame(Bytes a, Bytes b) {
  if (!std::equal(a.begin(), a.end(), b.begin(), b.end())) std::abort();
}

void SplitCommands(Bytes rest, Way way) {
  MacCommand command;
  while (NextMac(rest, way, command).ok()) {
    for (const MacField& field : command.spec->fields) (void)command.Value(field);
  }
}

void CheckData(Bytes phy) {
  Data data;
  if (!ParseData(phy, data).ok()) return;
  SplitCommands(data.options, data.way());
  std::array<std::byte, kMaxPhy> again;
  const Written written = WriteData(data, again);
  if (!written.error.ok()) std::abort();
  // Reserved bits of MHDR are not kept.
  MustBeSame(phy.subspan(1), Bytes(again).first(written.size).subspan(1));

  static Session session(0, {});
  std::array<std::byte, kMaxPhy> sealed;
  std::array<std::byte, kMaxPhy> plain;
  const Written seal = session.Seal(data, data.mic, sealed);
  Session::Opened opened;
  const std::optional<uint32_t> last = data.mic == 0 ? std::nullopt : std::optional(data.mic - 1);
  if (!session.Open(Bytes(sealed).first(seal.size), last, plain, opened).ok()) std::abort();
  MustBeSame(opened.payload, data.payload);
  (void)session.Open(phy, data.mic, plain, opened);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* input, size_t size) {
  const Bytes phy = std::as_bytes(std::span(input, size));
  static Aes128 app_key{Key128{}};
  CheckData(phy);
  SplitCommands(phy, Way::kUp);
  SplitCommands(phy, Way::kDown);
  std::array<std::byte, kMaxPhy> out;
  JoinRequest request;
  if (ParseJoinRequest(phy, request).ok()) {
    const Written written = WriteJoinRequest(request, out);
    MustBeSame(phy.subspan(1), Bytes(out).first(written.size).subspan(1));
  }
  JoinAccept accept;
  if (ParseJoinAccept(phy, accept).ok()) {
    const Written written = WriteJoinAccept(accept, out);
    MustBeSame(phy.subspan(1), Bytes(out).first(written.size).subspan(1));
    (void)OpenJoinAccept(app_key, phy, out, accept);
  }
  return 0;
}

// Any bytes as one DL/T 645 frame. Both readers take the same frames, and what can be read is
// written again as the same bytes.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "libs/protocols/dlt645/message.h"

namespace {

using namespace karez::protocols;          // NOLINT: a program of one function
using namespace karez::protocols::dlt645;  // NOLINT

Profile MakeOther() {
  Profile profile;
  profile.top_bit_is_sign = false;
  profile.scales.push_back({0x00010000, 0x0002FFFF, 4});
  return profile;
}

void Check(Bytes frame, const Profile& profile) {
  Message message;
  Observation observation;
  const bool read = ParseMessage(frame, profile, message).ok();
  if (read != Decode(frame, profile, observation).ok()) std::abort();
  if (!read) return;
  std::array<std::byte, kMaxFrame> again;
  const Written written = WriteMessage(message, 0, again);
  if (!written.error.ok()) return;
  if (!std::ranges::equal(frame, Bytes(again).first(written.size))) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Profile profiles[] = {Profile{}, MakeOther()};
  const Bytes bytes = std::as_bytes(std::span(data, size));
  for (const Profile& profile : profiles) Check(bytes, profile);
  // Once more with length, checksum and end made right, so that the fields are reached.
  if (size < 1 || size > kMaxData) return 0;
  Header header;
  header.control = data[0];
  std::array<std::byte, kMaxFrame> frame;
  const Written written = WriteLink(header, bytes.subspan(1), 0, frame);
  for (const Profile& profile : profiles) Check(Bytes(frame).first(written.size), profile);
  return 0;
}

// Any bytes as one CJ/T 188 frame. Both readers take the same frames, and what can be written again
// must be the same bytes.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "libs/protocols/cjt188/message.h"

namespace {

using namespace karez::protocols;          // NOLINT: a program of one function
using namespace karez::protocols::cjt188;  // NOLINT

Profile MakeProfile(bool other) {
  Profile profile;
  SeriesSpec series;
  series.identifier = 0xD500;
  series.has_status = true;
  profile.series.push_back(series);
  if (other) {
    profile.di_order = DiOrder::kLowFirst;
    profile.clock_order = ClockOrder::kHighFirst;
    profile.edition = Edition::k2004;
  }
  return profile;
}

void Check(Bytes frame, const Profile& profile) {
  Message message;
  Observation observation;
  const bool read = ParseMessage(frame, profile, message).ok();
  if (read != Decode(frame, profile, observation).ok()) std::abort();
  if (!read) return;
  std::array<std::byte, kMaxFrame> again;
  const Written written = WriteMessage(message, profile, 0, again);
  if (!written.error.ok()) return;
  if (!std::equal(frame.begin(), frame.end(), again.begin(),
                  again.begin() + static_cast<ptrdiff_t>(written.size))) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Profile profiles[] = {MakeProfile(false), MakeProfile(true)};
  const Bytes bytes = std::as_bytes(std::span(data, size));
  for (const Profile& profile : profiles) Check(bytes, profile);
  // Once more with length, checksum and end made right, so that the fields are reached.
  if (size < 3 || size > kMaxData) return 0;
  Header header;
  header.control = data[0];
  std::array<std::byte, kMaxFrame> frame;
  const Written written = WriteLink(header, bytes.subspan(1), 0, frame);
  for (const Profile& profile : profiles) Check(Bytes(frame).first(written.size), profile);
  return 0;
}

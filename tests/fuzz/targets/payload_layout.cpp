// Any bytes by layouts of every form in both byte orders: what is read must be written again as the
// same bytes.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "libs/protocols/payload/message.h"

namespace {

using namespace karez::protocols;           // NOLINT: a program of one function
using namespace karez::protocols::payload;  // NOLINT

constexpr std::pair<Form, uint16_t> kForms[] = {
    {Form::kUnsigned, 1}, {Form::kUnsigned, 4}, {Form::kUnsigned, 8},  {Form::kSigned, 2},
    {Form::kSigned, 8},   {Form::kBcd, 4},      {Form::kBcd, 8},       {Form::kText, 9},
    {Form::kBytes, 5},    {Form::kUnixTime, 4}, {Form::kClock, 6},     {Form::kClock, 7},
    {Form::kClockBcd, 6}, {Form::kClockBcd, 7}, {Form::kClockText, 12}};

Layout MakeLayout(ByteOrder order) {
  Layout layout;
  layout.match = {order == ByteOrder::kBig ? std::byte{1} : std::byte{0}};
  layout.size = 1;
  for (const auto& [form, size] : kForms) {
    FieldSpec field;
    field.name = "field";
    field.form = form;
    field.offset = layout.size;
    field.size = size;
    field.order = order;
    if (form == Form::kUnsigned && size == 1) field.role = Role::kStatus;
    if (form == Form::kUnixTime) field.role = Role::kDeviceTime;
    if (form == Form::kText) field.role = Role::kDeviceId;
    if (form == Form::kBcd) field.measure.emplace();
    layout.fields.push_back(field);
    layout.size = static_cast<uint16_t>(layout.size + size);
  }
  SeriesSpec series;
  series.offset = layout.size;
  series.bits = order == ByteOrder::kBig ? 16 : 7;
  series.count = 8;
  series.order = order;
  layout.size = static_cast<uint16_t>(layout.size + series.size());
  layout.series = series;
  return layout;
}

Profile MakeProfile() {
  Profile profile;
  profile.layouts = {MakeLayout(ByteOrder::kLittle), MakeLayout(ByteOrder::kBig)};
  return profile;
}

Profile MakeFramed() {
  Profile profile;
  Frame& frame = profile.frame.emplace();
  frame.start = {std::byte{0x68}};
  frame.wake_up = {std::byte{0xFE}};
  frame.end = std::byte{0x16};
  frame.length_offset = 1;
  Layout& layout = profile.layouts.emplace_back();
  layout.size = 8;
  FieldSpec& field = layout.fields.emplace_back();
  field.name = "field";
  field.form = Form::kBytes;
  field.offset = 3;
  field.size = 2;
  return profile;
}

void CheckFramed(Bytes bytes) {
  static const Profile profile = MakeFramed();
  Message message;
  if (!ParsePayload(bytes, profile, {}, message).ok()) return;
  std::array<std::byte, 8> again;
  if (!WritePayload(message, again).error.ok()) std::abort();
  if (!std::equal(message.bytes.begin(), message.bytes.end(), again.begin())) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* input, size_t size) {
  static const Profile profile = MakeProfile();
  const Bytes bytes = std::as_bytes(std::span(input, size));
  CheckFramed(bytes);
  Message message;
  if (!ParsePayload(bytes, profile, {}, message).ok()) return 0;
  Observation observation;
  Observe(message, observation);
  std::array<std::byte, 256> again;
  const Written written = WritePayload(message, again);
  if (!written.error.ok()) std::abort();
  // A text may be filled up with blanks where we write zeros.
  for (size_t i = 0; i < message.values.size(); ++i) {
    if (message.layout->fields[i].form != Form::kText) continue;
    const Place place = message.values[i].place;
    for (size_t b = place.offset; b < size_t{place.offset} + place.length; ++b) {
      if (bytes[b] == std::byte{' '}) return 0;
    }
  }
  if (!std::equal(bytes.begin(), bytes.end(), again.begin(),
                  again.begin() + static_cast<ptrdiff_t>(written.size))) {
    std::abort();
  }
  return 0;
}

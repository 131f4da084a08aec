// decode(encode(v)) = v and encode(decode(x)) = x, for every kind of frame with random values.
#include <array>
#include <random>

#include <gtest/gtest.h>

#include "libs/protocols/bcd.h"
#include "libs/protocols/dlt645/message.h"
#include "libs/protocols/tests/rounds.h"

namespace karez::protocols::dlt645 {
namespace {

struct Shape {
  uint8_t control;
  uint32_t identifier;
  size_t length;
};

constexpr Shape kShapes[] = {
    {0x11, 0x00010000, 0},  {0x11, 0x06000001, 5},  {0x11, 0x06000001, 10}, {0x91, 0x00000000, 0},
    {0x91, 0x00020C0C, 0},  {0x91, 0x0001FF00, 24}, {0x91, 0x000100FF, 56}, {0x91, 0x01010000, 0},
    {0x91, 0x0102FF01, 44}, {0x91, 0x02010100, 0},  {0x91, 0x0202FF00, 13}, {0x91, 0x0203FF00, 16},
    {0xB1, 0x0206FF00, 10}, {0x91, 0x020A01FF, 46}, {0x91, 0x02800002, 0},  {0x91, 0x04000101, 0},
    {0x91, 0x04000102, 0},  {0x91, 0x0400010C, 0},  {0x91, 0x04000106, 0},  {0x91, 0x04000401, 0},
    {0x91, 0x04000403, 0},  {0x91, 0x040005FF, 18}, {0x91, 0x04000B01, 0},  {0x12, 0x03300001, 0},
    {0x92, 0x03300001, 60}, {0x13, 0, 0},           {0x93, 0, 0},           {0x14, 0x04000401, 18},
    {0x94, 0, 0},           {0x15, 0, 0},           {0x95, 0, 0},           {0x08, 0, 0},
    {0x16, 0, 0},           {0x17, 0, 0},           {0x97, 0, 0},           {0x18, 0x04000C02, 0},
    {0x98, 0, 0},           {0x19, 0, 0},           {0x1A, 0, 0},           {0x1B, 0, 0},
    {0x1C, 0, 0},           {0x9C, 0, 0},           {0xD1, 0, 0},           {0x01, 0x9010, 0},
    {0x81, 0x9010, 0},      {0x81, 0x941F, 22},     {0x81, 0xA010, 0},      {0x81, 0xB010, 0},
    {0x81, 0xB61F, 8},      {0xA1, 0xB63F, 11},     {0x81, 0xC010, 0},      {0x81, 0xC011, 0},
    {0x81, 0xC032, 0},      {0x02, 0x9010, 0},      {0x82, 0x9010, 30},     {0x03, 0, 0},
    {0x83, 0x9010, 6},      {0x04, 0xC032, 12},     {0x84, 0, 0},           {0x0A, 0, 0},
    {0x8A, 0, 0},           {0x0C, 0, 0},           {0x0F, 0, 0},           {0x10, 0, 0},
    {0xC1, 0, 0},
};

class RandomMessage {
 public:
  explicit RandomMessage(uint64_t seed) : random_(seed) {
    for (std::byte& b : noise_) b = static_cast<std::byte>(random_());
  }

  uint64_t Below(uint64_t bound) { return random_() % bound; }

  bool Fill(Message& message) {
    for (size_t i = 0; i < message.fields.size(); ++i) {
      const Form form = message.fields[i].spec->form;
      const bool may_be_empty =
          form != Form::kHex && form != Form::kByte && form != Form::kText && form != Form::kBytes;
      if (may_be_empty && Below(16) == 0) continue;  // stays "no value"
      if (!FillField(message, i)) return false;
    }
    return true;
  }

 private:
  bool FillField(Message& message, size_t index) {
    const Field& field = message.fields[index];
    const size_t size = field.place.length;
    switch (field.spec->form) {
      case Form::kBcd:  // all nines mean "no value"
        return SetValue(message, index, static_cast<int64_t>(Below(kPowersOfTen[2 * size] - 1)));
      case Form::kSignedBcd: {
        const auto digits = static_cast<int64_t>(Below(8 * kPowersOfTen[2 * size - 1]));
        return SetValue(message, index, Below(2) == 0 ? digits : -digits);
      }
      case Form::kHex:
      case Form::kByte:
        return SetValue(message, index, static_cast<int64_t>(Below(uint64_t{1} << 8 * size)));
      case Form::kText:
      case Form::kBytes:
        return SetBytes(message, index, Bytes(noise_).subspan(Below(100), size));
      default:
        return SetTime(message, index, RandomTime(field.spec->form),
                       static_cast<uint8_t>(HasWeekday(field.spec->form) ? Below(7) : 0));
    }
  }

  static bool HasWeekday(Form form) { return form == Form::kDate || form == Form::kWeekClock; }

  LocalTime RandomTime(Form form) {
    LocalTime time = {2000, 1, 1};
    if (form != Form::kTime) {
      time = {static_cast<uint16_t>(2000 + Below(99)), static_cast<uint8_t>(1 + Below(12)),
              static_cast<uint8_t>(1 + Below(28))};
    }
    if (form == Form::kDate) return time;
    time.hour = static_cast<uint8_t>(Below(24));
    time.minute = static_cast<uint8_t>(Below(60));
    if (form != Form::kMoment) time.second = static_cast<uint8_t>(Below(60));
    return time;
  }

  std::mt19937_64 random_;
  std::array<std::byte, 512> noise_;
};

void ExpectSame(const Message& sent, const Message& read) {
  ASSERT_EQ(read.kind, sent.kind);
  ASSERT_EQ(read.identifier, sent.identifier);
  ASSERT_EQ(read.header.address, sent.header.address);
  ASSERT_EQ(read.fields.size(), sent.fields.size());
  for (size_t i = 0; i < sent.fields.size(); ++i) {
    const Field& want = sent.fields[i];
    const Field& got = read.fields[i];
    ASSERT_EQ(got.spec, want.spec);
    ASSERT_EQ(got.part, want.part);
    ASSERT_EQ(got.rejected, want.rejected) << want.spec->name;
    ASSERT_EQ(got.value, want.value) << want.spec->name;
    if (got.rejected) continue;
    ASSERT_EQ(got.time, want.time) << want.spec->name;
    ASSERT_EQ(got.weekday, want.weekday) << want.spec->name;
  }
}

TEST(Dlt645RoundTripTest, EveryFrameComesBackAsItWasWritten) {
  RandomMessage random(645);
  const int rounds = Rounds(100'000);
  for (int round = 0; round < rounds; ++round) {
    const Shape& shape = kShapes[random.Below(std::size(kShapes))];
    Address address;
    for (size_t i = 0; i < Address::kSize; ++i) {
      address.digits = address.digits << 8 | static_cast<uint64_t>(random.Below(256));
    }
    Message sent;
    const Error started =
        StartMessage({}, address, shape.control, shape.identifier, shape.length, sent);
    ASSERT_TRUE(started.ok()) << Name(started.fault) << " control " << int{shape.control};
    ASSERT_TRUE(random.Fill(sent)) << "control " << int{shape.control};
    std::array<std::byte, kMaxFrame> frame;
    const Written first = WriteMessage(sent, 0, frame);
    ASSERT_TRUE(first.error.ok()) << Name(first.error.fault) << " at " << first.error.position;

    Message read;
    const Error error = ParseMessage(Bytes(frame).first(first.size), {}, read);
    ASSERT_TRUE(error.ok()) << Name(error.fault) << " at " << error.position;
    ASSERT_NO_FATAL_FAILURE(ExpectSame(sent, read)) << "control " << int{shape.control};

    std::array<std::byte, kMaxFrame> again;
    const Written second = WriteMessage(read, 0, again);
    ASSERT_TRUE(second.error.ok());
    ASSERT_TRUE(std::equal(frame.begin(), frame.begin() + static_cast<ptrdiff_t>(first.size),
                           again.begin(), again.begin() + static_cast<ptrdiff_t>(second.size)));
  }
}

}  // namespace
}  // namespace karez::protocols::dlt645

// decode(encode(v)) = v and encode(decode(x)) = x, for every kind of frame with random values.
#include <array>
#include <random>

#include <gtest/gtest.h>

#include "libs/protocols/cjt188/message.h"
#include "libs/protocols/tests/rounds.h"

namespace karez::protocols::cjt188 {
namespace {

struct Shape {
  uint8_t control;
  uint16_t identifier;
  size_t length;
};

constexpr Shape kShapes[] = {
    {0x01, 0x901F, 0},  {0x01, 0xD120, 0},  {0x01, 0x8102, 0},  {0x01, 0xD305, 0},
    {0x01, 0xD500, 0},  {0x03, 0x810A, 0},  {0x09, 0x8106, 0},  {0x81, 0x901F, 22},
    {0x81, 0x901F, 46}, {0x81, 0x901F, 9},  {0x81, 0x901F, 43}, {0x81, 0xD120, 8},
    {0xA1, 0xD12B, 8},  {0x81, 0xD2FF, 26}, {0x81, 0xD400, 26}, {0x81, 0x8102, 18},
    {0x81, 0x8103, 4},  {0x81, 0x8104, 4},  {0x81, 0x8105, 18}, {0x89, 0x8106, 4},
    {0x83, 0x810A, 3},  {0x83, 0x810A, 10}, {0x81, 0x903F, 8},  {0x81, 0x904F, 6},
    {0x81, 0x905F, 6},  {0x81, 0x906F, 6},  {0x81, 0x907F, 10}, {0x04, 0xA017, 4},
    {0x2A, 0xA017, 4},  {0x04, 0xA010, 18}, {0x04, 0xA011, 4},  {0x04, 0xA012, 4},
    {0x04, 0xA013, 8},  {0x04, 0xA014, 12}, {0x04, 0xA015, 10}, {0x04, 0xA019, 3},
    {0x15, 0xA018, 10}, {0x16, 0xA016, 8},  {0x04, 0xA103, 20}, {0x84, 0xA017, 3},
    {0x84, 0xA017, 4},  {0x84, 0xA017, 5},  {0xAA, 0xA017, 5},  {0x95, 0xA018, 3},
    {0x96, 0xA016, 4},  {0xC1, 0, 2},       {0xC4, 0, 3},       {0x81, 0xD500, 0},
    {0x81, 0xD501, 0},
};

class RandomMessage {
 public:
  explicit RandomMessage(uint64_t seed) : random_(seed) {
    for (std::byte& b : noise_) b = static_cast<std::byte>(random_());
  }

  uint64_t Below(uint64_t bound) { return random_() % bound; }

  void Fill(Message& message) {
    for (Field& field : message.fields) {
      if (Below(16) == 0 && field.spec->form != Form::kBytes) continue;  // stays "no value"
      field.rejected = false;
      FillField(field);
    }
    if (message.series == nullptr) return;
    uint64_t bound = 1;
    for (int digit = 0; digit < 2 * message.series->width; ++digit) bound *= 10;
    for (int64_t& increment : message.increments) {
      increment = Below(20) == 0 ? kAbsent : static_cast<int64_t>(Below(bound));
    }
  }

 private:
  void FillField(Field& field) {
    uint64_t bound = 1;
    switch (field.spec->form) {
      case Form::kVolume:
      case Form::kScaled:
        field.unit_code = static_cast<uint8_t>(Below(256));
        field.value = static_cast<int64_t>(Below(99999999));  // 99999999 means "no value"
        break;
      case Form::kAmount:
      case Form::kBcd:
        for (int digit = 0; digit < 2 * field.place.length; ++digit) bound *= 10;
        field.value = static_cast<int64_t>(Below(field.place.length > 2 ? bound - 1 : bound));
        break;
      case Form::kClock:
      case Form::kDate:
        field.time = {static_cast<uint16_t>(2000 + Below(100)), static_cast<uint8_t>(1 + Below(12)),
                      static_cast<uint8_t>(1 + Below(28))};
        if (field.spec->form == Form::kDate) break;
        field.time.hour = static_cast<uint8_t>(Below(24));
        field.time.minute = static_cast<uint8_t>(Below(60));
        field.time.second = static_cast<uint8_t>(Below(60));
        break;
      case Form::kDay:
        field.value = static_cast<int64_t>(1 + Below(31));
        break;
      case Form::kStatus:
        field.value =
            static_cast<int64_t>(field.place.length == 1 ? Below(256) << 8 : Below(65536));
        break;
      case Form::kAddress:
        field.value = static_cast<int64_t>(random_() >> 8);
        break;
      case Form::kByte:
        field.value = static_cast<int64_t>(Below(256));
        break;
      case Form::kBytes:
        field.bytes = Bytes(noise_).subspan(Below(64), field.place.length);
        break;
    }
  }

  std::mt19937_64 random_;
  std::array<std::byte, 128> noise_;
};

// A status, a plain byte and an address have no "no value": every content is one.
bool AlwaysHasValue(Form form) {
  return form == Form::kStatus || form == Form::kByte || form == Form::kAddress ||
         form == Form::kBytes;
}

void ExpectSame(const Message& sent, const Message& read) {
  ASSERT_EQ(read.kind, sent.kind);
  ASSERT_EQ(read.identifier, sent.identifier);
  ASSERT_EQ(read.ser, sent.ser);
  ASSERT_EQ(read.more_follows, sent.more_follows);
  ASSERT_EQ(read.header.address, sent.header.address);
  ASSERT_EQ(read.fields.size(), sent.fields.size());
  for (size_t i = 0; i < sent.fields.size(); ++i) {
    const Field& want = sent.fields[i];
    const Field& got = read.fields[i];
    ASSERT_EQ(got.spec, want.spec);
    if (want.rejected && AlwaysHasValue(want.spec->form)) continue;
    ASSERT_EQ(got.rejected, want.rejected) << want.spec->name;
    ASSERT_EQ(got.value, want.value) << want.spec->name;
    ASSERT_EQ(got.unit_code, want.unit_code) << want.spec->name;
    ASSERT_EQ(got.time, want.time) << want.spec->name;
  }
  ASSERT_EQ(read.increments.size(), sent.increments.size());
  for (size_t i = 0; i < sent.increments.size(); ++i) {
    ASSERT_EQ(read.increments[i], sent.increments[i]);
  }
}

TEST(Cjt188RoundTripTest, EveryFrameComesBackAsItWasWritten) {
  RandomMessage random(188);
  Profile profiles[2];
  profiles[1].clock_order = ClockOrder::kHighFirst;
  profiles[1].di_order = DiOrder::kLowFirst;
  SeriesSpec hourly;
  hourly.identifier = 0xD500;
  hourly.has_status = true;
  SeriesSpec quarters;
  quarters.identifier = 0xD501;
  quarters.interval_minutes = 15;
  quarters.count = 90;
  quarters.width = 1;
  quarters.has_base = false;
  for (Profile& profile : profiles) {
    profile.series.push_back(hourly);
    profile.series.push_back(quarters);
  }
  const int rounds = Rounds(100'000);
  for (int round = 0; round < rounds; ++round) {
    const Profile& profile = profiles[round % 2];
    const Shape& shape = kShapes[random.Below(std::size(kShapes))];
    Address address;
    for (size_t i = 0; i < Address::kSize; ++i) {
      address.digits = address.digits << 8 | static_cast<uint64_t>(random.Below(256));
    }
    Message sent;
    ASSERT_TRUE(StartMessage(profile, static_cast<uint8_t>(random.Below(256)), address,
                             shape.control, shape.identifier,
                             static_cast<uint8_t>(random.Below(256)), shape.length, sent)
                    .ok());
    random.Fill(sent);
    std::array<std::byte, kMaxFrame> frame;
    const Written first = WriteMessage(sent, profile, 0, frame);
    ASSERT_TRUE(first.error.ok()) << Name(first.error.fault) << " at " << first.error.position;

    Message read;
    const Error error = ParseMessage(Bytes(frame).first(first.size), profile, read);
    ASSERT_TRUE(error.ok()) << Name(error.fault) << " at " << error.position;
    ASSERT_NO_FATAL_FAILURE(ExpectSame(sent, read));

    std::array<std::byte, kMaxFrame> again;
    const Written second = WriteMessage(read, profile, 0, again);
    ASSERT_TRUE(second.error.ok());
    ASSERT_TRUE(std::equal(frame.begin(), frame.begin() + static_cast<ptrdiff_t>(first.size),
                           again.begin(), again.begin() + static_cast<ptrdiff_t>(second.size)));
  }
}

}  // namespace
}  // namespace karez::protocols::cjt188

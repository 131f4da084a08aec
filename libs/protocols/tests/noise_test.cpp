// Frames of every line protocol behind 1…99 % noise.
#include <array>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "libs/protocols/codec.h"
#include "libs/protocols/tests/hex.h"

namespace karez::protocols {
namespace {

constexpr std::pair<Protocol, std::string_view> kFrames[] = {
    {Protocol::kDlt645, "68 12 90 78 56 34 12 68 91 08 33 33 34 33 89 67 45 33 54 16"},
    {Protocol::kModbusRtu, "02 03 10 12 34 56 78 00 00 41 48 00 00 00 2A FF FF 00 01 33 B9"},
    {Protocol::kModbusTcp, "00 07 00 00 00 07 11 03 04 00 8D 00 8E"}};

class LineNoiseTest : public testing::TestWithParam<std::tuple<size_t, int>> {};

TEST_P(LineNoiseTest, FramesAreFoundAndEveryByteIsAccountedFor) {
  const auto& [protocol, hex] = kFrames[std::get<0>(GetParam())];
  const int percent = std::get<1>(GetParam());
  const std::vector<std::byte> frame = FromHex(hex);
  const size_t mean =
      frame.size() * static_cast<size_t>(percent) / static_cast<size_t>(100 - percent);
  constexpr size_t kSent = 2000;
  std::mt19937_64 random(static_cast<uint64_t>(percent));
  Framer<MeterProbe> framer(MeterProbe{protocol});
  size_t found = 0;
  const auto drain = [&] {
    while (const auto next = framer.Next()) {
      if (std::equal(frame.begin(), frame.end(), next->frame.begin(), next->frame.end())) ++found;
    }
  };
  const auto push = [&](Bytes bytes) {
    while (!bytes.empty()) {
      bytes = bytes.subspan(framer.Push(bytes));
      drain();
    }
  };
  for (size_t i = 0; i < kSent; ++i) {
    for (size_t noise = random() % (2 * mean + 1); noise > 0; --noise) {
      // Every fourth byte of noise is one of a frame.
      const std::byte b =
          random() % 4 == 0 ? frame[random() % frame.size()] : static_cast<std::byte>(random());
      push(Bytes(&b, 1));
    }
    push(frame);
  }
  framer.Flush();
  drain();
  EXPECT_GE(found * 1000, kSent * 999);
  EXPECT_EQ(framer.counts().frame_bytes + framer.counts().garbage_bytes, framer.counts().bytes);
  EXPECT_EQ(framer.pending(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Percent, LineNoiseTest,
                         testing::Combine(testing::Range(size_t{0}, std::size(kFrames)),
                                          testing::Values(1, 25, 50, 90, 99)));

}  // namespace
}  // namespace karez::protocols

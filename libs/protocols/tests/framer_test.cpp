#include <array>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "libs/protocols/cjt188/link.h"
#include "libs/protocols/codec.h"
#include "libs/protocols/tests/hex.h"

namespace karez::protocols {
namespace {

using Stream = std::vector<std::byte>;

struct Result {
  std::vector<std::string> frames;
  StreamCounts counts;
};

// Reads `stream` in packets of random size up to `max_packet`.
Result Read(const Stream& stream, size_t max_packet, uint64_t seed) {
  std::mt19937_64 random(seed);
  Framer<cjt188::Probe> framer;
  Result result;
  const auto drain = [&] {
    while (const auto found = framer.Next()) {
      result.frames.emplace_back(reinterpret_cast<const char*>(found->frame.data()),
                                 found->frame.size());
    }
  };
  for (Bytes rest = stream; !rest.empty();) {
    Bytes packet = rest.first(std::min<size_t>(rest.size(), 1 + random() % max_packet));
    rest = rest.subspan(packet.size());
    while (!packet.empty()) {
      packet = packet.subspan(framer.Push(packet));
      drain();
    }
  }
  framer.Flush();
  drain();
  EXPECT_EQ(framer.pending(), 0u);
  result.counts = framer.counts();
  return result;
}

void Append(Stream& stream, Bytes bytes) {
  stream.insert(stream.end(), bytes.begin(), bytes.end());
}

Stream ReadingFrame(std::mt19937_64& random) {
  Stream frame = FromHex(
      "68 10 44 33 22 11 00 33 78 81 16 1F 90 00 00 77 66 55 2C 00 77 66 55 2C 31 01 22 11 05 15 "
      "20 "
      "21 84 13 16");
  unsigned sum = 0;
  for (size_t i = 2; i < 9; ++i) frame[i] = static_cast<std::byte>(random());
  for (size_t i = 0; i + 2 < frame.size(); ++i) sum += std::to_integer<unsigned>(frame[i]);
  frame[frame.size() - 2] = static_cast<std::byte>(sum);
  return frame;
}

struct NoisyStream {
  Stream bytes;
  size_t frames = 0;
};

// Frames with noise between them, `percent` of all bytes; every fourth noise byte is one that
// frames begin with, a wake-up byte or an end.
NoisyStream MakeNoise(int percent, size_t frames, uint64_t seed) {
  std::mt19937_64 random(seed);
  constexpr std::byte kLikely[] = {std::byte{0x68}, std::byte{0xFE}, std::byte{0x16},
                                   std::byte{0x10}};
  NoisyStream stream;
  for (size_t i = 0; i < frames; ++i) {
    const Stream frame = ReadingFrame(random);
    const size_t mean =
        frame.size() * static_cast<size_t>(percent) / static_cast<size_t>(100 - percent);
    const size_t noise = random() % (2 * mean + 1);
    for (size_t n = 0; n < noise; ++n) {
      stream.bytes.push_back(random() % 4 == 0 ? kLikely[random() % 4]
                                               : static_cast<std::byte>(random()));
    }
    Append(stream.bytes, frame);
    ++stream.frames;
  }
  return stream;
}

class NoiseTest : public testing::TestWithParam<int> {};

TEST_P(NoiseTest, FramesAreFoundAndEveryByteIsAccountedFor) {
  const NoisyStream stream = MakeNoise(GetParam(), 5000, static_cast<uint64_t>(GetParam()));
  const Result result = Read(stream.bytes, 700, 1);
  EXPECT_GE(result.frames.size() * 1000, stream.frames * 999);
  EXPECT_EQ(result.counts.bytes, stream.bytes.size());
  EXPECT_EQ(result.counts.frame_bytes + result.counts.garbage_bytes, result.counts.bytes);
  EXPECT_EQ(result.counts.frames, result.frames.size());
}

INSTANTIATE_TEST_SUITE_P(Percent, NoiseTest, testing::Values(1, 10, 25, 50, 75, 90, 99));

TEST(FramerTest, ResultDoesNotDependOnHowTheStreamIsCut) {
  const NoisyStream stream = MakeNoise(60, 300, 7);
  const Result whole = Read(stream.bytes, 100000, 1);
  for (const size_t packet : {1u, 2u, 13u, 200u, 3000u}) {
    const Result cut = Read(stream.bytes, packet, packet);
    EXPECT_EQ(cut.frames, whole.frames);
    EXPECT_EQ(cut.counts.garbage_bytes, whole.counts.garbage_bytes);
    EXPECT_EQ(cut.counts.checksum_failures, whole.counts.checksum_failures);
  }
}

TEST(FramerTest, FrameWithWrongChecksumIsCountedAndSearched) {
  std::mt19937_64 random(3);
  Stream broken = ReadingFrame(random);
  broken[20] ^= std::byte{1};
  Stream stream = broken;
  const Stream good = ReadingFrame(random);
  Append(stream, good);
  const Result result = Read(stream, 100, 1);
  EXPECT_EQ(result.counts.checksum_failures, 1u);
  EXPECT_EQ(result.counts.garbage_bytes, broken.size());
  EXPECT_EQ(result.frames.size(), 1u);
}

TEST(FramerTest, FrameInsideABrokenOneIsFound) {
  std::mt19937_64 random(4);
  // A head that promises 22 bytes of data, cut off by a whole frame.
  Stream stream = FromHex("68 10 44 33 22 11 00 33 78 81 16 1F 90");
  const Stream good = ReadingFrame(random);
  Append(stream, good);
  EXPECT_EQ(Read(stream, 5, 1).frames.size(), 1u);
}

TEST(FramerTest, HalfAFrameWaitsAndIsGarbageOnceTheLineIsSilent) {
  std::mt19937_64 random(5);
  const Stream frame = ReadingFrame(random);
  Framer<cjt188::Probe> framer;
  framer.Push(Bytes(frame).first(20));
  EXPECT_FALSE(framer.Next());
  EXPECT_EQ(framer.pending(), 20u);
  framer.Push(Bytes(frame).subspan(20));
  EXPECT_TRUE(framer.Next());

  framer.Push(Bytes(frame).first(20));
  framer.Flush();
  EXPECT_FALSE(framer.Next());
  EXPECT_EQ(framer.pending(), 0u);
  EXPECT_EQ(framer.counts().garbage_bytes, 20u);
  framer.Push(frame);
  EXPECT_TRUE(framer.Next());
}

TEST(FramerTest, BufferAlwaysTakesMoreOnceItIsDrained) {
  const Stream heads(100000, std::byte{0x68});
  EXPECT_EQ(Read(heads, 100000, 1).counts.garbage_bytes, heads.size());
}

TEST(SplitFramesTest, GivesEachFrameAndTheAccount) {
  std::mt19937_64 random(6);
  Stream stream = FromHex("FE FE");
  Append(stream, ReadingFrame(random));
  Append(stream, ReadingFrame(random));
  stream.push_back(std::byte{0x68});
  size_t frames = 0;
  const StreamCounts counts = SplitFrames(stream, MeterProbe{}, [&](Bytes) { ++frames; });
  EXPECT_EQ(frames, 2u);
  EXPECT_EQ(counts.frame_bytes, 70u);
  EXPECT_EQ(counts.garbage_bytes, 3u);
  EXPECT_EQ(counts.bytes, stream.size());
}

}  // namespace
}  // namespace karez::protocols

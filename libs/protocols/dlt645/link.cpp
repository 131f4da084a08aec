#include "libs/protocols/dlt645/link.h"

#include <algorithm>
#include <cstring>

#include "libs/protocols/bcd.h"
#include "libs/protocols/checksum.h"
#include "libs/protocols/hex_text.h"

namespace karez::protocols::dlt645 {
namespace {

constexpr std::byte kStart{0x68};
constexpr std::byte kEnd{0x16};
constexpr std::byte kWakeUp{0xFE};
constexpr uint8_t kOffset = 0x33;
constexpr size_t kAddressAt = 1;
constexpr size_t kSecondStartAt = 7;
constexpr size_t kControlAt = 8;
constexpr size_t kLengthAt = 9;

}  // namespace

bool Address::Parse(std::string_view text, Address& out) {
  return text.size() == 2 * kSize && ParseHexNumber(text, out.digits);
}

void Address::Write(FixedText<40>& out) const {
  char* text = out.Rewrite(2 * kSize);
  StoreHex(static_cast<uint32_t>(digits >> 16), text);
  StoreHex(static_cast<uint32_t>(digits), text + 4);  // A3 and A2 once more
}

bool Address::HasWildcard() const { return digits >> 40 == 0xAA; }

bool Address::IsBroadcast() const { return IsRepeated(digits, kSize, 0x99); }

Candidate Probe::operator()(Bytes data) const {
  if (data[0] != kStart) return {};
  if (data.size() <= kSecondStartAt) return {Match::kMore};
  if (data[kSecondStartAt] != kStart) return {};
  if (data.size() <= kLengthAt) return {Match::kMore};
  const size_t length = std::to_integer<size_t>(data[kLengthAt]);
  if (length > kMaxData) return {};
  const size_t size = kMinFrame + length;
  if (data.size() < size) return {Match::kMore};
  if (data[size - 1] != kEnd) return {};
  if (std::to_integer<uint8_t>(data[size - 2]) != Sum8(data.first(size - 2))) {
    return {Match::kBadChecksum};
  }
  return {Match::kFrame, static_cast<uint16_t>(size)};
}

Error ParseLink(Bytes frame, Header& header, Bytes& sent) {
  const auto found = [frame](size_t at) {
    return at < frame.size() ? std::to_integer<uint32_t>(frame[at]) : 0;
  };
  if (frame.empty() || frame[0] != kStart) return {Fault::kStart, 0, 0x68, found(0)};
  if (frame.size() > kSecondStartAt && frame[kSecondStartAt] != kStart) {
    return {Fault::kStart, kSecondStartAt, 0x68, found(kSecondStartAt)};
  }
  const auto have = static_cast<uint32_t>(frame.size());
  if (frame.size() < kHeaderSize) {
    return {Fault::kShort, static_cast<uint16_t>(have), kMinFrame, have};
  }
  const uint32_t length = found(kLengthAt);
  if (length > kMaxData) return {Fault::kLength, kLengthAt, kMaxData, length};
  const size_t size = kMinFrame + length;
  if (frame.size() < size) {
    return {Fault::kShort, static_cast<uint16_t>(have), static_cast<uint32_t>(size), have};
  }
  if (frame[size - 1] != kEnd) {
    return {Fault::kEnd, static_cast<uint16_t>(size - 1), 0x16, found(size - 1)};
  }
  const uint8_t computed = Sum8(frame.first(size - 2));
  if (computed != found(size - 2)) {
    return {Fault::kChecksum, static_cast<uint16_t>(size - 2), computed, found(size - 2)};
  }
  if (frame.size() != size) {
    return {Fault::kLength, kLengthAt, static_cast<uint32_t>(have - kMinFrame), length};
  }
  header.address.digits = LoadLowFirst(frame.subspan<kAddressAt, Address::kSize>());
  header.control = std::to_integer<uint8_t>(frame[kControlAt]);
  header.length = static_cast<uint8_t>(length);
  sent = frame.subspan(kHeaderSize, length);
  return {};
}

void TakeOffset(Bytes sent, std::byte* out) {
  constexpr uint64_t kTops = 0x8080808080808080u;
  constexpr uint64_t kOffsets = 0x3333333333333333u;
  size_t i = 0;
  for (; i + 8 <= sent.size(); i += 8) {  // the top bits aside, no byte borrows from the next
    uint64_t word = 0;
    std::memcpy(&word, sent.data() + i, 8);
    word = ((word | kTops) - kOffsets) ^ (~word & kTops);
    std::memcpy(out + i, &word, 8);
  }
  for (; i < sent.size(); ++i) {
    out[i] = static_cast<std::byte>(std::to_integer<unsigned>(sent[i]) - kOffset);
  }
}

Written WriteLink(const Header& header, Bytes data, size_t wake_up_bytes,
                  std::span<std::byte> out) {
  if (data.size() > kMaxData) {
    return {{Fault::kValue, kLengthAt, kMaxData, static_cast<uint32_t>(data.size())}};
  }
  const size_t size = wake_up_bytes + kMinFrame + data.size();
  if (out.size() < size) return {{Fault::kBuffer, 0, static_cast<uint32_t>(size), 0}};
  std::fill_n(out.begin(), wake_up_bytes, kWakeUp);
  const std::span<std::byte> frame = out.subspan(wake_up_bytes, kMinFrame + data.size());
  frame[0] = kStart;
  StoreLowFirst(header.address.digits, &frame[kAddressAt], Address::kSize);
  frame[kSecondStartAt] = kStart;
  frame[kControlAt] = std::byte{header.control};
  frame[kLengthAt] = static_cast<std::byte>(data.size());
  for (size_t i = 0; i < data.size(); ++i) {
    frame[kHeaderSize + i] = static_cast<std::byte>(std::to_integer<unsigned>(data[i]) + kOffset);
  }
  frame[frame.size() - 2] = std::byte{Sum8(frame.first(frame.size() - 2))};
  frame[frame.size() - 1] = kEnd;
  return {{}, size};
}

}  // namespace karez::protocols::dlt645

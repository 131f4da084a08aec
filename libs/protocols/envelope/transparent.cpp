#include "libs/protocols/envelope/transparent.h"

namespace karez::protocols::envelope {
namespace {

bool IsIdChar(std::byte b) {
  const char c = std::to_integer<char>(b);
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool Fits(const PatternPiece& piece, size_t at, std::byte b) {
  switch (piece.kind) {
    case PatternPiece::Kind::kLiteral:
      return std::to_integer<uint8_t>(b) == piece.literal[at];
    case PatternPiece::Kind::kAsciiId:
      return IsIdChar(b);
    case PatternPiece::Kind::kAny:
    case PatternPiece::Kind::kBinaryId:
      return true;
  }
  return false;
}

}  // namespace

size_t Pattern::Length() const {
  size_t length = 0;
  for (const PatternPiece& piece : pieces) length += piece.length;
  return length;
}

Match Pattern::Test(Bytes data) const {
  if (pieces.empty()) return Match::kNo;
  size_t at = 0;
  for (const PatternPiece& piece : pieces) {
    for (size_t i = 0; i < piece.length; ++i, ++at) {
      if (at == data.size()) return Match::kMore;
      if (!Fits(piece, i, data[at])) return Match::kNo;
    }
  }
  return Match::kFrame;
}

FixedText<16> Pattern::Id(Bytes packet) const {
  constexpr char kDigits[] = "0123456789ABCDEF";
  FixedText<16> id;
  size_t at = 0;
  for (const PatternPiece& piece : pieces) {
    for (size_t i = 0; i < piece.length; ++i, ++at) {
      const auto b = std::to_integer<uint8_t>(packet[at]);
      if (piece.kind == PatternPiece::Kind::kAsciiId) {
        id.push_back(static_cast<char>(b >= 'a' && b <= 'z' ? b - 'a' + 'A' : b));
      } else if (piece.kind == PatternPiece::Kind::kBinaryId) {
        id.push_back(kDigits[b >> 4]);
        id.push_back(kDigits[b & 0xF]);
      }
    }
  }
  return id;
}

Candidate TransparentStream::Probe::operator()(Bytes data) const {
  const auto packet = [](const Pattern& pattern, Match match, Item item) {
    const size_t size = match == Match::kFrame ? pattern.Length() : 0;
    return Candidate{match, static_cast<uint16_t>(size), static_cast<uint8_t>(item)};
  };
  // The terminal's own packets go first: "heartbeat" begins with the byte that begins a frame.
  const Match registration = profile->registration.Test(data);
  if (registration != Match::kNo) {
    return packet(profile->registration, registration, Item::kRegistration);
  }
  if (!registered) return {};
  const Match heartbeat = profile->heartbeat.Test(data);
  if (heartbeat != Match::kNo) return packet(profile->heartbeat, heartbeat, Item::kHeartbeat);
  Candidate candidate = MeterProbe{profile->protocol}(data);
  candidate.tag = static_cast<uint8_t>(Item::kFrame);
  return candidate;
}

TransparentStream::TransparentStream(const TerminalProfile& profile)
    : profile_(profile), framer_(Probe{&profile, false}) {}

size_t TransparentStream::Push(Bytes bytes) {
  const size_t taken = framer_.Push(bytes);
  counts_.bytes += taken;
  return taken;
}

std::optional<TransparentItem> TransparentStream::Next() {
  const uint64_t garbage_before = framer_.counts().garbage_bytes;
  const std::optional<Found> found = framer_.Next();
  const uint64_t garbage = framer_.counts().garbage_bytes - garbage_before;
  (registered_ ? counts_.garbage_bytes : counts_.unregistered_bytes) += garbage;
  counts_.checksum_failures = framer_.counts().checksum_failures;
  if (!found) return std::nullopt;
  TransparentItem item{static_cast<Item>(found->tag), found->frame, {}};
  if (item.item == Item::kFrame) {
    ++counts_.frames;
    counts_.frame_bytes += item.bytes.size();
    return item;
  }
  counts_.envelope_bytes += item.bytes.size();
  if (item.item == Item::kRegistration) {
    item.terminal = profile_.registration.Id(item.bytes);
    registered_ = true;
    framer_.probe().registered = true;
  }
  return item;
}

}  // namespace karez::protocols::envelope

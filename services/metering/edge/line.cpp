#include "services/metering/edge/line.h"

#include "libs/protocols/codec.h"

namespace karez::metering::edge {
namespace {

namespace env = protocols::envelope;
using protocols::Bytes;
using protocols::Candidate;
using protocols::Match;

// Tags of what a probe finds; transparent registrations are kProfile + place in the catalogue.
enum Tag : std::uint8_t { kEnvelopeTag, kHeartbeatTag, kFrameTag, kRegistrationTag, kProfile };

Candidate Packet(const env::Pattern& pattern, Match match, std::uint8_t tag) {
  const std::size_t size = match == Match::kFrame ? pattern.Length() : 0;
  return {match, static_cast<std::uint16_t>(size), tag};
}

std::string ToString(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

Candidate Line::Probe::operator()(Bytes data) const {
  switch (mode) {
    case Mode::kOpen:
      return Open(data);
    case Mode::kEnvelope:
      return env::Probe{}(data);
    case Mode::kTransparent:
      break;
  }
  return Transparent(data);
}

// A terminal of any kind may register. A whole packet wins over one that may still become whole.
Candidate Line::Probe::Open(Bytes data) const {
  Candidate best = env::Probe{}(data);
  best.tag = kEnvelopeTag;
  if (best.match == Match::kFrame) return best;
  std::uint8_t tag = kProfile;
  for (const auto& candidate : profiles->terminals()) {
    const Match match = candidate.acknowledged ? Match::kNo : candidate.registration.Test(data);
    if (match == Match::kFrame) return Packet(candidate.registration, match, tag);
    if (match == Match::kMore) best.match = Match::kMore;
    ++tag;
  }
  return best;
}

Candidate Line::Probe::Transparent(Bytes data) const {
  // The terminal's own packets go first: a heartbeat may begin with the byte that begins a frame.
  if (const Match match = profile->registration.Test(data); match != Match::kNo) {
    return Packet(profile->registration, match, kRegistrationTag);
  }
  if (const Match match = profile->heartbeat.Test(data); match != Match::kNo) {
    return Packet(profile->heartbeat, match, kHeartbeatTag);
  }
  Candidate candidate = protocols::MeterProbe{profile->protocol}(data);
  candidate.tag = kFrameTag;
  return candidate;
}

Line::Line(const protocols::ProfileCatalogue& profiles)
    : framer_(Probe{Mode::kOpen, &profiles, nullptr}) {}

std::size_t Line::Push(Bytes bytes) {
  if (!refused_) return framer_.Push(bytes);
  account_.unregistered_bytes += static_cast<std::int64_t>(bytes.size());
  return bytes.size();
}

std::optional<LineEvent> Line::Next() {
  while (!deciding_ && !refused_) {
    const auto found = framer_.Next();
    const auto& counts = framer_.counts();
    const auto garbage = static_cast<std::int64_t>(counts.garbage_bytes - seen_.garbage_bytes);
    const Mode mode = probe().mode;
    (mode == Mode::kOpen ? account_.unregistered_bytes : account_.garbage_bytes) += garbage;
    account_.checksum_failures +=
        static_cast<std::int64_t>(counts.checksum_failures - seen_.checksum_failures);
    seen_ = counts;
    if (!found) return std::nullopt;
    auto event = mode == Mode::kOpen       ? OnOpen(*found)
                 : mode == Mode::kEnvelope ? OnEnvelope(found->frame)
                                           : OnTransparent(*found);
    if (event) return event;
  }
  return std::nullopt;
}

std::optional<LineEvent> Line::OnOpen(const protocols::Found& found) {
  LineEvent event;
  event.kind = LineEvent::Kind::kRegister;
  if (found.tag == kEnvelopeTag) {
    env::RegisterPayload payload;
    if (!env::Decode(found.frame, event.message).ok() ||
        event.message.type != env::Type::kRegister ||
        !env::DecodeRegister(event.message.payload, payload).ok()) {
      account_.unregistered_bytes += static_cast<std::int64_t>(found.frame.size());
      return std::nullopt;
    }
    event.message.payload = {};
    event.terminal = std::string(event.message.terminal.Text().view());
    terminal_ = event.message.terminal;
    wanted_ = Mode::kEnvelope;
  } else {
    wanted_profile_ = &probe().profiles->terminals()[found.tag - kProfile];
    event.terminal_kind = domain::Terminal::Kind::kTransparent;
    event.profile = wanted_profile_;
    event.terminal = std::string(wanted_profile_->registration.Id(found.frame).view());
    number_ = event.terminal;
    wanted_ = Mode::kTransparent;
  }
  registration_bytes_ = found.frame.size();
  deciding_ = true;
  return event;
}

void Line::Accept() {
  deciding_ = false;
  account_.envelope_bytes += static_cast<std::int64_t>(registration_bytes_);
  framer_.probe().mode = wanted_;
  framer_.probe().profile = wanted_profile_;
}

void Line::Refuse() {
  if (deciding_) account_.unregistered_bytes += static_cast<std::int64_t>(registration_bytes_);
  deciding_ = false;
  refused_ = true;
  account_.unregistered_bytes += static_cast<std::int64_t>(framer_.pending());
}

std::optional<LineEvent> Line::OnEnvelope(Bytes bytes) {
  env::Message message;
  const bool known = env::Decode(bytes, message).ok();
  const bool mine = known && message.terminal == terminal_;
  if (known && message.type == env::Type::kData) {
    account_.envelope_bytes += static_cast<std::int64_t>(env::kOverhead);
    if (mine) return Data(message);
    account_.garbage_bytes += static_cast<std::int64_t>(message.payload.size());
    return std::nullopt;
  }
  account_.envelope_bytes += static_cast<std::int64_t>(bytes.size());
  if (!mine || message.type == env::Type::kAcknowledge) return std::nullopt;
  LineEvent event;
  event.kind = LineEvent::Kind::kHeartbeat;
  event.message = message;
  event.message.payload = {};
  return event;
}

LineEvent Line::Data(const env::Message& message) {
  LineEvent event;
  event.kind = LineEvent::Kind::kData;
  event.message = message;
  event.message.payload = {};
  const auto counts =
      protocols::SplitFrames(message.payload, protocols::MeterProbe{},
                             [&](Bytes frame) { event.frames.push_back(ToString(frame)); });
  account_.frames += static_cast<std::int64_t>(counts.frames);
  account_.frame_bytes += static_cast<std::int64_t>(counts.frame_bytes);
  account_.garbage_bytes += static_cast<std::int64_t>(counts.garbage_bytes);
  account_.checksum_failures += static_cast<std::int64_t>(counts.checksum_failures);
  return event;
}

std::optional<LineEvent> Line::OnTransparent(const protocols::Found& found) {
  LineEvent event;
  const auto size = static_cast<std::int64_t>(found.frame.size());
  if (found.tag != kFrameTag) {
    account_.envelope_bytes += size;
    const bool foreign =
        found.tag == kRegistrationTag &&
        probe().profile->registration.Id(found.frame).view() != std::string_view(number_);
    event.kind = foreign ? LineEvent::Kind::kForeign : LineEvent::Kind::kHeartbeat;
    return event;
  }
  account_.frame_bytes += size;
  ++account_.frames;
  if (protocols::IsRequest(probe().profile->protocol, found.frame)) return std::nullopt;
  event.kind = LineEvent::Kind::kFrame;
  event.frames.push_back(ToString(found.frame));
  return event;
}

domain::ByteAccount Line::TakeAccount() {
  const domain::ByteAccount out = account_;
  account_ = {};
  return out;
}

}  // namespace karez::metering::edge

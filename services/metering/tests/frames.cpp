#include "services/metering/tests/frames.h"

#include <span>

#include "libs/base/assert.h"
#include "libs/protocols/cjt188/message.h"

namespace karez::metering::testing {
namespace {

namespace env = protocols::envelope;
namespace cjt188 = protocols::cjt188;

constexpr std::uint8_t kCubicMetre = 0x2C;
// Identifier, SER, two volumes with unit, clock, status.
constexpr std::size_t kReadingLength = 22;

std::string Text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

cjt188::Message StartAnswer(const std::string& address, std::uint16_t identifier,
                            std::size_t length = 0) {
  cjt188::Address wire;
  KAREZ_ASSERT(cjt188::Address::Parse(address, wire));
  cjt188::Message message;
  KAREZ_ASSERT(cjt188::StartMessage(Profiles().FindMeter(kProfile)->cjt188, 0x10, wire, 0x81,
                                    identifier, 1, length, message)
                   .ok());
  return message;
}

std::string Write(const cjt188::Message& message) {
  std::array<std::byte, 256> out;
  const auto written =
      cjt188::WriteMessage(message, Profiles().FindMeter(kProfile)->cjt188, 0, out);
  KAREZ_ASSERT(written.error.ok());
  return Text(std::span(out).first(written.size));
}

std::string Encode(env::Type type, const std::string& terminal, std::uint32_t sequence,
                   std::string_view payload) {
  env::Message message;
  message.type = type;
  KAREZ_ASSERT(env::TerminalId::Parse(terminal, message.terminal));
  message.sequence = sequence;
  message.payload = std::as_bytes(std::span(payload));
  std::array<std::byte, env::kMaxMessage> out;
  const auto written = env::Encode(message, out);
  KAREZ_ASSERT(written.error.ok());
  return Text(std::span(out).first(written.size));
}

}  // namespace

const protocols::ProfileCatalogue& Profiles() {
  static const auto profiles = protocols::ProfileCatalogue::BuiltIn();
  return profiles;
}

std::string ReadingFrame(const std::string& address, std::int64_t current, std::int64_t settled,
                         const std::optional<protocols::LocalTime>& clock, bool valve_open) {
  cjt188::Message message = StartAnswer(address, 0x901F, kReadingLength);
  cjt188::SetValue(message, "current", current, kCubicMetre);
  cjt188::SetValue(message, "settlement", settled, kCubicMetre);
  if (clock) cjt188::SetTime(message, "meter_time", *clock);
  cjt188::SetValue(message, "status", valve_open ? 0x0000 : 0x0100);
  return Write(message);
}

std::string DayFrame(const std::string& address, const protocols::LocalTime& day,
                     const std::array<std::int64_t, 24>& litres) {
  cjt188::Message message = StartAnswer(address, 0xD500);
  cjt188::SetTime(message, "day", day);
  cjt188::SetValue(message, "base", 100, kCubicMetre);
  cjt188::SetValue(message, "status", 0);
  message.increments.clear();
  for (const std::int64_t value : litres) message.increments.push_back(value);
  return Write(message);
}

std::string RegisterMessage(const std::string& terminal, std::uint32_t sequence) {
  env::TerminalId id;
  KAREZ_ASSERT(env::TerminalId::Parse(terminal, id));
  std::array<std::byte, env::kMaxMessage> out;
  const auto written = env::EncodeRegister(id, sequence, {1, {}}, out);
  KAREZ_ASSERT(written.error.ok());
  return Text(std::span(out).first(written.size));
}

std::string HeartbeatMessage(const std::string& terminal, std::uint32_t sequence) {
  return Encode(env::Type::kHeartbeat, terminal, sequence, {});
}

std::string DataMessage(const std::string& terminal, std::uint32_t sequence,
                        const std::string& frames) {
  return Encode(env::Type::kData, terminal, sequence, frames);
}

std::vector<testing::Answer> Answers(const std::string& bytes) {
  std::vector<testing::Answer> out;
  protocols::SplitFrames(std::as_bytes(std::span(bytes)), env::Probe{},
                         [&](protocols::Bytes frame) {
                           env::Message message;
                           env::AcknowledgePayload payload;
                           KAREZ_ASSERT(env::Decode(frame, message).ok());
                           KAREZ_ASSERT(env::DecodeAcknowledge(message.payload, payload).ok());
                           out.push_back({message.sequence, payload.acknowledged, payload.outcome});
                         });
  return out;
}

}  // namespace karez::metering::testing

#include "libs/protocols/sl651/message.h"
#include "libs/protocols/sl651/parts.h"

namespace karez::protocols::sl651 {
namespace {

constexpr size_t kStationSize = 5;
constexpr size_t kEventBytes = 64;
constexpr size_t kTimeStepSize = 3;
constexpr size_t kRainHour = 12;   // bytes of an hour's rain
constexpr size_t kLevelHour = 24;  // and of an hour's levels

uint8_t At(Bytes bytes, size_t offset) { return std::to_integer<uint8_t>(bytes[offset]); }

// Downlink bodies that name what they ask for, without values.
bool Asks(const Header& header) {
  if (!header.down) return false;
  switch (static_cast<Function>(header.function)) {
    case Function::kQueryPeriod:
    case Function::kQueryElements:
    case Function::kGetBasic:
    case Function::kGetRunning:
    case Function::kInitialise:
    case Function::kFactoryReset:
      return true;
    default:
      return false;
  }
}

Item::Type SeriesType(uint8_t identifier, size_t width, bool stepped) {
  if (identifier == 0xF4 && width == kRainHour) return Item::Type::kRainSeries;
  if (identifier >= 0xF5 && identifier <= 0xFC && width == kLevelHour) {
    return Item::Type::kLevelSeries;
  }
  return stepped ? Item::Type::kSeries : Item::Type::kElement;
}

}  // namespace

bool ItemReader::Stop(size_t at) {
  trailing_ = message_.body.subspan(at);
  at_ = message_.body.size();
  return false;
}

bool ItemReader::Take(Item::Type type, size_t skip, size_t size, Item& out) {
  if (message_.body.size() < at_ + skip + size) return Stop(at_);
  out.type = type;
  out.value = message_.body.subspan(at_ + skip, size);
  out.size = skip + size;
  at_ += out.size;
  return true;
}

bool ItemReader::TakeRest(Item::Type type, size_t skip, Item& out) {
  return Take(type, skip, message_.body.size() - at_ - skip, out);
}

bool ItemReader::Next(Item& out) {
  const Bytes body = message_.body;
  if (at_ == body.size()) return false;
  if (ended_) return Stop(at_);
  out = Item{};
  out.offset = at_;
  if (!message_.has_preamble) {
    if (message_.header.stx != kStxPackets) return Stop(at_);
    const bool picture = function() == Function::kPicture;
    return TakeRest(picture ? Item::Type::kPicture : Item::Type::kContinued, 0, out);
  }
  if (body.size() >= at_ + 2) {
    for (const std::byte mark : {kTimeMark, kStationMark, kManualMark, kPictureMark}) {
      if (HasMark(body, at_, mark)) return NextMarked(mark, out);
    }
    if (At(body, at_) == 0xFD && At(body, at_ + 1) == 0xF6) {
      return TakeRest(Item::Type::kVelocities, 2, out);
    }
  }
  return NextOfFunction(out);
}

bool ItemReader::NextMarked(std::byte mark, Item& out) {
  if (mark == kManualMark) return TakeRest(Item::Type::kManual, 2, out);
  if (mark == kPictureMark) return TakeRest(Item::Type::kPicture, 2, out);
  if (mark == kStationMark) {
    const size_t size = kStationSize + (HasCategory(message_.header) ? 1 : 0);
    return Take(Item::Type::kStation, 2, size, out);
  }
  if (!Take(Item::Type::kObservationTime, 2, 5, out)) return false;
  out.time_valid = ReadTime(out.value, out.time);
  return true;
}

// Bodies of a form of their own, or elements.
bool ItemReader::NextOfFunction(Item& out) {
  const size_t left = message_.body.size() - at_;
  const uint8_t first = At(message_.body, at_);
  switch (function()) {
    case Function::kVersion:
      if (message_.header.down) break;
      return left == size_t{1} + first ? TakeRest(Item::Type::kVersion, 1, out) : Stop(at_);
    case Function::kEvents:
      if (message_.header.down || left != kEventBytes) break;
      return TakeRest(Item::Type::kEvents, 0, out);
    case Function::kPumpSwitch:
    case Function::kValveSwitch:
      return left == size_t{1} + first ? TakeRest(Item::Type::kSwitches, 1, out) : Stop(at_);
    case Function::kGateSwitch:
      if (left != size_t{1} + (first + 7u) / 8 + 2u * first) return Stop(at_);
      out.count = first;
      return TakeRest(Item::Type::kGates, 1, out);
    case Function::kQuota:
      return left == 1 ? TakeRest(Item::Type::kQuota, 0, out) : Stop(at_);
    default:
      break;
  }
  return NextElement(out);
}

bool ItemReader::NextElement(Item& out) {
  const Bytes body = message_.body;
  const size_t left = body.size() - at_;
  out.identifier = At(body, at_);
  const size_t head = out.identifier == 0xFF ? 3 : 2;
  if (left < head) return Stop(at_);
  if (head == 3) out.extension = At(body, at_ + 1);
  const uint8_t definition = At(body, at_ + head - 1);
  out.width = definition >> 3;
  out.decimals = definition & 7;
  const bool basic = function() == Function::kSetBasic || function() == Function::kGetBasic;
  if (basic && out.identifier == kRelayParameter) {
    out.width = definition;
    out.decimals = 0;
  }
  const bool period = function() == Function::kUniform || function() == Function::kQueryPeriod;
  const bool step = period && out.identifier == kTimeStep && out.width == kTimeStepSize;
  // A query names elements; only its time step carries a value.
  if (Asks(message_.header) && !step) return Take(Item::Type::kAsked, head, 0, out);
  size_t size = out.width;
  if (stepped_ && size > 0) size = (left - head) / size * size;
  if (!Take(SeriesType(out.identifier, out.width, stepped_), head, size, out)) return false;
  ended_ = stepped_;
  stepped_ = step && !message_.header.down;
  return true;
}

}  // namespace karez::protocols::sl651

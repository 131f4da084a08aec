#include "libs/protocols/coap/block.h"

#include <algorithm>
#include <cstring>

namespace karez::protocols::coap {

std::optional<Block> ReadBlock(Bytes option_value) {
  if (option_value.size() > 3) return std::nullopt;
  const uint32_t value = *ReadUint(option_value);
  if ((value & 7) == 7) return std::nullopt;
  return Block{value >> 4, (value & 8) != 0, static_cast<uint8_t>(value & 7)};
}

uint32_t BlockOption(const Block& block) {
  return block.number << 4 | (block.more ? 8u : 0u) | block.size_exponent;
}

std::optional<Bytes> BlockOf(Bytes body, const Block& wanted, Block& sent) {
  if (wanted.offset() >= body.size() && wanted.number != 0) return std::nullopt;
  const auto offset = static_cast<size_t>(wanted.offset());
  const size_t size = std::min<size_t>(wanted.size(), body.size() - offset);
  sent = wanted;
  sent.more = offset + size < body.size();
  return body.subspan(offset, size);
}

BlockAssembler::Step BlockAssembler::Accept(const Block& block, Bytes payload) {
  if (payload.size() > block.size() || (block.more && payload.size() != block.size())) {
    return Step::kBad;
  }
  const uint64_t offset = block.offset();
  const bool repeated =
      offset + payload.size() <= size_ && (offset < size_ || complete_) &&
      (payload.empty() || std::memcmp(room_.data() + offset, payload.data(), payload.size()) == 0);
  if (repeated) return Step::kDuplicate;
  if (block.number == 0) Restart();
  if (offset != size_ || complete_) return Step::kIncomplete;
  if (payload.size() > room_.size() - size_) return Step::kTooLarge;
  if (!payload.empty()) std::memcpy(room_.data() + size_, payload.data(), payload.size());
  size_ += payload.size();
  size_exponent_ = block.size_exponent;
  complete_ = !block.more;
  return complete_ ? Step::kComplete : Step::kContinue;
}

Block BlockAssembler::Next() const {
  return {static_cast<uint32_t>(size_ >> (size_exponent_ + 4)), false, size_exponent_};
}

void BlockAssembler::Restart() {
  size_ = 0;
  complete_ = false;
}

}  // namespace karez::protocols::coap

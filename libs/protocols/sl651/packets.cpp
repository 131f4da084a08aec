#include "libs/protocols/sl651/packets.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace karez::protocols::sl651 {

size_t PacketJoiner::PlaceOf(size_t index) const {
  return std::transform_reduce(
      sizes_.begin(), sizes_.begin() + static_cast<ptrdiff_t>(index), size_t{0}, std::plus<>{},
      [](uint16_t size) { return size == kAbsentSize ? size_t{0} : size_t{size}; });
}

bool PacketJoiner::MayBe(size_t index, Bytes body) const {
  if (sizes_[index] == kAbsentSize) return true;
  return std::ranges::equal(memory_.subspan(PlaceOf(index), sizes_[index]), body);
}

PacketJoiner::State PacketJoiner::Add(const Header& header, Bytes body) {
  if (header.stx != kStxPackets || header.packet == 0 || header.packet > header.packets ||
      header.packets > kMaxPackets) {
    return State::kRefused;
  }
  const size_t index = header.packet - 1u;
  const bool same_message = header.packets == header_.packets &&
                            header.station == header_.station &&
                            header.function == header_.function;
  if (!same_message || !MayBe(index, body)) {
    sizes_.fill(kAbsentSize);
    size_ = 0;
    found_ = 0;
  }
  if (sizes_[index] == kAbsentSize) {
    if (memory_.size() - size_ < body.size()) return State::kRefused;
    const size_t at = PlaceOf(index);
    const auto begin = memory_.begin() + static_cast<ptrdiff_t>(at);
    const auto end = memory_.begin() + static_cast<ptrdiff_t>(size_);
    std::copy_backward(begin, end, end + static_cast<ptrdiff_t>(body.size()));
    std::copy(body.begin(), body.end(), begin);
    sizes_[index] = static_cast<uint16_t>(body.size());
    size_ += body.size();
    ++found_;
  }
  header_ = header;
  header_.packet = 1;
  return found_ == header.packets ? State::kComplete : State::kMore;
}

uint16_t PacketJoiner::missing() const {
  const auto end = sizes_.begin() + header_.packets;
  return static_cast<uint16_t>(std::find(sizes_.begin(), end, kAbsentSize) - sizes_.begin() + 1);
}

}  // namespace karez::protocols::sl651

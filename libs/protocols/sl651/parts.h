// What the readers of bodies share. Internal to this codec.
#pragma once

#include "libs/protocols/fixed.h"
#include "libs/protocols/sl651/message.h"

namespace karez::protocols::sl651 {

inline constexpr std::byte kTimeMark{0xF0};
inline constexpr std::byte kStationMark{0xF1};
inline constexpr std::byte kManualMark{0xF2};
inline constexpr std::byte kPictureMark{0xF3};

inline bool HasMark(Bytes body, size_t at, std::byte mark) {
  return body.size() >= at + 2 && body[at] == mark && body[at + 1] == mark;
}

// YY MM DD [hh [mm [ss]]], BCD.
bool ReadTime(Bytes bytes, LocalTime& out);

// Whether reports of this function name the station's category behind its address.
bool HasCategory(const Header& header);

}  // namespace karez::protocols::sl651

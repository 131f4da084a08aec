// Who sent the bytes, for protocols whose frames do not tell it.
#pragma once

#include <cstdint>

namespace karez::protocols {

enum class Direction : uint8_t { kUnknown, kRequest, kResponse };

}  // namespace karez::protocols

// What all LwM2M content formats say, in one form: a list of resource values with their paths.
// Plain values; views belong to the content that was read.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/lwm2m/model.h"
#include "libs/protocols/observation.h"

namespace karez::protocols::lwm2m {

// Reserved by the OMA: stands for "which object is not told".
inline constexpr uint16_t kNoObject = 65535;

// /object/instance/resource/resource instance; only the first `depth` ids count.
struct Path {
  std::array<uint16_t, 4> ids{};
  uint8_t depth = 0;

  // "/3/0/9", "3/0/9", "/": false for anything else, and for ids above 65534.
  static bool Parse(std::string_view text, Path& out);
  Path Child(uint16_t id) const;  // unchanged at depth 4
  bool StartsWith(const Path& parent) const;
  FixedText<40> Text() const;  // "/3/0/9"

  uint16_t object() const { return depth > 0 ? ids[0] : kNoObject; }
  uint16_t resource() const { return ids[2]; }  // of a path of depth 3 or 4
  friend bool operator==(const Path& a, const Path& b) {
    return a.depth == b.depth && a.ids == b.ids;
  }
};

struct Value {
  Type type = Type::kUnknown;
  int64_t integer = 0;  // integers, booleans (0, 1), times (s), object links (object << 16 | inst.)
  double real = 0;      // kFloat
  Bytes bytes;          // kString, kOpaque, kUnknown
};

struct Entry {
  Path path;  // depth 3, or 4 for an instance of a multiple resource
  Value value;
  // Bytes that are no value of the resource's type: keep them, use no value.
  bool rejected = false;
  RejectReason reason = RejectReason::kOutOfRange;
  int64_t time_ms = kAbsent;  // since 1970 UTC as stated; below 2^28 s relative to now (RFC 8428)
  Place place;                // in the content; length 0 in texts
};

inline constexpr size_t kMaxEntries = 96;
using Entries = FixedVector<Entry, kMaxEntries>;

inline constexpr size_t kMaxPaths = 32;
using Paths = FixedVector<Path, kMaxPaths>;

struct Written {
  Error error;
  size_t size = 0;
};

// Ascending by path, and all below `base`: what the writers of this library want.
bool AreOrdered(std::span<const Entry> entries, const Path& base);

}  // namespace karez::protocols::lwm2m

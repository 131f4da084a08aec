// LwM2M TLV (content format 11542; 1.0 section 6.4.3, 1.1 section 7.4.3).
//
//   type byte tt i ll nnn | identifier (1 or 2 bytes) | length (0…3 bytes) | value
//   tt 00 object instance, 01 resource instance, 10 multiple resource, 11 resource
//
// Pure functions without allocation, safe from any thread.
#pragma once

#include <cstddef>
#include <span>

#include "libs/protocols/lwm2m/node.h"

namespace karez::protocols::lwm2m {

// Reads the content at `base`, the path that was asked for (an object, an instance, a resource, or
// an instance of one). Values get the type that the tables know; of an object that is not told
// (Path{} or kNoObject) all stay kUnknown. An object's resources without an instance around them
// belong to instance 0.
// kShort        a part reaches over the end of its parent
// kIdentifier   an element that is not `base`, or of a kind that cannot stand there (`found`: the
//               type byte)
// kLength       more than kMaxEntries values
[[nodiscard]] Error ReadTlv(Bytes content, const Path& base, Entries& out);

// `bytes` as a value of that type; false when they cannot be one.
bool ReadTlvValue(Bytes bytes, Type type, Value& out);

// Writes ordered entries (see AreOrdered) below `base`, numbers in as few bytes as possible: object
// instances around the resources when `base` is an object. kValue: entries out of order, rejected,
// or of depth 4 where `base` is a single resource; kBuffer.
[[nodiscard]] Written WriteTlv(std::span<const Entry> entries, const Path& base,
                               std::span<std::byte> out);

}  // namespace karez::protocols::lwm2m

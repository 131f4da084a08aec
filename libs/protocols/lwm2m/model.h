// The LwM2M objects that water meters use, as data: which type a resource has decides how its bytes
// are read. From the OMA registry (objects 0–7, 19, 3424, 3425, 10250, 10266–10277).
// Constant tables, safe from any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace karez::protocols::lwm2m {

enum class Type : uint8_t {
  kUnknown,  // no table knows the resource: bytes stay bytes
  kNone,     // executable
  kString,
  kInteger,
  kUnsigned,
  kFloat,
  kBoolean,
  kOpaque,
  kTime,        // seconds since 1970 UTC
  kObjectLink,  // object and instance, 16 bits each
};

struct ResourceSpec {
  uint16_t id = 0;
  std::string_view name;
  Type type = Type::kUnknown;
  bool multiple = false;
};

struct ObjectSpec {
  uint16_t id = 0;
  std::string_view name;
  std::span<const ResourceSpec> resources;
};

// In the order in which an object without a path is guessed.
std::span<const ObjectSpec> Objects();

// Null when no table knows it.
const ObjectSpec* FindObject(uint16_t object);
const ResourceSpec* FindResource(uint16_t object, uint16_t resource);

// kUnknown when no table knows the resource.
Type TypeOf(uint16_t object, uint16_t resource);

}  // namespace karez::protocols::lwm2m

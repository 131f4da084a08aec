// Values of the platforms' JSON. Internal to platforms/.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "libs/protocols/json/document.h"
#include "libs/protocols/platforms/message.h"

namespace karez::protocols::platforms {

// The number as decimal digits in `room`.
std::string_view NumberText(int64_t number, std::array<char, 24>& room);

// "20151212T121212Z", "2015-12-12T12:12:12.000Z", and both without Z: milliseconds since 1970 UTC.
std::optional<int64_t> ReadTime(std::string_view text);

// A value as a property; objects and lists are kOther.
Property PropertyOf(std::string_view service, std::string_view name, const json::Value& value);

// Empty when it is missing, no text, or one of the texts that stand for nothing ("undefined").
std::string_view KnownText(const json::Value& value);

// Appends, or notes that there was no room.
void AddProperty(const Property& property, PlatformMessage& out);

}  // namespace karez::protocols::platforms

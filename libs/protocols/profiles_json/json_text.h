// Values of the inner model as JSON. Internal to this library.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/observation.h"
#include "libs/protocols/profile.h"

namespace karez::protocols {

using Json = nlohmann::ordered_json;

std::string Hex(Bytes bytes);                       // "90 1F"
std::string HexNumber(uint64_t value, int digits);  // "901F"
std::string Decimal(int64_t raw, int exponent);     // raw × 10^exponent, exact: "2.00"
std::string DateText(const LocalTime& time);        // "2026-10-01"
std::string TimeText(const LocalTime& time);        // "2026-10-01T00:00:00"
std::string Lower(std::string_view text);

// {"name", "offset", "length", "hex"} of a part of `frame`.
Json PlaceJson(std::string_view name, Bytes frame, size_t offset, size_t length);

// What is wrong, in the words of the fact sheet's vectors: "reason", and for a checksum
// "computed_cs" and "published_cs" of `digits` hex digits.
Json FaultJson(const Error& error, size_t offset, int digits);

// The explanation of exactly one frame whose link layer fits.
Json DescribeCjt188(const MeterProfile& profile, Bytes frame, size_t offset);

// As DescribeFrame, before it is turned into text.
Json DescribeFrameJson(const MeterProfile& profile, Bytes bytes);

}  // namespace karez::protocols

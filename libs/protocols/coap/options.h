// CoAP option and content-format numbers (IANA registry "CoRE Parameters").
#pragma once

#include <cstdint>
#include <string_view>

#include "libs/protocols/coap/message.h"

namespace karez::protocols::coap {

namespace option {
inline constexpr uint16_t kIfMatch = 1;
inline constexpr uint16_t kUriHost = 3;
inline constexpr uint16_t kETag = 4;
inline constexpr uint16_t kIfNoneMatch = 5;
inline constexpr uint16_t kObserve = 6;
inline constexpr uint16_t kUriPort = 7;
inline constexpr uint16_t kLocationPath = 8;
inline constexpr uint16_t kUriPath = 11;
inline constexpr uint16_t kContentFormat = 12;
inline constexpr uint16_t kMaxAge = 14;
inline constexpr uint16_t kUriQuery = 15;
inline constexpr uint16_t kAccept = 17;
inline constexpr uint16_t kLocationQuery = 20;
inline constexpr uint16_t kBlock2 = 23;
inline constexpr uint16_t kBlock1 = 27;
inline constexpr uint16_t kSize2 = 28;
inline constexpr uint16_t kProxyUri = 35;
inline constexpr uint16_t kProxyScheme = 39;
inline constexpr uint16_t kSize1 = 60;
}  // namespace option

namespace content_format {
inline constexpr uint16_t kText = 0;
inline constexpr uint16_t kLink = 40;
inline constexpr uint16_t kOctetStream = 42;
inline constexpr uint16_t kJson = 50;
inline constexpr uint16_t kCbor = 60;
inline constexpr uint16_t kSenmlJson = 110;
inline constexpr uint16_t kSenmlCbor = 112;
inline constexpr uint16_t kLwm2mTlv = 11542;
inline constexpr uint16_t kLwm2mJson = 11543;
}  // namespace content_format

enum class OptionForm : uint8_t { kEmpty, kOpaque, kUint, kText, kBlock };

struct OptionSpec {
  uint16_t number;
  std::string_view name;  // "uri_path"
  OptionForm form;
  uint16_t min_length;
  uint16_t max_length;
  bool repeatable;
  bool is_list;  // shown as a list even when it stands once: paths and queries
};

// Null for a number that is not in the registry.
const OptionSpec* FindOptionSpec(uint16_t number);

// Section 5.4.1: odd numbers must be understood, even ones may be ignored.
constexpr bool IsCritical(uint16_t number) { return (number & 1) != 0; }

// Known, of legal length, and not repeated where it must not be. What is not recognised is ignored
// when elective and refused (4.02, or a reset) when critical.
bool IsRecognised(const Option& option, bool seen_before);

// The first critical option that is not recognised: answer 4.02 Bad Option. Empty: none.
std::optional<uint16_t> FindBadOption(const Message& message);

// Media type of a content format, "application/vnd.oma.lwm2m+tlv"; empty when unknown.
std::string_view ContentFormatName(uint32_t content_format);

}  // namespace karez::protocols::coap

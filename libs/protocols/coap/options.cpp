#include "libs/protocols/coap/options.h"

#include <algorithm>
#include <iterator>

namespace karez::protocols::coap {
namespace {

using Form = OptionForm;

// RFC 7252 table 4, 7641, 7959, 7967, 8613, 8768, 9175, 9177; ascending.
constexpr OptionSpec kOptions[] = {
    {1, "if_match", Form::kOpaque, 0, 8, true, false},
    {3, "uri_host", Form::kText, 1, 255, false, false},
    {4, "etag", Form::kOpaque, 1, 8, true, false},
    {5, "if_none_match", Form::kEmpty, 0, 0, false, false},
    {6, "observe", Form::kUint, 0, 3, false, false},
    {7, "uri_port", Form::kUint, 0, 2, false, false},
    {8, "location_path", Form::kText, 0, 255, true, true},
    {9, "oscore", Form::kOpaque, 0, 255, false, false},
    {11, "uri_path", Form::kText, 0, 255, true, true},
    {12, "content_format", Form::kUint, 0, 2, false, false},
    {14, "max_age", Form::kUint, 0, 4, false, false},
    {15, "uri_query", Form::kText, 0, 255, true, true},
    {16, "hop_limit", Form::kUint, 1, 1, false, false},
    {17, "accept", Form::kUint, 0, 2, false, false},
    {19, "q_block1", Form::kBlock, 0, 3, false, false},
    {20, "location_query", Form::kText, 0, 255, true, true},
    {23, "block2", Form::kBlock, 0, 3, false, false},
    {27, "block1", Form::kBlock, 0, 3, false, false},
    {28, "size2", Form::kUint, 0, 4, false, false},
    {31, "q_block2", Form::kBlock, 0, 3, true, false},
    {35, "proxy_uri", Form::kText, 1, 1034, false, false},
    {39, "proxy_scheme", Form::kText, 1, 255, false, false},
    {60, "size1", Form::kUint, 0, 4, false, false},
    {252, "echo", Form::kOpaque, 1, 40, false, false},
    {258, "no_response", Form::kUint, 0, 1, false, false},
    {292, "request_tag", Form::kOpaque, 0, 8, true, false},
};

struct CodeText {
  Code code;
  std::string_view name;
};

constexpr CodeText kCodes[] = {
    {MakeCode(0, 0), "Empty"},
    {MakeCode(0, 1), "GET"},
    {MakeCode(0, 2), "POST"},
    {MakeCode(0, 3), "PUT"},
    {MakeCode(0, 4), "DELETE"},
    {MakeCode(0, 5), "FETCH"},
    {MakeCode(0, 6), "PATCH"},
    {MakeCode(0, 7), "iPATCH"},
    {MakeCode(2, 1), "Created"},
    {MakeCode(2, 2), "Deleted"},
    {MakeCode(2, 3), "Valid"},
    {MakeCode(2, 4), "Changed"},
    {MakeCode(2, 5), "Content"},
    {MakeCode(2, 31), "Continue"},
    {MakeCode(4, 0), "Bad Request"},
    {MakeCode(4, 1), "Unauthorized"},
    {MakeCode(4, 2), "Bad Option"},
    {MakeCode(4, 3), "Forbidden"},
    {MakeCode(4, 4), "Not Found"},
    {MakeCode(4, 5), "Method Not Allowed"},
    {MakeCode(4, 6), "Not Acceptable"},
    {MakeCode(4, 8), "Request Entity Incomplete"},
    {MakeCode(4, 9), "Conflict"},
    {MakeCode(4, 12), "Precondition Failed"},
    {MakeCode(4, 13), "Request Entity Too Large"},
    {MakeCode(4, 15), "Unsupported Content-Format"},
    {MakeCode(4, 22), "Unprocessable Entity"},
    {MakeCode(4, 29), "Too Many Requests"},
    {MakeCode(5, 0), "Internal Server Error"},
    {MakeCode(5, 1), "Not Implemented"},
    {MakeCode(5, 2), "Bad Gateway"},
    {MakeCode(5, 3), "Service Unavailable"},
    {MakeCode(5, 4), "Gateway Timeout"},
    {MakeCode(5, 5), "Proxying Not Supported"},
    {MakeCode(5, 8), "Hop Limit Reached"},
};

struct FormatText {
  uint32_t number;
  std::string_view name;
};

constexpr FormatText kFormats[] = {
    {0, "text/plain;charset=utf-8"},
    {40, "application/link-format"},
    {41, "application/xml"},
    {42, "application/octet-stream"},
    {47, "application/exi"},
    {50, "application/json"},
    {60, "application/cbor"},
    {110, "application/senml+json"},
    {112, "application/senml+cbor"},
    {1541, "text/plain (vnd.oma.lwm2m, before 1.0)"},
    {1542, "application/vnd.oma.lwm2m+tlv (before 1.0)"},
    {1543, "application/vnd.oma.lwm2m+json (before 1.0)"},
    {11542, "application/vnd.oma.lwm2m+tlv"},
    {11543, "application/vnd.oma.lwm2m+json"},
    {11544, "application/vnd.oma.lwm2m+cbor"},
};

}  // namespace

const OptionSpec* FindOptionSpec(uint16_t number) {
  const auto* found = std::lower_bound(
      std::begin(kOptions), std::end(kOptions), number,
      [](const OptionSpec& spec, uint16_t wanted) { return spec.number < wanted; });
  return found != std::end(kOptions) && found->number == number ? found : nullptr;
}

bool IsRecognised(const Option& option, bool seen_before) {
  const OptionSpec* spec = FindOptionSpec(option.number);
  return spec != nullptr && option.value.size() >= spec->min_length &&
         option.value.size() <= spec->max_length && (spec->repeatable || !seen_before);
}

std::optional<uint16_t> FindBadOption(const Message& message) {
  OptionReader reader(message.options);
  Option option;
  int before = -1;
  while (reader.Next(option)) {
    if (IsCritical(option.number) && !IsRecognised(option, option.number == before)) {
      return option.number;
    }
    before = option.number;
  }
  return std::nullopt;
}

std::string_view CodeName(Code code) {
  for (const CodeText& known : kCodes) {
    if (known.code == code) return known.name;
  }
  return "";
}

std::string_view ContentFormatName(uint32_t content_format) {
  for (const FormatText& known : kFormats) {
    if (known.number == content_format) return known.name;
  }
  return "";
}

}  // namespace karez::protocols::coap

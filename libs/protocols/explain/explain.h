// Explains what a device sent to people: every field of a frame with its place, or exactly what is
// wrong with it, as JSON. Behind `frame-decode`, the decode page, the goldens and the examples of
// meter profiles. Allocates; never for the hot path. Pure functions, safe from any thread.
//
// The names in the JSON are listed in libs/protocols/README.md.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "libs/protocols/direction.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/profile.h"

namespace karez::protocols {

using Json = nlohmann::ordered_json;

struct Question {
  std::string protocol;  // as in Explainers(), or "auto"
  // As the asker gave it: hexadecimal bytes (see ParseHex), or JSON for a protocol that is text.
  std::string content = {};
  const MeterProfile* profile = nullptr;  // null: the standard's own rules; must outlive the call
  // Without a profile: those among which a device that tells its maker finds its own.
  const std::deque<MeterProfile>* known = nullptr;
  Direction direction = Direction::kUnknown;
  std::map<std::string, std::string, std::less<>> keys =
      {};                          // "app_key" → hexadecimal; tokens as text
  bool already_decrypted = false;  // the body of a frame that says it is encrypted is plain
};

// `json` is one object; `valid` repeats its member of that name: a frame was found, though its
// content may be "unsupported".
struct Explanation {
  bool valid = false;
  Json json;
};

struct Explainer {
  std::string_view protocol;   // "modbus-rtu"
  std::string_view title;      // "Modbus RTU"
  std::string_view hint = {};  // what else it takes, for those who type it
  bool is_text = false;        // JSON, not bytes
  bool needs_direction = false;
  // Frames begin and end with fixed bytes: a checksum that fails there still tells the protocol.
  bool has_marks = false;
  std::string_view keys = {};  // names that `Question::keys` may hold, comma separated; empty: none
  // `bytes` are those of the content, empty for text. Sets "valid" and all the rest.
  Json (*explain)(const Question& question, Bytes bytes);
  // Whether the content can be of this protocol at all; null: when `explain` finds it valid.
  bool (*fits)(const Question& question, Bytes bytes) = nullptr;
};

// All protocols, in the order in which people look for them.
std::span<const Explainer> Explainers();
const Explainer* FindExplainer(std::string_view protocol);  // null: not known

// Explains by the question's protocol, which must be known or "auto": then "fits" lists every
// protocol that the content can be, and when it is just one, its explanation is there, too. When
// there is none, "nearest" is the protocol of which only the checksum is wrong, beside its fault.
// Content that is no bytes or no JSON gives {"valid": false, "reason": "hex" or "json"}.
Explanation Explain(const Question& question);

// Hex digits, either case; spaces, line breaks, ':', '-' and ',' between bytes are skipped. False:
// another character, or half a byte.
bool ParseHex(std::string_view text, std::vector<std::byte>& out);

}  // namespace karez::protocols

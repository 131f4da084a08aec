#include "libs/protocols/explain/explain.h"
#include "libs/protocols/profiles_json/meter_profile.h"
#include "libs/protocols/profiles_json/reader.h"

namespace karez::protocols {
namespace {

using envelope::Pattern;
using envelope::PatternPiece;
using nlohmann::json;

constexpr size_t kMaxLiteral = sizeof(PatternPiece::literal);

void SetLiteral(ObjectReader& reader, std::string_view key, const std::vector<std::byte>& bytes,
                PatternPiece& piece) {
  if (bytes.empty() || bytes.size() > kMaxLiteral) {
    reader.Fault(key, "must be 1 to " + std::to_string(kMaxLiteral) + " bytes");
    return;
  }
  piece.kind = PatternPiece::Kind::kLiteral;
  piece.length = static_cast<uint8_t>(bytes.size());
  for (size_t i = 0; i < bytes.size(); ++i) {
    piece.literal[i] = std::to_integer<uint8_t>(bytes[i]);
  }
}

// Exactly one of: "hex", "text", "any", "ascii_id", "binary_id".
void ReadPiece(ObjectReader& reader, PatternPiece& piece) {
  int kinds = 0;
  for (const char* key : {"hex", "text", "any", "ascii_id", "binary_id"}) {
    kinds += reader.Has(key) ? 1 : 0;
  }
  if (kinds != 1) {
    reader.Fault("", "must have exactly one of: hex, text, any, ascii_id, binary_id");
  }
  if (const auto hex = reader.String("hex")) {
    std::vector<std::byte> bytes;
    if (!ParseHex(*hex, bytes)) {
      reader.Fault("hex", "must be hexadecimal bytes");
    } else {
      SetLiteral(reader, "hex", bytes, piece);
    }
  }
  if (const auto text = reader.String("text")) {
    std::vector<std::byte> bytes;
    for (const char c : *text) bytes.push_back(static_cast<std::byte>(c));
    SetLiteral(reader, "text", bytes, piece);
  }
  const auto counted = [&](const char* key, PatternPiece::Kind kind, int max) {
    if (!reader.Has(key)) return;
    piece.kind = kind;
    reader.Number(key, 1, max, piece.length);
  };
  counted("any", PatternPiece::Kind::kAny, 64);
  counted("ascii_id", PatternPiece::Kind::kAsciiId, 16);
  counted("binary_id", PatternPiece::Kind::kBinaryId, 8);
  reader.Finish();
}

void ReadPattern(ObjectReader& parent, std::string_view key, const std::string& file, Pattern& out,
                 std::vector<ProfileFault>& faults) {
  const json* list = parent.Array(key);
  if (list == nullptr) return;
  if (list->empty()) parent.Fault(key, "must have at least one piece");
  for (size_t i = 0; i < list->size(); ++i) {
    ObjectReader reader((*list)[i], std::string(key) + "[" + std::to_string(i) + "]", file, faults);
    PatternPiece piece;
    ReadPiece(reader, piece);
    if (!out.pieces.push_back(piece)) {
      parent.Fault(key, "must have at most 8 pieces");
      return;
    }
  }
}

size_t IdCharacters(const Pattern& pattern) {
  size_t characters = 0;
  for (const PatternPiece& piece : pattern.pieces) {
    if (piece.kind == PatternPiece::Kind::kAsciiId) characters += piece.length;
    if (piece.kind == PatternPiece::Kind::kBinaryId) characters += 2u * piece.length;
  }
  return characters;
}

size_t LeadingLiteral(const Pattern& pattern) {
  size_t length = 0;
  for (const PatternPiece& piece : pattern.pieces) {
    if (piece.kind != PatternPiece::Kind::kLiteral) break;
    length += piece.length;
  }
  return length;
}

// Ten letters or digits are enough too: a frame's control code, its tenth byte, is neither.
bool BeginsLikeFrame(const Pattern& pattern) {
  if (pattern.empty()) return false;
  const PatternPiece& first = pattern.pieces[0];
  if (first.kind == PatternPiece::Kind::kAsciiId) return first.length < 10;
  return first.kind != PatternPiece::Kind::kLiteral ||
         (first.literal[0] == 0x68 && LeadingLiteral(pattern) < 4);
}

void CheckTransparent(ObjectReader& reader, const envelope::TerminalProfile& profile) {
  reader.Require("registration");
  const size_t characters = IdCharacters(profile.registration);
  if (!profile.registration.empty() && (characters == 0 || characters > 16)) {
    reader.Fault("registration", "must hold the terminal's number in 1 to 16 characters");
  }
  for (const auto& [key, pattern] : {std::pair("registration", &profile.registration),
                                     std::pair("heartbeat", &profile.heartbeat)}) {
    if (pattern->Length() > Pattern::kMaxLength) {
      reader.Fault(key, "must be at most " + std::to_string(Pattern::kMaxLength) + " bytes");
    }
  }
  const char* rule =
      "must begin with fixed bytes that no meter frame begins with (at least 4 when the first is "
      "68), or with an ascii_id of at least 10";
  if (BeginsLikeFrame(profile.registration)) reader.Fault("registration", rule);
  if (BeginsLikeFrame(profile.heartbeat)) reader.Fault("heartbeat", rule);
}

}  // namespace

void ReadTerminalProfile(const json& object, const std::string& file,
                         envelope::TerminalProfile& out, std::vector<ProfileFault>& faults) {
  ObjectReader reader(object, "", file, faults);
  for (const char* key : {"name", "kind"}) reader.Require(key);
  reader.Text("name", out.name);
  reader.Choice<bool>("kind", {{"acknowledged", true}, {"transparent", false}}, out.acknowledged);
  reader.Choice<Protocol>("meter_protocol",
                          {{"cjt188", Protocol::kCjt188},
                           {"dlt645", Protocol::kDlt645},
                           {"mbus", Protocol::kMbus},
                           {"modbus-rtu", Protocol::kModbusRtu}},
                          out.protocol);
  ReadPattern(reader, "registration", file, out.registration, faults);
  ReadPattern(reader, "heartbeat", file, out.heartbeat, faults);
  reader.Finish();
  if (out.acknowledged) {
    for (const char* key : {"registration", "heartbeat"}) {
      if (reader.Has(key)) reader.Fault(key, "belongs to transparent terminals only");
    }
  } else {
    CheckTransparent(reader, out);
  }
}

}  // namespace karez::protocols

#include "services/gateway/transcode/json_tokens.h"

#include "services/gateway/transcode/utf8.h"

namespace karez::gateway::transcode {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Length of the number that starts `text`, 0 when none does.
std::size_t NumberLength(std::string_view text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t begin = i;
    while (i < text.size() && IsDigit(text[i])) ++i;
    return i > begin;
  };
  if (i < text.size() && text[i] == '-') ++i;
  if (i < text.size() && text[i] == '0') {
    ++i;
  } else if (!digits()) {
    return 0;
  }
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (!digits()) return 0;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (!digits()) return 0;
  }
  return i;
}

void AppendUtf8(unsigned code_point, std::string& out) {
  const auto tail = [&](unsigned shift) {
    out += static_cast<char>(0x80U | ((code_point >> shift) & 0x3FU));
  };
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    out += static_cast<char>(0xC0U | (code_point >> 6));
    tail(0);
  } else if (code_point < 0x10000) {
    out += static_cast<char>(0xE0U | (code_point >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | (code_point >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace

bool IsJsonNumber(std::string_view text) {
  return !text.empty() && NumberLength(text) == text.size();
}

bool JsonTokens::BadAt(const char* error) {
  if (error_ == nullptr) error_ = error;
  return false;
}

std::string JsonTokens::Describe() const {
  return std::string(error_ == nullptr ? "no error" : error_) + " at byte " + std::to_string(at_);
}

void JsonTokens::SkipSpace() {
  while (at_ < text_.size() &&
         (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
    ++at_;
  }
}

JsonTokens::Kind JsonTokens::Peek() {
  SkipSpace();
  if (failed() || at_ >= text_.size()) return Kind::kBad;
  switch (text_[at_]) {
    case '{':
      return Kind::kObject;
    case '[':
      return Kind::kArray;
    case '"':
      return Kind::kString;
    case 't':
      return Kind::kTrue;
    case 'f':
      return Kind::kFalse;
    case 'n':
      return Kind::kNull;
    default:
      return text_[at_] == '-' || IsDigit(text_[at_]) ? Kind::kNumber : Kind::kBad;
  }
}

bool JsonTokens::Enter(char open) {
  SkipSpace();
  if (failed()) return false;
  if (at_ >= text_.size() || text_[at_] != open) return BadAt("an unexpected character");
  if (depth_ == kJsonDepthMax) return BadAt("nesting deeper than 64 levels");
  ++at_;
  ++depth_;
  first_[depth_] = true;
  return true;
}

bool JsonTokens::Next(char close) {
  SkipSpace();
  if (failed()) return false;
  if (at_ < text_.size() && text_[at_] == close) {
    ++at_;
    --depth_;
    return false;
  }
  if (first_[depth_]) {
    first_[depth_] = false;
    return true;
  }
  if (at_ >= text_.size() || text_[at_] != ',') return BadAt("a missing comma or bracket");
  ++at_;
  return true;
}

bool JsonTokens::NextMember(std::string_view& name) {
  if (!Next('}')) return false;
  if (Peek() != Kind::kString) return BadAt("a missing member name");
  if (!ReadString(name)) return false;
  SkipSpace();
  if (at_ >= text_.size() || text_[at_] != ':') return BadAt("a missing colon");
  ++at_;
  return true;
}

bool JsonTokens::NextElement() { return Next(']'); }

bool JsonTokens::ReadLiteral() {
  const Kind kind = Peek();
  const std::string_view word = kind == Kind::kTrue    ? "true"
                                : kind == Kind::kFalse ? "false"
                                                       : "null";
  if (text_.substr(at_, word.size()) != word) return BadAt("an unexpected character");
  at_ += word.size();
  return true;
}

bool JsonTokens::ReadNumber(std::string_view& out) {
  SkipSpace();
  const std::size_t length = NumberLength(text_.substr(at_));
  if (length == 0) return BadAt("a malformed number");
  out = text_.substr(at_, length);
  at_ += length;
  return true;
}

bool JsonTokens::ReadString(std::string_view& out) {
  SkipSpace();
  if (at_ >= text_.size() || text_[at_] != '"') return BadAt("an unexpected character");
  ++at_;
  const std::size_t begin = at_;
  while (at_ < text_.size() && text_[at_] != '"') {
    if (static_cast<unsigned char>(text_[at_]) < 0x20) return BadAt("a bare control character");
    if (text_[at_] == '\\') {
      scratch_.assign(text_, begin, at_ - begin);
      return FinishEscapedString(out);
    }
    ++at_;
  }
  if (at_ >= text_.size()) return BadAt("a string without its end");
  out = text_.substr(begin, at_ - begin);
  if (!IsUtf8(out)) return BadAt("invalid UTF-8 in the string that ends");
  ++at_;
  return true;
}

bool JsonTokens::FinishEscapedString(std::string_view& out) {
  while (at_ < text_.size() && text_[at_] != '"') {
    if (static_cast<unsigned char>(text_[at_]) < 0x20) return BadAt("a bare control character");
    if (text_[at_] == '\\') {
      ++at_;
      if (!Escape()) return false;
    } else {
      scratch_ += text_[at_++];
    }
  }
  if (at_ >= text_.size()) return BadAt("a string without its end");
  if (!IsUtf8(scratch_)) return BadAt("invalid UTF-8 in the string that ends");
  ++at_;
  out = scratch_;
  return true;
}

bool JsonTokens::Escape() {
  static constexpr std::string_view kNames = "\"\\/bfnrt";
  static constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
  if (at_ >= text_.size()) return BadAt("a string without its end");
  const char c = text_[at_++];
  if (const std::size_t known = kNames.find(c); known != std::string_view::npos) {
    scratch_ += kValues[known];
    return true;
  }
  unsigned unit = 0;
  if (c != 'u' || !HexUnit(unit)) return BadAt("a bad escape");
  if (unit >= 0xD800 && unit <= 0xDFFF) {
    unsigned low = 0;
    if (unit > 0xDBFF || text_.substr(at_, 2) != "\\u") return BadAt("a lone surrogate");
    at_ += 2;
    if (!HexUnit(low) || low < 0xDC00 || low > 0xDFFF) return BadAt("a lone surrogate");
    unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
  }
  AppendUtf8(unit, scratch_);
  return true;
}

bool JsonTokens::HexUnit(unsigned& out) {
  if (text_.size() - at_ < 4) return false;
  out = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = text_[at_++];
    unsigned digit = 0;
    if (IsDigit(c)) {
      digit = static_cast<unsigned>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<unsigned>(c - 'a') + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<unsigned>(c - 'A') + 10;
    } else {
      return false;
    }
    out = out * 16 + digit;
  }
  return true;
}

bool JsonTokens::SkipValue() {
  std::string_view ignored;
  switch (Peek()) {
    case Kind::kString:
      return ReadString(ignored);
    case Kind::kNumber:
      return ReadNumber(ignored);
    case Kind::kTrue:
    case Kind::kFalse:
    case Kind::kNull:
      return ReadLiteral();
    case Kind::kObject:
      if (!EnterObject()) return false;
      while (NextMember(ignored)) {
        if (!SkipValue()) return false;
      }
      return !failed();
    case Kind::kArray:
      if (!EnterArray()) return false;
      while (NextElement()) {
        if (!SkipValue()) return false;
      }
      return !failed();
    case Kind::kBad:
      break;
  }
  return BadAt(at_ >= text_.size() ? "an unexpected end" : "an unexpected character");
}

bool JsonTokens::AtEnd() {
  SkipSpace();
  return at_ == text_.size();
}

}  // namespace karez::gateway::transcode

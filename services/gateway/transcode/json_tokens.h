// A strict RFC 8259 pull tokenizer over one buffer: no trailing commas, comments, single quotes,
// lone surrogates or invalid UTF-8; depth is checked as it is entered, so hostile nesting costs
// nothing. Linear time, no allocation except for strings with escapes. One thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace karez::gateway::transcode {

inline constexpr int kJsonDepthMax = 64;

class JsonTokens {
 public:
  enum class Kind { kObject, kArray, kString, kNumber, kTrue, kFalse, kNull, kBad };

  // `text` must outlive the tokenizer.
  explicit JsonTokens(std::string_view text) : text_(text) {}

  // What the next value is; consumes only white space.
  Kind Peek();

  // Each of these consumes one token and returns false on a syntax error (then failed() is true).
  bool EnterObject() { return Enter('{'); }
  bool EnterArray() { return Enter('['); }
  // The view holds until the next string is read.
  bool ReadString(std::string_view& out);
  // The digits as written, checked against the grammar.
  bool ReadNumber(std::string_view& out);
  bool ReadLiteral();  // true, false or null
  bool SkipValue();

  // After Enter…: true when there is another member (its name and colon are consumed) or element;
  // false at the end of the object or array, which is consumed, and on a syntax error.
  bool NextMember(std::string_view& name);
  bool NextElement();

  // True when only white space is left.
  bool AtEnd();

  bool failed() const { return error_ != nullptr; }
  // What was wrong, and at which byte.
  std::string Describe() const;

  std::size_t position() const { return at_; }
  // Goes back to a position where a value or member began at the current depth.
  struct Mark {
    std::size_t at;
    bool first;
  };
  Mark Save() const { return {at_, first_[depth_]}; }
  void Restore(Mark mark) {
    at_ = mark.at;
    first_[depth_] = mark.first;
  }

 private:
  bool Enter(char open);
  bool Next(char close);
  bool Escape();
  bool HexUnit(unsigned& out);
  bool FinishEscapedString(std::string_view& out);
  bool BadAt(const char* error);
  void SkipSpace();

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::array<bool, kJsonDepthMax + 1> first_{};
  const char* error_ = nullptr;
  std::string scratch_;
};

// True when `text` is one JSON number and nothing else.
bool IsJsonNumber(std::string_view text);

}  // namespace karez::gateway::transcode

// Characters of UTF-8 text. Input is valid UTF-8 (protobuf and the CSV reader refuse other bytes).
// Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace karez::accounts {

std::u32string ToCharacters(std::string_view utf8);
std::string ToUtf8(std::u32string_view characters);
std::size_t CountCharacters(std::string_view utf8);

// Without white space at both ends, the ideographic space included; inner runs become one space.
std::string CleanSpaces(std::string_view utf8);

// Line breaks, tabs and other characters that have no place in a name.
bool HasControlCharacters(std::string_view utf8);

// Full-width forms as ASCII, capitals as small letters; everything else stays: "３－A" is "3-a".
std::string Fold(std::string_view utf8);

// The form in which texts are found: full-width forms as ASCII, lower case, letters
// and digits only. "ＳＬ－００１２ " and "sl-0012" are both "sl0012".
std::string Normalise(std::string_view utf8);

}  // namespace karez::accounts

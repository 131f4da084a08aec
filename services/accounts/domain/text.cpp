#include "services/accounts/domain/text.h"

#include <algorithm>

namespace karez::accounts {
namespace {

constexpr char32_t kIdeographicSpace = 0x3000;
constexpr char32_t kNoBreakSpace = 0xA0;

bool IsSpace(char32_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == kIdeographicSpace || c == kNoBreakSpace;
}

// Full-width forms (U+FF01 to U+FF5E) stand in the order of ASCII.
char32_t FoldWidth(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFF01 + '!';
  return c == kIdeographicSpace ? U' ' : c;
}

// Latin, Greek and Cyrillic capitals; other scripts of the region have no case.
char32_t Lower(char32_t c) {
  if (c >= 'A' && c <= 'Z') return c + 32;
  if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;
  if (c >= 0x391 && c <= 0x3A9) return c + 32;
  if (c >= 0x410 && c <= 0x42F) return c + 32;
  if (c >= 0x400 && c <= 0x40F) return c + 80;
  return c;
}

bool IsWordCharacter(char32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
  if (c <= 0xBF) return false;                                        // Latin-1 signs, middle dot
  if (c >= 0x2000 && c <= 0x206F) return false;                       // general punctuation
  if (c >= 0x3000 && c <= 0x303F) return c >= 0x3005 && c <= 0x3007;  // 々 〆 〇 are letters
  if (c == 0x30FB || c == 0xFEFF) return false;                       // katakana middle dot, BOM
  return c < 0xFF5F || c > 0xFF65;                                    // half-width CJK punctuation
}

}  // namespace

std::u32string ToCharacters(std::string_view utf8) {
  std::u32string out;
  out.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i++]);
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    char32_t c = more == 3   ? lead & 0x07u
                 : more == 2 ? lead & 0x0Fu
                 : more == 1 ? lead & 0x1Fu
                             : lead;
    for (int k = 0; k < more && i < utf8.size(); ++k) {
      c = (c << 6) | (static_cast<unsigned char>(utf8[i++]) & 0x3Fu);
    }
    out += c;
  }
  return out;
}

std::string ToUtf8(std::u32string_view characters) {
  std::string out;
  out.reserve(characters.size() * 3);
  const auto append = [&out](char32_t byte) { out += static_cast<char>(byte); };
  for (const char32_t c : characters) {
    if (c < 0x80) {
      append(c);
    } else if (c < 0x800) {
      append(0xC0 | (c >> 6));
      append(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
      append(0xE0 | (c >> 12));
      append(0x80 | ((c >> 6) & 0x3F));
      append(0x80 | (c & 0x3F));
    } else {
      append(0xF0 | (c >> 18));
      append(0x80 | ((c >> 12) & 0x3F));
      append(0x80 | ((c >> 6) & 0x3F));
      append(0x80 | (c & 0x3F));
    }
  }
  return out;
}

std::size_t CountCharacters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string CleanSpaces(std::string_view utf8) {
  std::u32string out;
  bool gap = false;
  for (const char32_t c : ToCharacters(utf8)) {
    if (IsSpace(c)) {
      gap = !out.empty();
      continue;
    }
    if (gap) out += U' ';
    gap = false;
    out += c;
  }
  return ToUtf8(out);
}

bool HasControlCharacters(std::string_view utf8) {
  const auto characters = ToCharacters(utf8);
  return std::any_of(characters.begin(), characters.end(), [](char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x2028 && c <= 0x202E) || c == 0xFEFF;
  });
}

std::string Fold(std::string_view utf8) {
  std::u32string out = ToCharacters(utf8);
  for (char32_t& c : out) c = Lower(FoldWidth(c));
  return ToUtf8(out);
}

std::string Normalise(std::string_view utf8) {
  std::u32string out;
  for (const char32_t c : ToCharacters(utf8)) {
    const char32_t folded = Lower(FoldWidth(c));
    if (IsWordCharacter(folded)) out += folded;
  }
  return ToUtf8(out);
}

}  // namespace karez::accounts

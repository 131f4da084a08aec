#include "services/accounts/domain/search.h"

#include <algorithm>
#include <array>
#include <set>

#include "services/accounts/domain/text.h"

namespace karez::accounts {
namespace {

constexpr std::size_t kQueryCharactersMax = 100;
constexpr std::size_t kQueryCharactersMin = 2;
constexpr std::size_t kWordsMax = 4;
// Tokens are cut here: nobody types more, and index entries stay small.
constexpr std::size_t kTokenCharactersMax = 40;
constexpr std::size_t kLastDigits = 4;
constexpr std::size_t kSpacedNumberMin = 7;

constexpr std::array<std::string_view, 6> kNames = {"number", "meter",     "phone",
                                                    "name",   "community", "address"};
// In the order of TokenKind.
constexpr std::string_view kLetters = "nmpacd";

std::string Token(TokenKind kind, std::string_view text) {
  return std::string{kLetters[static_cast<std::size_t>(kind)], ':'} + std::string(text);
}

std::string Cut(const std::string& normalised) {
  if (CountCharacters(normalised) <= kTokenCharactersMax) return normalised;
  return ToUtf8(ToCharacters(normalised).substr(0, kTokenCharactersMax));
}

std::string DigitsOf(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out),
               [](char c) { return c >= '0' && c <= '9'; });
  return out;
}

std::string PhoneToken(const std::string& digits, const KeyedHash& hash) {
  return Token(TokenKind::kPhone, hash("customer.phone", digits));
}

std::string LastDigitsToken(const std::string& digits, const KeyedHash& hash) {
  return Token(TokenKind::kPhone, hash("customer.phone_last4", digits));
}

// Words as typed; white space of any width parts them.
std::vector<std::string> Words(std::string_view query) {
  std::vector<std::string> out;
  std::string clean = CleanSpaces(query);
  for (std::size_t begin = 0; begin < clean.size();) {
    const std::size_t end = std::min(clean.find(' ', begin), clean.size());
    std::string word = Normalise(clean.substr(begin, end - begin));
    if (!word.empty()) out.push_back(std::move(word));
    begin = end + 1;
  }
  return out;
}

// "138 0000 1234" is one phone, not three words; "12 101" stays a building and a room.
std::vector<std::string> JoinSpacedNumber(std::vector<std::string> words) {
  std::string joined;
  for (const auto& word : words) joined += word;
  if (joined.size() >= kSpacedNumberMin && DigitsOf(joined) == joined) return {joined};
  return words;
}

// The digits a phone is found by, with or without the country code of a mobile number.
std::string PhoneDigits(std::string_view phone) {
  std::string digits = DigitsOf(phone);
  return digits.size() == 13 && digits.starts_with("861") ? digits.substr(2) : digits;
}

SearchWord MakeWord(const std::string& text, const KeyedHash& hash) {
  SearchWord out;
  out.text = Cut(text);
  if (DigitsOf(text) == text && text.size() >= kLastDigits) {
    out.phone = text.size() == kLastDigits ? LastDigitsToken(text, hash)
                                           : PhoneToken(PhoneDigits(text), hash);
  }
  for (const auto kind : {TokenKind::kNumber, TokenKind::kMeter, TokenKind::kPhone,
                          TokenKind::kName, TokenKind::kCommunity, TokenKind::kAddress}) {
    if (kind != TokenKind::kPhone) {
      out.tokens.push_back({kind, Token(kind, out.text)});
    } else if (out.phone) {
      out.tokens.push_back({kind, *out.phone});
    }
  }
  return out;
}

}  // namespace

std::string_view Name(TokenKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

std::vector<SearchToken> TokensOf(const Account& account, const Customer& customer,
                                  const AddressNames& address, const KeyedHash& hash) {
  std::set<SearchToken> out;
  const auto add = [&](TokenKind kind, const std::string& text) {
    const std::string normalised = Cut(Normalise(text));
    if (!normalised.empty()) out.insert({kind, Token(kind, normalised)});
  };
  add(TokenKind::kNumber, account.number);
  for (const auto& binding : account.bindings) {
    if (binding.open()) add(TokenKind::kMeter, binding.meter_number);
  }
  const std::string phone = PhoneDigits(customer.phone);
  if (phone.size() > kLastDigits) {
    out.insert({TokenKind::kPhone, PhoneToken(phone, hash)});
    out.insert(
        {TokenKind::kPhone, LastDigitsToken(phone.substr(phone.size() - kLastDigits), hash)});
  }
  const std::u32string name = ToCharacters(Normalise(customer.name));
  for (std::size_t i = 0; i < name.size(); ++i) add(TokenKind::kName, ToUtf8(name.substr(i)));
  add(TokenKind::kCommunity, address.community);
  std::string rest;
  for (const auto* level :
       {&address.room, &address.unit, &address.building, &address.community, &address.region}) {
    if (level->empty()) continue;
    rest.insert(0, *level);
    add(TokenKind::kAddress, rest);
  }
  return {out.begin(), out.end()};
}

Result<std::vector<SearchWord>> ParseQuery(std::string_view query, const KeyedHash& hash) {
  if (CountCharacters(query) > kQueryCharactersMax) {
    return FailField("query", "Must be at most 100 characters.");
  }
  std::vector<std::string> words = JoinSpacedNumber(Words(query));
  std::size_t characters = 0;
  for (const auto& word : words) characters += CountCharacters(word);
  if (characters < kQueryCharactersMin) {
    return FailField("query", "Type at least two letters or digits.");
  }
  if (words.size() > kWordsMax) return FailField("query", "Type at most four words.");
  std::stable_sort(words.begin(), words.end(), [](const auto& a, const auto& b) {
    return CountCharacters(a) > CountCharacters(b);
  });
  std::vector<SearchWord> out;
  for (const auto& word : words) out.push_back(MakeWord(word, hash));
  return out;
}

}  // namespace karez::accounts

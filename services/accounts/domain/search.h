// What one search box finds an account by. A token is a kind's letter, a colon and normalised text;
// it is found by equality or as a prefix, the only operators that reach their index under row
// security. Phones are tokens of a keyed hash, so that none stands in the database. Pure functions.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/error.h"
#include "services/accounts/domain/account.h"
#include "services/accounts/domain/address.h"
#include "services/accounts/domain/customer.h"

namespace karez::accounts {

// In the order in which hits are shown.
enum class TokenKind { kNumber, kMeter, kPhone, kName, kCommunity, kAddress };

// "number", "meter", "phone", "name", "community", "address".
std::string_view Name(TokenKind kind);

struct SearchToken {
  TokenKind kind = TokenKind::kNumber;
  std::string token;
  friend auto operator<=>(const SearchToken&, const SearchToken&) = default;
};

// Keyed hash of (purpose, text): auth::Sealer::SearchHash of the tenant.
using KeyedHash = std::function<std::string(std::string_view purpose, std::string_view text)>;

// Everything the account can be found by, sorted, each once. Any part of a name is found because
// every suffix of it is a token; an address from each of its levels on.
std::vector<SearchToken> TokensOf(const Account& account, const Customer& customer,
                                  const AddressNames& address, const KeyedHash& hash);

// One word of what was typed.
struct SearchWord {
  std::string text;  // normalised
  // What it finds, in the order of kinds: the phone's exactly, the others as prefixes.
  std::vector<SearchToken> tokens;
  std::optional<std::string> phone;  // its phone token: of four digits the end of one, of more all
};

// The words of a query, the longest first; an account must match all of them. INVALID_ARGUMENT for
// field query: fewer than two characters, more than four words, longer than 100 characters.
Result<std::vector<SearchWord>> ParseQuery(std::string_view query, const KeyedHash& hash);

}  // namespace karez::accounts

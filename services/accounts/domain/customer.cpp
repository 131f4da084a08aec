#include "services/accounts/domain/customer.h"

#include <algorithm>
#include <array>

#include "libs/base/time.h"
#include "services/accounts/domain/text.h"

namespace karez::accounts {
namespace {

constexpr std::size_t kNameCharactersMax = 100;
constexpr std::size_t kPhoneDigitsMin = 5;
constexpr std::size_t kPhoneDigitsMax = 20;
constexpr std::size_t kIdentityLength = 18;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Full-width digits and letters typed by an input method become ASCII capitals, spaces go.
std::string Compact(std::string_view text) {
  std::string out = Normalise(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return out;
}

tl::unexpected<Error> RefuseIdentity(std::string description) {
  return FailField("identity_number", std::move(description));
}

}  // namespace

std::string_view Name(CustomerKind kind) {
  return kind == CustomerKind::kPerson ? "person" : "organisation";
}

Result<CustomerKind> ParseCustomerKind(std::string_view text) {
  if (text == "person") return CustomerKind::kPerson;
  if (text == "organisation") return CustomerKind::kOrganisation;
  return FailField("customer_kind", "Must be person or organisation.");
}

Result<std::string> CleanPhone(std::string_view text) {
  std::string out;
  std::size_t digits = 0;
  for (const char c : text) {
    if (IsDigit(c)) {
      out += c;
      ++digits;
    } else if (c == '+' && out.empty()) {
      out += c;
    } else if (c != ' ' && c != '-' && c != '(' && c != ')') {
      return FailField("phone", "Must be digits, optionally led by +.");
    }
  }
  if (digits < kPhoneDigitsMin || digits > kPhoneDigitsMax) {
    return FailField("phone", "Must have 5 to 20 digits.");
  }
  return out;
}

Result<std::string> CleanResidentNumber(std::string_view text) {
  static constexpr std::array<int, 17> kWeights = {7, 9, 10, 5,  8, 4, 2, 1, 6,
                                                   3, 7, 9,  10, 5, 8, 4, 2};
  static constexpr std::string_view kCheckDigits = "10X98765432";
  const std::string number = Compact(text);
  const bool digits = number.size() == kIdentityLength &&
                      std::all_of(number.begin(), number.end() - 1, IsDigit) &&
                      (IsDigit(number.back()) || number.back() == 'X');
  if (!digits) {
    return RefuseIdentity("Must have 18 characters: 17 digits and a check digit (0-9 or X).");
  }
  if (!ParseDate(number.substr(6, 4) + "-" + number.substr(10, 2) + "-" + number.substr(12, 2))) {
    return RefuseIdentity("Characters 7 to 14 must be a date of birth, YYYYMMDD.");
  }
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += kWeights[i] * (number[i] - '0');
  if (number.back() != kCheckDigits[static_cast<std::size_t>(sum % 11)]) {
    return RefuseIdentity("The check digit does not fit; compare with the document.");
  }
  return number;
}

Result<std::string> CleanCreditCode(std::string_view text) {
  static constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  const std::string code = Compact(text);
  if (code.size() != kIdentityLength || code.find_first_not_of(kAlphabet) != std::string::npos) {
    return RefuseIdentity(
        "A unified social credit code has 18 digits and capitals without I, O, S, V and Z.");
  }
  std::size_t sum = 0;
  std::size_t weight = 1;  // powers of 3 modulo 31
  for (std::size_t i = 0; i + 1 < code.size(); ++i) {
    sum += kAlphabet.find(code[i]) * weight;
    weight = weight * 3 % 31;
  }
  if (kAlphabet.find(code.back()) != (31 - sum % 31) % 31) {
    return RefuseIdentity("The check character does not fit; compare with the licence.");
  }
  return code;
}

Customer MakeCustomer(CustomerId id, const CustomerInput& input, std::string_view name_field,
                      Violations& bad) {
  Customer out{id, CleanSpaces(input.name), input.kind, "", ""};
  const auto characters = CountCharacters(out.name);
  if (characters == 0 || characters > kNameCharactersMax || HasControlCharacters(out.name)) {
    bad.Add(std::string(name_field), "Must be 1 to 100 characters without control characters.");
  }
  const auto take = [&](Result<std::string> cleaned, std::string& target, const char* field) {
    if (cleaned) {
      target = *std::move(cleaned);
    } else {
      bad.Add(field, cleaned.error().violations.front().description);
    }
  };
  if (!input.phone.empty()) take(CleanPhone(input.phone), out.phone, "phone");
  if (!input.identity_number.empty()) {
    take(input.kind == CustomerKind::kPerson ? CleanResidentNumber(input.identity_number)
                                             : CleanCreditCode(input.identity_number),
         out.identity_number, "identity_number");
  }
  return out;
}

std::string MaskPhone(std::string_view phone) {
  const std::size_t size = phone.size();
  if (size == 0) return "";
  if (size < 8) return std::string(size - 2, '*') + std::string(phone.substr(size - 2));
  return std::string(phone.substr(0, size - 8)) + "****" + std::string(phone.substr(size - 4));
}

std::string MaskIdentityNumber(std::string_view number) {
  if (number.size() <= 4) return std::string(number.size(), '*');
  return std::string(number.size() - 4, '*') + std::string(number.substr(number.size() - 4));
}

}  // namespace karez::accounts

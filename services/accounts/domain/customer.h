// Who uses the water: name, phone, identity number and how they are checked and masked. Values;
// texts are UTF-8.
#pragma once

#include <string>
#include <string_view>

#include "libs/base/error.h"
#include "services/accounts/domain/ids.h"

namespace karez::accounts {

enum class CustomerKind { kPerson, kOrganisation };

// "person", "organisation".
std::string_view Name(CustomerKind kind);
// INVALID_ARGUMENT for field customer_kind.
Result<CustomerKind> ParseCustomerKind(std::string_view text);

// Phone and identity number may be empty.
struct Customer {
  CustomerId id;
  std::string name;
  CustomerKind kind = CustomerKind::kPerson;
  std::string phone;
  std::string identity_number;
};

// As typed, before it is checked.
struct CustomerInput {
  std::string name;
  CustomerKind kind = CustomerKind::kPerson;
  std::string phone;
  std::string identity_number;
};

// Cleans and checks; adds what is wrong to `bad` for the fields `name_field`, phone and
// identity_number. The answer is only of use when nothing was added.
Customer MakeCustomer(CustomerId id, const CustomerInput& input, std::string_view name_field,
                      Violations& bad);

// Digits with an optional leading +, 5 to 20 digits; spaces, hyphens and brackets are dropped.
Result<std::string> CleanPhone(std::string_view text);
// GB 11643: 6 digits of region, 8 of birth date, 3 of order, check digit mod 11 (0-9 or X).
Result<std::string> CleanResidentNumber(std::string_view text);
// GB 32100: 18 characters without I O S V Z, check character mod 31.
Result<std::string> CleanCreditCode(std::string_view text);

// 138****1234; a short number keeps its last two only.
std::string MaskPhone(std::string_view phone);
// All but the last four as *.
std::string MaskIdentityNumber(std::string_view number);

}  // namespace karez::accounts

// Between messages and domain. Answers mask phones and identity numbers; Reveal() alone does not.
#pragma once

#include "karez/accounts/v1/accounts.pb.h"

#include "libs/base/context.h"
#include "services/accounts/domain/account_view.h"
#include "services/accounts/domain/address.h"
#include "services/accounts/usecases/change_account.h"
#include "services/accounts/usecases/open_account.h"
#include "services/accounts/usecases/search_accounts.h"

namespace karez::accounts::api {

// The id in a field; adds a violation when it is none.
template <class Id>
Id ReadId(const char* field, const std::string& text, Violations& bad) {
  const auto id = Id::Parse(text);
  if (!id) {
    bad.Add(field, "Must be an id as this service gave it (a UUID).");
    return Id();
  }
  return *id;
}

// INVALID_ARGUMENT when the field is no id.
template <class Id>
Result<Id> ReadId(const char* field, const std::string& text) {
  Violations bad;
  const auto id = ReadId<Id>(field, text, bad);
  RETURN_IF_ERROR(bad.Check());
  return id;
}

Result<Customer> FromProto(const v1::CreateCustomerRequest& in);
Result<usecases::OpenAccountInput> FromProto(const Context& context,
                                             const v1::OpenAccountRequest& in);
Result<NewBinding> FromProto(const Context& context, const v1::BindMeterRequest& in);
Result<usecases::MeterEnd> FromProto(const Context& context, const v1::UnbindMeterRequest& in);

void ToProto(const Customer& customer, v1::Customer& out);
void Reveal(const Customer& customer, v1::Customer& out);
void ToProto(const Address& address, v1::Address& out);
void ToProto(const Account& account, v1::Account& out);
void ToProto(const BusinessCase& item, v1::Case& out);
void ToProto(const usecases::SearchResult& result, v1::SearchAccountsResponse& out);
void ToProto(const AccountView& view, v1::AccountView& out);

}  // namespace karez::accounts::api

#include "services/accounts/usecases/open_account.h"

#include <algorithm>
#include <set>

#include "libs/pg/numbers.h"
#include "services/accounts/domain/search.h"
#include "services/accounts/events/account_events.h"
#include "services/accounts/store/account_store.h"
#include "services/accounts/store/address_store.h"
#include "services/accounts/store/customer_store.h"
#include "services/accounts/store/search_store.h"
#include "services/accounts/usecases/write_account.h"

namespace karez::accounts::usecases {
namespace {

constexpr const char* kAccountNumberRule = "{seq:8}";
constexpr std::size_t kMetersMax = 20;
// Numbers that files brought along are passed over; so many in a row mean a wrong rule.
constexpr int kNumberTries = 20'000;

Result<std::string> NextAccountNumber(pg::Tx& tx, const Context& context) {
  for (int i = 0; i < kNumberTries; ++i) {
    auto number = pg::NextNumber(tx, context, "account", kAccountNumberRule);
    if (!store::IsNumberTaken(tx, context, number)) return number;
  }
  return Fail(Code::kFailedPrecondition, "NUMBERS_EXHAUSTED",
              "The numbering rule of accounts gives only numbers that are taken; change the "
              "setting number.account.");
}

// An account is open from the day its first meter serves it, at the latest from today.
LocalDate OpenDate(const Context& context, const std::vector<MeterBinding>& bindings) {
  LocalDate out = context.Today();
  for (const auto& binding : bindings) {
    out = std::min(out, context.tenant().zone.DateOf(binding.from_time));
  }
  return out;
}

std::string DescribeOpening(const Account& account) {
  std::string out = "number: " + account.number + "; tariff_code: " + account.tariff_code +
                    "; household_size: " + std::to_string(account.household_size);
  for (const auto& binding : account.bindings) {
    out +=
        "; meter_number: " + binding.meter_number + "; from_ml: " + std::to_string(binding.from_ml);
  }
  return out;
}

}  // namespace

void Check(const OpenAccountInput& input, Instant now, Violations& bad) {
  CheckTariffCode(input.tariff_code, bad);
  CheckHousehold(input.household_size, bad);
  CheckNote(input.note, bad);
  if (input.meters.size() > kMetersMax) bad.Add("meters", "At most 20 at once.");
  std::set<MeterId> seen;
  for (const auto& meter : input.meters) {
    CheckRegister(meter.field + "from_ml", meter.from_ml, bad);
    CheckPast(meter.field + "from_time", meter.from_time, now, bad);
    if (!seen.insert(meter.meter_id).second) bad.Add(meter.field + "meter_id", "Is named twice.");
  }
}

Result<OpenedAccount> OpenAccount(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                                  const OpenAccountInput& input) {
  NewAccount parts;
  ASSIGN_OR_RETURN(parts.customer, store::FindCustomer(tx, context, sealer, input.customer_id));
  ASSIGN_OR_RETURN(auto address, store::FindAddress(tx, context, input.address_id));
  if (address.address.level != AddressLevel::kRoom) {
    return FailField("address_id", "Must be a room; create the address down to the room.");
  }
  ASSIGN_OR_RETURN(const auto branch_name, store::FindBranch(tx, context, input.branch_id));
  ASSIGN_OR_RETURN(parts.bindings, TakeMeters(tx, context, input.meters));
  parts.address_id = input.address_id;
  parts.address = std::move(address.address.full_text);
  parts.address_names = std::move(address.names);
  parts.branch_id = input.branch_id;
  parts.tariff_code = input.tariff_code;
  parts.household_size = input.household_size;
  parts.note = input.note;
  ASSIGN_OR_RETURN(auto opened, WriteNewAccount(tx, context, sealer, parts));
  opened.account.branch_name = branch_name;
  return opened;
}

Result<OpenedAccount> WriteNewAccount(pg::Tx& tx, const Context& context,
                                      const auth::Sealer& sealer, const NewAccount& parts) {
  Account account;
  account.id = AccountId::New();
  account.number = parts.number;
  if (account.number.empty()) {
    ASSIGN_OR_RETURN(account.number, NextAccountNumber(tx, context));
  }
  account.branch_id = parts.branch_id;
  account.customer_id = parts.customer.id;
  account.customer_name = parts.customer.name;
  account.address_id = parts.address_id;
  account.address = parts.address;
  account.tariff_code = parts.tariff_code;
  account.household_size = parts.household_size;
  account.open_date = OpenDate(context, parts.bindings);
  for (const auto& binding : parts.bindings) RETURN_IF_ERROR(account.Bind(binding));
  store::InsertAccount(tx, context, account, parts.import_key);
  auto business_case =
      WriteCase(tx, context, CaseKind::kOpen, account.id, parts.note, DescribeOpening(account));
  store::InsertTokens(
      tx, context, account,
      TokensOf(account, parts.customer, parts.address_names, HashOf(context, sealer)));
  tx.Publish(events::AccountChanged(account));
  return OpenedAccount{std::move(account), std::move(business_case)};
}

}  // namespace karez::accounts::usecases

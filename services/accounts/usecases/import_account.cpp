#include "services/accounts/usecases/import_account.h"

#include <map>

#include "services/accounts/domain/text.h"
#include "services/accounts/store/account_store.h"
#include "services/accounts/store/address_store.h"
#include "services/accounts/store/customer_store.h"
#include "services/accounts/store/meter_store.h"
#include "services/accounts/usecases/change_account.h"
#include "services/accounts/usecases/open_account.h"
#include "services/accounts/usecases/write_account.h"

namespace karez::accounts::usecases {
namespace {

using karez::jobs::RowOutcome;

// Space of the keys of rows without an account number; random, fixed for ever.
const Uuid& ImportSpace() {
  static const Uuid space = *Uuid::Parse("0b1f5f0e-33a4-4a7c-8f1c-5d2e9a6c7b10");
  return space;
}

std::optional<AccountId> FindExisting(pg::Tx& tx, const Context& context,
                                      const ImportedAccount& row,
                                      const std::optional<Uuid>& import_key) {
  return import_key ? store::LockByImportKey(tx, context, *import_key)
                    : store::LockByNumber(tx, context, row.number);
}

tl::unexpected<Error> RefuseDifferent(std::string field) {
  return FailField(std::move(field),
                   "The account is there already with another value; change it by a business case, "
                   "or correct the file.");
}

// The first column in which the file and the account differ is refused.
Result<void> Compare(const ImportedAccount& row, const Account& account, const Customer& customer,
                     AddressId address, BranchId branch) {
  if (customer.name != row.customer.name) return RefuseDifferent("customer_name");
  if (customer.kind != row.customer.kind) return RefuseDifferent("customer_kind");
  if (customer.phone != row.customer.phone) return RefuseDifferent("phone");
  if (customer.identity_number != row.customer.identity_number) {
    return RefuseDifferent("identity_number");
  }
  if (account.address_id != address) return RefuseDifferent("room");
  if (account.branch_id != branch) return RefuseDifferent("branch_code");
  if (account.tariff_code != row.tariff_code) return RefuseDifferent("tariff_code");
  if (row.household_size && account.household_size != *row.household_size) {
    return RefuseDifferent("household_size");
  }
  return {};
}

// Refusals of the meter as the column of the file.
template <class T>
Result<T> AsMeterColumn(Result<T> result) {
  if (result || !result.error().violations.empty()) return result;
  std::string message = result.error().message;
  const auto& metadata = result.error().metadata;
  if (const auto other = metadata.find("account_number"); other != metadata.end()) {
    message += " It serves " + other->second + ".";
  }
  return FailField("meter_number", std::move(message));
}

NewBinding BindingOf(const Context& context, const ImportedAccount& row, MeterId meter) {
  return {meter, row.from_ml, row.from_time.value_or(context.Now()), ""};
}

// The account is there: the file agrees with it, or brings its meter, or is refused.
Result<RowOutcome> ImportAgain(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                               const ImportedAccount& row, AccountId id, AddressId address,
                               BranchId branch, const std::optional<Meter>& meter) {
  ASSIGN_OR_RETURN(const auto account, store::FindAccount(tx, context, id));
  ASSIGN_OR_RETURN(const auto customer,
                   store::FindCustomer(tx, context, sealer, account.customer_id));
  RETURN_IF_ERROR(Compare(row, account, customer, address, branch));
  RowOutcome out{RowOutcome::State::kUnchanged, account.number, "", ""};
  if (!meter) return out;
  for (const auto& binding : account.bindings) {
    if (binding.meter_id != meter->id) continue;
    // Bound then, whatever has become of it since.
    if (binding.from_ml != row.from_ml) return RefuseDifferent("from_m3");
    if (row.from_time && binding.from_time != *row.from_time) return RefuseDifferent("from_time");
    return out;
  }
  RETURN_IF_ERROR(
      AsMeterColumn(BindMeter(tx, context, sealer, id, BindingOf(context, row, meter->id))));
  out.state = RowOutcome::State::kImported;
  return out;
}

Result<RowOutcome> ImportNew(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                             const ImportedAccount& row, const std::optional<Uuid>& import_key,
                             const std::vector<Address>& levels, BranchId branch,
                             const std::optional<Meter>& meter) {
  NewAccount parts;
  if (meter) {
    ASSIGN_OR_RETURN(parts.bindings,
                     AsMeterColumn(TakeMeters(tx, context, {BindingOf(context, row, meter->id)})));
  }
  store::EnsureAddress(tx, context, levels);
  store::InsertCustomer(tx, context, sealer, row.customer);
  parts.number = row.number;
  parts.import_key = import_key;
  parts.customer = row.customer;
  parts.address_id = levels.back().id;
  parts.address = levels.back().full_text;
  parts.address_names = row.address;
  parts.branch_id = branch;
  parts.tariff_code = row.tariff_code;
  parts.household_size = row.household_size.value_or(static_cast<int>(
      context.tenant().Setting("accounts.default_household_size", kDefaultHousehold)));
  ASSIGN_OR_RETURN(const auto opened, WriteNewAccount(tx, context, sealer, parts));
  return RowOutcome{RowOutcome::State::kImported, opened.account.number, "", ""};
}

}  // namespace

const std::vector<std::string>& RequiredColumns() {
  static const std::vector<std::string> columns = {"customer_name", "region",      "community",
                                                   "room",          "branch_code", "tariff_code"};
  return columns;
}

const std::vector<std::string>& OptionalColumns() {
  static const std::vector<std::string> columns = {
      "number", "customer_kind",  "phone",        "identity_number", "building",
      "unit",   "household_size", "meter_number", "from_m3",         "from_time"};
  return columns;
}

Result<void> CheckBranchesInScope(pg::Tx& tx, const Context& context, const std::string& csv) {
  if (context.scope().all) return {};
  ASSIGN_OR_RETURN(const auto file,
                   karez::jobs::ParseCsv(csv, RequiredColumns(), OptionalColumns()));
  std::map<std::string, bool> allowed;
  for (const auto& [line, cells] : file.rows) {
    const auto& code = cells["branch_code"];
    auto known = allowed.find(code);
    if (known == allowed.end()) {
      const auto branch = store::FindBranchByCode(tx, context, code);
      known = allowed.emplace(code, branch && context.scope().Contains(*branch)).first;
    }
    if (!known->second) {
      return FailField(
          "csv", "Line " + std::to_string(line) + ": branch_code must be one of your branches.");
    }
  }
  return {};
}

std::string MeterKey(const std::string& meter_number) { return "meter:" + meter_number; }

Result<RowOutcome> ImportAccount(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                                 const ImportedAccount& row) {
  const auto branch = store::FindBranchByCode(tx, context, row.branch_code);
  if (!branch) {
    return RowOutcome{RowOutcome::State::kWaiting, row.number, "branch:" + row.branch_code,
                      "Waits for the branch " + row.branch_code + " to be created."};
  }
  std::optional<Meter> meter;
  if (!row.meter_number.empty()) {
    meter = store::FindMeterByNumber(tx, context, row.meter_number);
    if (!meter) {
      return RowOutcome{RowOutcome::State::kWaiting, row.number, MeterKey(row.meter_number),
                        "Waits for the meter " + row.meter_number + " to be registered."};
    }
  }
  const auto levels = Levels(context.tenant_id(), row.address);
  std::optional<Uuid> import_key;
  if (row.number.empty()) {
    import_key = Uuid::V5(ImportSpace(), levels.back().path + "\x1f" + Fold(row.customer.name));
  }
  if (const auto existing = FindExisting(tx, context, row, import_key)) {
    return ImportAgain(tx, context, sealer, row, *existing, levels.back().id, *branch, meter);
  }
  return ImportNew(tx, context, sealer, row, import_key, levels, *branch, meter);
}

}  // namespace karez::accounts::usecases

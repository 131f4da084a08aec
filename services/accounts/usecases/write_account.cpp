#include "services/accounts/usecases/write_account.h"

#include <algorithm>

#include "libs/pg/numbers.h"
#include "services/accounts/store/address_store.h"
#include "services/accounts/store/case_store.h"
#include "services/accounts/store/customer_store.h"
#include "services/accounts/store/meter_store.h"
#include "services/accounts/store/search_store.h"

namespace karez::accounts::usecases {
namespace {

constexpr const char* kCaseNumberRule = "YW{yyyy}{MM}{dd}{seq:4}";

Result<void> CheckFree(const NewBinding& wanted, const std::vector<store::MeterUse>& uses) {
  const auto use = std::find_if(uses.begin(), uses.end(),
                                [&](const auto& u) { return u.meter_id == wanted.meter_id; });
  if (use == uses.end()) return {};
  if (use->account_number) {
    return Fail(Code::kFailedPrecondition, "METER_BOUND",
                "The meter serves another account; take it off there first.",
                {{"account_number", *use->account_number}});
  }
  if (use->last_end && wanted.from_time < *use->last_end) {
    return FailField(wanted.field + "from_time",
                     "Must not be before the meter left its last account (" +
                         FormatInstant(*use->last_end) + ").");
  }
  return {};
}

}  // namespace

KeyedHash HashOf(const Context& context, const auth::Sealer& sealer) {
  return [&context, &sealer](std::string_view purpose, std::string_view text) {
    return sealer.SearchHash(context.tenant_id(), purpose, text);
  };
}

BusinessCase WriteCase(pg::Tx& tx, const Context& context, CaseKind kind, AccountId account,
                       const std::string& note, const std::string& change) {
  BusinessCase out{CaseId::New(),
                   pg::NextNumber(tx, context, "case", kCaseNumberRule),
                   kind,
                   account,
                   context.principal().name,
                   context.Now(),
                   note,
                   change};
  store::InsertCase(tx, context, out);
  return out;
}

Result<void> WriteTokens(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                         const Account& account) {
  ASSIGN_OR_RETURN(const auto customer,
                   store::FindCustomer(tx, context, sealer, account.customer_id));
  ASSIGN_OR_RETURN(const auto address, store::FindAddress(tx, context, account.address_id));
  store::ReplaceTokens(tx, context, account,
                       TokensOf(account, customer, address.names, HashOf(context, sealer)));
  return {};
}

Result<std::vector<MeterBinding>> TakeMeters(pg::Tx& tx, const Context& context,
                                             const std::vector<NewBinding>& wanted) {
  std::vector<MeterBinding> out;
  if (wanted.empty()) return out;
  std::vector<MeterId> ids;
  for (const auto& binding : wanted) ids.push_back(binding.meter_id);
  const auto meters = store::LockMeters(tx, context, ids);
  const auto uses = store::FindMeterUses(tx, context, ids);
  for (const auto& binding : wanted) {
    const auto meter = std::find_if(meters.begin(), meters.end(),
                                    [&](const auto& m) { return m.id == binding.meter_id; });
    if (meter == meters.end()) {
      return Fail(Code::kNotFound, "METER_NOT_FOUND", "No meter has this meter_id.",
                  {{"meter_id", binding.meter_id.str()}});
    }
    if (!meter->active) {
      return Fail(Code::kFailedPrecondition, "METER_INACTIVE",
                  "The meter was taken out of service; bind another one.",
                  {{"meter_number", meter->number}});
    }
    RETURN_IF_ERROR(CheckFree(binding, uses));
    out.push_back(
        {BindingId::New(), meter->id, meter->number, binding.from_time, binding.from_ml, {}, 0});
  }
  return out;
}

}  // namespace karez::accounts::usecases

#include "services/billing/usecases/publish_tariff.h"

#include "services/billing/store/tariff_store.h"

namespace karez::billing::usecases {

Result<Tariff> PublishTariff(pg::Tx& tx, const Context& context, TariffDefinition definition) {
  RETURN_IF_ERROR(CheckTariff(definition, "definition"));
  const std::string code = definition.code;
  const LocalDate from = *definition.effective_from;
  const std::int32_t last = store::LockTariffCode(tx, context, code);
  if (store::TariffBeginsOn(tx, context, code, from)) {
    return Fail(
        Code::kAlreadyExists, "TARIFF_VERSION_EXISTS",
        "A version of " + code + " begins on " + FormatDate(from) + " already. Choose another day.",
        {{"code", code}, {"effective_from", FormatDate(from)}});
  }
  if (store::IsBilledFrom(tx, context, code, from)) {
    return Fail(Code::kFailedPrecondition, "TARIFF_ALREADY_BILLED",
                "Bills by " + code + " stand for periods that end on or after " + FormatDate(from) +
                    ". Choose a later day, or reverse them first.",
                {{"code", code}, {"effective_from", FormatDate(from)}});
  }
  Tariff tariff{.id = TariffId::New(),
                .version = last + 1,
                .definition = std::move(definition),
                .publish_time = context.Now(),
                .published_by = context.principal().name};
  store::InsertTariff(tx, context, tariff);
  return tariff;
}

}  // namespace karez::billing::usecases

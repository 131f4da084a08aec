#include "services/accounts/usecases/keep_facts.h"

#include "services/accounts/store/meter_store.h"
#include "services/accounts/store/view_store.h"
#include "services/accounts/usecases/import_account.h"

namespace karez::accounts::usecases {
namespace {

constexpr int kKeysARound = 500;

}  // namespace

void KeepMeter(pg::Tx& tx, const Context& context, const karez::jobs::Imports& imports,
               const Meter& meter) {
  store::UpsertMeter(tx, context, meter);
  imports.Wake(tx, context, MeterKey(meter.number));
}

void KeepReading(pg::Tx& tx, const Context& context, const MeterReadingView& reading) {
  store::Keep(tx, context, reading);
}

void KeepBill(pg::Tx& tx, const Context& context, const BillView& bill) {
  store::Keep(tx, context, bill);
}

void KeepPayment(pg::Tx& tx, const Context& context, const PaymentView& payment) {
  store::Keep(tx, context, payment);
}

void KeepBalance(pg::Tx& tx, const Context& context, const BalanceView& balance) {
  store::Keep(tx, context, balance);
}

void WakeMissedRows(pg::Tx& tx, const Context& context, const karez::jobs::Imports& imports) {
  for (const auto& key : store::FindArrivedKeys(tx, context, imports.kind(), kKeysARound)) {
    imports.Wake(tx, context, key);
  }
}

}  // namespace karez::accounts::usecases

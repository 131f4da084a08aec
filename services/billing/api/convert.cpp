#include "services/billing/api/convert.h"

#include <charconv>

#include "libs/rpc/operation_proto.h"
#include "libs/rpc/status.h"
#include "services/billing/store/tariff_proto.h"

namespace karez::billing::api {
namespace {

void ToProto(const RatedLine& line, v1::RatedLine& out) {
  out.set_component_code(line.component_code);
  out.set_component_name(line.component_name);
  out.set_tier(line.tier);
  out.set_volume_ml(line.volume_ml);
  out.set_unit_price_micro_yuan(line.unit_price_micro_yuan);
  out.set_amount_fen(line.amount_fen);
  out.set_counter_before_ml(line.counter_before_ml);
  out.set_counter_after_ml(line.counter_after_ml);
  out.set_payee(static_cast<v1::Component::Payee>(line.payee));
}

v1::BillChanged::State StateOf(BillState::Kind kind) {
  switch (kind) {
    case BillState::Kind::kIssued:
      return v1::BillChanged::STATE_ISSUED;
    case BillState::Kind::kPaid:
      return v1::BillChanged::STATE_PAID;
    case BillState::Kind::kReversed:
      break;
  }
  return v1::BillChanged::STATE_REVERSED;
}

void ToProto(const SettledLine& meter, v1::BillMeter& out) {
  out.set_meter_id(meter.meter_id.str());
  out.set_meter_number(meter.meter_number);
  out.set_start_ml(meter.start_ml);
  out.set_end_ml(meter.end_ml);
  out.set_volume_ml(meter.volume_ml);
  if (meter.start_time) *out.mutable_start_time() = rpc::ToProto(*meter.start_time);
  if (meter.end_time) *out.mutable_end_time() = rpc::ToProto(*meter.end_time);
  for (const std::string& flag : meter.flags) out.add_flags(flag);
}

}  // namespace

Month ReadMonth(Violations& bad, const std::string& field, const std::string& text) {
  const auto month = ParseMonth(text);
  if (month) return *month;
  bad.Add(field, "Must be a month like 2026-10.");
  return Month();
}

Result<std::int64_t> ReadTokenNumber(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) return value;
  return FailField("page_token", "Must be the next_page_token of the page before.");
}

void ToProto(const Tariff& tariff, v1::Tariff& out) {
  out.set_tariff_id(tariff.id.str());
  out.set_version(tariff.version);
  store::ToProto(tariff.definition, *out.mutable_definition());
  *out.mutable_publish_time() = rpc::ToProto(tariff.publish_time);
  out.set_published_by(tariff.published_by);
}

void ToProto(const Rating& rating, v1::SimulateTariffResponse& out) {
  for (const RatedLine& line : rating.lines) ToProto(line, *out.add_lines());
  out.set_total_fen(rating.total_fen);
  for (const std::int64_t limit_ml : rating.limits_ml) out.add_limits_ml(limit_ml);
  out.set_counter_before_ml(rating.counter_before_ml);
  out.set_counter_after_ml(rating.counter_after_ml);
}

void ToProto(const BillRun& run, const karez::jobs::Operation& operation, v1::BillRun& out) {
  out.set_bill_run_id(run.id.str());
  out.set_month(FormatMonth(run.month));
  rpc::ToProto(operation, *out.mutable_operation());
  out.set_issued(run.issued);
  out.set_issued_fen(run.issued_fen);
  out.set_held(run.held);
  out.set_excluded(run.excluded);
  out.set_failed(run.failed);
}

void ToProto(const store::ReviewRecord& record, v1::ReviewItem& out) {
  const ReviewItem& item = record.item;
  out.set_review_item_id(item.id.str());
  out.set_month(FormatMonth(item.month));
  out.set_account_id(item.account_id.str());
  out.set_account_number(record.account_number);
  out.set_customer_name(record.customer_name);
  out.set_meter_id(item.meter_id.str());
  out.set_meter_number(item.meter_number);
  out.set_volume_ml(item.volume_ml);
  out.set_usual_ml(item.usual_ml);
  for (const ReviewReason reason : item.reasons) {
    out.add_reasons(static_cast<v1::ReviewItem::Reason>(reason));
  }
  out.set_decision(static_cast<v1::ReviewItem::Decision>(item.decision));
  out.set_decided_volume_ml(item.decided_volume_ml);
  out.set_decided_by(item.decided_by);
  out.set_note(item.note);
}

void ToProto(const store::BillRecord& record, v1::Bill& out) {
  const Bill& bill = record.bill;
  out.set_bill_id(bill.id.str());
  out.set_number(bill.number);
  out.set_account_id(bill.account.id.str());
  out.set_account_number(bill.account.number);
  out.set_customer_name(bill.account.customer_name);
  out.set_address(bill.account.address);
  out.set_month(FormatMonth(bill.month));
  out.set_state(StateOf(record.state.kind));
  out.set_tariff_code(bill.tariff_code);
  out.set_tariff_version(bill.tariff_version);
  out.set_household_size(bill.account.household_size);
  for (const SettledLine& meter : bill.meters) ToProto(meter, *out.add_meters());
  out.set_volume_ml(bill.volume_ml);
  out.set_carried_in_ml(bill.carried_in_ml);
  out.set_carried_out_ml(bill.carried_out_ml);
  for (const std::int64_t limit_ml : bill.limits_ml) out.add_limits_ml(limit_ml);
  for (const RatedLine& line : bill.lines) ToProto(line, *out.add_lines());
  out.set_total_fen(bill.total_fen);
  out.set_open_fen(record.state.open_fen);
  *out.mutable_issue_time() = rpc::ToProto(bill.issue_time);
  out.set_due_date(FormatDate(bill.due_date));
  out.set_reversed_reason(record.reversed_reason);
}

void ToProto(const store::PaymentRecord& record, const std::string& utility_name,
             v1::Payment& out) {
  const Payment& payment = record.payment;
  out.set_payment_id(payment.id.str());
  out.set_receipt_number(payment.receipt_number);
  out.set_account_id(payment.account_id.str());
  out.set_account_number(record.account_number);
  out.set_customer_name(record.customer_name);
  out.set_amount_fen(payment.amount_fen);
  out.set_method(payment.method);
  for (const auto& part : record.parts) {
    auto& allocation = *out.add_allocations();
    allocation.set_bill_id(part.bill_id.str());
    allocation.set_bill_number(part.bill_number);
    allocation.set_month(FormatMonth(part.month));
    allocation.set_amount_fen(part.amount_fen);
    allocation.set_open_after_fen(part.open_after_fen);
  }
  out.set_credit_fen(payment.credit_fen);
  out.set_cashier_name(payment.cashier_name);
  *out.mutable_time() = rpc::ToProto(payment.time);
  out.set_reversed(record.reversed);
  out.set_reversed_reason(record.reversed_reason);
  if (record.reverse_time) *out.mutable_reverse_time() = rpc::ToProto(*record.reverse_time);
  out.set_utility_name(utility_name);
}

void ToProto(const Transfer& transfer, v1::Transfer& out) {
  out.set_transfer_id(transfer.id.str());
  out.set_debit(transfer.debit);
  out.set_credit(transfer.credit);
  out.set_amount_fen(transfer.amount_fen);
  out.set_account_id(transfer.account_id.str());
  out.set_cause(transfer.cause);
  out.set_cause_id(transfer.cause_id.str());
  if (transfer.reverses_id) out.set_reverses_id(transfer.reverses_id->str());
  *out.mutable_time() = rpc::ToProto(transfer.time);
  out.set_accounting_date(FormatDate(transfer.accounting_date));
  if (transfer.bill_id) out.set_bill_id(transfer.bill_id->str());
}

}  // namespace karez::billing::api

#include "services/accounts/api/convert.h"

#include <google/protobuf/timestamp.pb.h>

#include "libs/rpc/status.h"

namespace karez::accounts::api {
namespace {

Instant ReadTime(const std::string& field, bool given, const google::protobuf::Timestamp& value,
                 Instant now, Violations& bad) {
  if (!given) return now;
  const auto time = rpc::FromProto(value);
  if (!time) bad.Add(field, "Must be a time of the years 1 to 9999.");
  return time.value_or(now);
}

NewBinding ReadBinding(const std::string& prefix, const v1::NewBinding& in, Instant now,
                       Violations& bad) {
  NewBinding out;
  out.field = prefix;
  out.meter_id = ReadId<MeterId>((prefix + "meter_id").c_str(), in.meter_id(), bad);
  out.from_ml = in.from_ml();
  out.from_time = ReadTime(prefix + "from_time", in.has_from_time(), in.from_time(), now, bad);
  return out;
}

v1::Customer::Kind KindOf(CustomerKind kind) {
  return kind == CustomerKind::kPerson ? v1::Customer::KIND_PERSON
                                       : v1::Customer::KIND_ORGANISATION;
}

v1::AccountChanged::State StateOf(Account::State state) {
  return state == Account::State::kOpen ? v1::AccountChanged::STATE_OPEN
                                        : v1::AccountChanged::STATE_CLOSED;
}

v1::Case::Kind KindOf(CaseKind kind) {
  switch (kind) {
    case CaseKind::kOpen:
      return v1::Case::KIND_OPEN;
    case CaseKind::kClose:
      return v1::Case::KIND_CLOSE;
    case CaseKind::kBindMeter:
      return v1::Case::KIND_BIND_METER;
    case CaseKind::kUnbindMeter:
      return v1::Case::KIND_UNBIND_METER;
    case CaseKind::kChangeHousehold:
      return v1::Case::KIND_CHANGE_HOUSEHOLD;
  }
  return v1::Case::KIND_UNSPECIFIED;
}

void ToProto(const MeterBinding& binding, v1::MeterBinding& out) {
  out.set_binding_id(binding.id.str());
  out.set_meter_id(binding.meter_id.str());
  out.set_meter_number(binding.meter_number);
  *out.mutable_from_time() = rpc::ToProto(binding.from_time);
  out.set_from_ml(binding.from_ml);
  if (!binding.to_time) return;
  *out.mutable_to_time() = rpc::ToProto(*binding.to_time);
  out.set_to_ml(binding.to_ml);
}

void ToProto(const BillView& bill, v1::AccountView::BillLine& out) {
  out.set_bill_id(bill.bill_id.str());
  out.set_number(bill.number);
  out.set_month(bill.month);
  out.set_volume_ml(bill.volume_ml);
  out.set_total_fen(bill.total_fen);
  out.set_open_fen(bill.open_fen);
  out.set_state(bill.state);
  out.set_due_date(bill.due_date);
}

void ToProto(const PaymentView& payment, v1::AccountView::PaymentLine& out) {
  out.set_payment_id(payment.payment_id.str());
  out.set_receipt_number(payment.receipt_number);
  out.set_amount_fen(payment.amount_fen);
  out.set_method(payment.method);
  out.set_cashier_name(payment.cashier_name);
  *out.mutable_time() = rpc::ToProto(payment.time);
  out.set_reversed(payment.reversed);
}

// Every meter bound now, with its newest reading when there is one.
void AddMeters(const AccountView& view, v1::AccountView& out) {
  for (const auto& binding : view.account.bindings) {
    if (!binding.open()) continue;
    auto& meter = *out.add_meters();
    meter.set_meter_id(binding.meter_id.str());
    meter.set_meter_number(binding.meter_number);
    for (const auto& reading : view.readings) {
      if (reading.meter_id != binding.meter_id) continue;
      *meter.mutable_reading_time() = rpc::ToProto(reading.time);
      meter.set_reading_ml(reading.value_ml);
      meter.set_valve(reading.valve);
      meter.set_battery_low(reading.battery_low);
    }
  }
}

}  // namespace

Result<Customer> FromProto(const v1::CreateCustomerRequest& in) {
  Violations bad;
  if (in.kind() != v1::Customer::KIND_PERSON && in.kind() != v1::Customer::KIND_ORGANISATION) {
    bad.Add("kind", "Must be KIND_PERSON or KIND_ORGANISATION.");
  }
  const auto kind = in.kind() == v1::Customer::KIND_ORGANISATION ? CustomerKind::kOrganisation
                                                                 : CustomerKind::kPerson;
  auto out = MakeCustomer(CustomerId::New(), {in.name(), kind, in.phone(), in.identity_number()},
                          "name", bad);
  RETURN_IF_ERROR(bad.Check());
  return out;
}

Result<usecases::OpenAccountInput> FromProto(const Context& context,
                                             const v1::OpenAccountRequest& in) {
  Violations bad;
  usecases::OpenAccountInput out;
  out.customer_id = ReadId<CustomerId>("customer_id", in.customer_id(), bad);
  out.address_id = ReadId<AddressId>("address_id", in.address_id(), bad);
  out.branch_id = ReadId<BranchId>("branch_id", in.branch_id(), bad);
  out.tariff_code = in.tariff_code();
  out.household_size =
      in.household_size() != 0
          ? in.household_size()
          : static_cast<int>(context.tenant().Setting("accounts.default_household_size",
                                                      std::int64_t{kDefaultHousehold}));
  for (int i = 0; i < in.meters_size(); ++i) {
    out.meters.push_back(
        ReadBinding("meters[" + std::to_string(i) + "].", in.meters(i), context.Now(), bad));
  }
  out.note = in.note();
  usecases::Check(out, context.Now(), bad);
  RETURN_IF_ERROR(bad.Check());
  return out;
}

Result<NewBinding> FromProto(const Context& context, const v1::BindMeterRequest& in) {
  Violations bad;
  if (!in.has_meter()) {
    bad.Add("meter", "Must be given.");
    RETURN_IF_ERROR(bad.Check());
  }
  auto out = ReadBinding("meter.", in.meter(), context.Now(), bad);
  CheckRegister("meter.from_ml", out.from_ml, bad);
  CheckPast("meter.from_time", out.from_time, context.Now(), bad);
  RETURN_IF_ERROR(bad.Check());
  return out;
}

Result<usecases::MeterEnd> FromProto(const Context& context, const v1::UnbindMeterRequest& in) {
  Violations bad;
  usecases::MeterEnd out;
  out.meter_id = ReadId<MeterId>("meter_id", in.meter_id(), bad);
  out.to_ml = in.to_ml();
  out.to_time = ReadTime("to_time", in.has_to_time(), in.to_time(), context.Now(), bad);
  CheckRegister("to_ml", out.to_ml, bad);
  CheckPast("to_time", out.to_time, context.Now(), bad);
  RETURN_IF_ERROR(bad.Check());
  return out;
}

void ToProto(const Customer& customer, v1::Customer& out) {
  Reveal(customer, out);
  out.set_phone(MaskPhone(customer.phone));
  out.set_identity_number(MaskIdentityNumber(customer.identity_number));
}

void Reveal(const Customer& customer, v1::Customer& out) {
  out.set_customer_id(customer.id.str());
  out.set_name(customer.name);
  out.set_kind(KindOf(customer.kind));
  out.set_phone(customer.phone);
  out.set_identity_number(customer.identity_number);
}

void ToProto(const Address& address, v1::Address& out) {
  out.set_address_id(address.id.str());
  if (!address.parent_id.is_nil()) out.set_parent_id(address.parent_id.str());
  out.set_level(static_cast<v1::Address::Level>(address.level));
  out.set_name(address.name);
  out.set_full_text(address.full_text);
}

void ToProto(const Account& account, v1::Account& out) {
  out.set_account_id(account.id.str());
  out.set_number(account.number);
  out.set_branch_id(account.branch_id.str());
  out.set_branch_name(account.branch_name);
  out.set_customer_id(account.customer_id.str());
  out.set_customer_name(account.customer_name);
  out.set_address_id(account.address_id.str());
  out.set_address(account.address);
  out.set_tariff_code(account.tariff_code);
  out.set_household_size(account.household_size);
  out.set_state(StateOf(account.state));
  out.set_open_date(FormatDate(account.open_date));
  if (account.close_date) out.set_close_date(FormatDate(*account.close_date));
  for (const auto& binding : account.bindings) ToProto(binding, *out.add_bindings());
  out.set_etag(std::to_string(account.version));
}

void ToProto(const BusinessCase& item, v1::Case& out) {
  out.set_case_id(item.id.str());
  out.set_number(item.number);
  out.set_kind(KindOf(item.kind));
  out.set_account_id(item.account_id.str());
  out.set_staff_name(item.staff_name);
  *out.mutable_time() = rpc::ToProto(item.time);
  out.set_note(item.note);
  out.set_change(item.change);
}

void ToProto(const usecases::SearchResult& result, v1::SearchAccountsResponse& out) {
  for (std::size_t i = 0; i < result.hits.size(); ++i) {
    const auto& hit = result.hits[i];
    auto& message = *out.add_hits();
    message.set_account_id(hit.account_id.str());
    message.set_number(hit.number);
    message.set_customer_name(hit.customer_name);
    message.set_address(hit.address);
    message.set_phone(MaskPhone(hit.phone));
    for (const auto& number : hit.meter_numbers) message.add_meter_numbers(number);
    message.set_arrears_fen(hit.arrears_fen);
    message.set_state(StateOf(hit.state));
    message.set_matched(std::string(Name(result.matched[i])));
  }
  out.set_more(result.more);
}

void ToProto(const AccountView& view, v1::AccountView& out) {
  ToProto(view.account, *out.mutable_account());
  ToProto(view.customer, *out.mutable_customer());
  out.set_arrears_fen(view.balance.arrears_fen);
  out.set_credit_fen(view.balance.credit_fen);
  AddMeters(view, out);
  for (const auto& bill : view.bills) ToProto(bill, *out.add_bills());
  for (const auto& payment : view.payments) ToProto(payment, *out.add_payments());
  for (const auto& item : view.cases) ToProto(item, *out.add_cases());
}

}  // namespace karez::accounts::api

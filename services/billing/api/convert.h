// Between protobuf and the domain.
#pragma once

#include <optional>
#include <string>

#include "karez/billing/v1/billing.pb.h"

#include "libs/jobs/operation.h"
#include "services/billing/domain/bill_run.h"
#include "services/billing/domain/rating.h"
#include "services/billing/store/bill_store.h"
#include "services/billing/store/payment_store.h"
#include "services/billing/store/review_store.h"

namespace karez::billing::api {

// An id of a request; a text that is none is a violation of `field`.
template <class T>
T ReadId(Violations& bad, const std::string& field, const std::string& text) {
  const auto id = T::Parse(text);
  if (id) return *id;
  bad.Add(field, "Must be a UUID, such as 0190f3c2-0000-7000-8000-000000000001.");
  return T();
}
template <class T>
std::optional<T> ReadOptionalId(Violations& bad, const std::string& field,
                                const std::string& text) {
  if (text.empty()) return std::nullopt;
  return ReadId<T>(bad, field, text);
}
Month ReadMonth(Violations& bad, const std::string& field, const std::string& text);
// A number inside a page token.
Result<std::int64_t> ReadTokenNumber(const std::string& text);

void ToProto(const Tariff& tariff, v1::Tariff& out);
void ToProto(const Rating& rating, v1::SimulateTariffResponse& out);
void ToProto(const BillRun& run, const karez::jobs::Operation& operation, v1::BillRun& out);
void ToProto(const store::ReviewRecord& record, v1::ReviewItem& out);
void ToProto(const store::BillRecord& record, v1::Bill& out);
void ToProto(const store::PaymentRecord& record, const std::string& utility_name, v1::Payment& out);
void ToProto(const Transfer& transfer, v1::Transfer& out);

}  // namespace karez::billing::api

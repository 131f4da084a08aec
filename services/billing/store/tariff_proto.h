// Tariffs between their values and karez.billing.v1.TariffDefinition, the form in which they are
// stored and sent.
#pragma once

#include "karez/billing/v1/tariff.pb.h"

#include "services/billing/domain/tariff.h"

namespace karez::billing::store {

// Takes over everything; what cannot be expressed (a date that is none, parts not rated yet) is
// left for CheckTariff to refuse.
TariffDefinition FromProto(const v1::TariffDefinition& in);
void ToProto(const TariffDefinition& tariff, v1::TariffDefinition& out);

}  // namespace karez::billing::store

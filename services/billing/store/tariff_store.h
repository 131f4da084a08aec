// Published tariff versions.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/billing/domain/tariff.h"

namespace karez::billing::store {

// Waits for others who publish versions of the code; returns the last version, 0 without one.
std::int32_t LockTariffCode(pg::Tx& tx, const Context& context, const std::string& code);
bool TariffBeginsOn(pg::Tx& tx, const Context& context, const std::string& code, LocalDate day);
// Bills that stand were rated by the code for a period that ends on or after `day`.
bool IsBilledFrom(pg::Tx& tx, const Context& context, const std::string& code, LocalDate day);
void InsertTariff(pg::Tx& tx, const Context& context, const Tariff& tariff);

// By code, newest version first; empty code for all. `after`: code and version of the last one.
std::vector<Tariff> ListTariffs(pg::Tx& tx, const Context& context, const std::string& code,
                                const std::pair<std::string, std::int32_t>& after, int limit);
// All versions of the codes, each code's latest begin first.
std::map<std::string, std::vector<Tariff>> TariffsOf(pg::Tx& tx, const Context& context,
                                                     const std::vector<std::string>& codes);

}  // namespace karez::billing::store

// The CSV import of accounts: columns, and from a row to the use case. Columns in docs/api.md.
#pragma once

#include "libs/auth/secrets.h"
#include "libs/base/context.h"
#include "libs/jobs/import.h"
#include "libs/jobs/runner.h"
#include "services/accounts/usecases/import_account.h"

namespace karez::accounts::jobs {

// The sealer must outlive it.
karez::jobs::ImportKind AccountImport(const auth::Sealer& sealer);

// Steps of running imports, and regularly the rows that missed the meter they wait for. `imports`
// must outlive the runner.
void RunAccountImports(karez::jobs::Runner& runner, const karez::jobs::Imports& imports);

// INVALID_ARGUMENT with every bad column.
Result<usecases::ImportedAccount> ReadAccountRow(const Context& context,
                                                 const karez::jobs::CsvRow& cells);

// "12.345678" m³ as millilitres: digits, at most six after the point.
Result<std::int64_t> ParseCubicMetres(std::string_view text);

}  // namespace karez::accounts::jobs

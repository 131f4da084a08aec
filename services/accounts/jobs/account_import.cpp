#include "services/accounts/jobs/account_import.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "libs/base/money.h"
#include "services/accounts/usecases/keep_facts.h"

namespace karez::accounts::jobs {
namespace {

constexpr std::chrono::seconds kWakePeriod{10};
constexpr std::size_t kFractionDigits = 6;
constexpr std::size_t kWholeDigits = 10;

bool AllDigits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::int64_t ToInteger(std::string_view digits) {
  std::int64_t out = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return out;
}

// A moment, or a day whose beginning in the utility's zone is meant.
Result<Instant> ParseTime(const Context& context, const std::string& text) {
  if (const auto day = ParseDate(text)) return context.tenant().zone.StartOf(*day);
  if (const auto moment = ParseInstant(text)) return *moment;
  return FailField("from_time", "Must be a day (2026-05-01) or a time (2026-05-01T08:00:00Z).");
}

void AddTo(Violations& bad, const Error& error) {
  for (const auto& violation : error.violations) bad.Add(violation.field, violation.description);
}

void ReadMeter(const Context& context, const karez::jobs::CsvRow& cells,
               usecases::ImportedAccount& out, Violations& bad) {
  out.meter_number = cells["meter_number"];
  if (out.meter_number.empty()) {
    for (const char* column : {"from_m3", "from_time"}) {
      if (!cells[column].empty()) bad.Add(column, "Is of use only with a meter_number.");
    }
    return;
  }
  if (const auto value = ParseCubicMetres(cells["from_m3"])) {
    out.from_ml = *value;
    CheckRegister("from_m3", *value, bad);
  } else {
    AddTo(bad, value.error());
  }
  if (cells["from_time"].empty()) return;
  if (const auto time = ParseTime(context, cells["from_time"])) {
    out.from_time = *time;
    CheckPast("from_time", *time, context.Now(), bad);
  } else {
    AddTo(bad, time.error());
  }
}

}  // namespace

Result<std::int64_t> ParseCubicMetres(std::string_view text) {
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  const auto fraction = point == std::string_view::npos ? "" : text.substr(point + 1);
  const bool good = AllDigits(whole) && whole.size() <= kWholeDigits &&
                    (point == std::string_view::npos ||
                     (AllDigits(fraction) && fraction.size() <= kFractionDigits));
  if (!good) {
    return FailField("from_m3",
                     "Must be the register in m³ when the meter was bound, e.g. 12.345: digits, at "
                     "most six after the point.");
  }
  std::int64_t scale = kMlPerM3;
  for (std::size_t i = 0; i < fraction.size(); ++i) scale /= 10;
  return ToInteger(whole) * kMlPerM3 + ToInteger(fraction) * scale;
}

Result<usecases::ImportedAccount> ReadAccountRow(const Context& context,
                                                 const karez::jobs::CsvRow& cells) {
  Violations bad;
  usecases::ImportedAccount out;
  out.number = cells["number"];
  if (!out.number.empty()) CheckNumber(out.number, bad);
  CustomerKind kind = CustomerKind::kPerson;
  if (const auto& text = cells["customer_kind"]; !text.empty()) {
    const auto parsed = ParseCustomerKind(text);
    if (parsed) {
      kind = *parsed;
    } else {
      AddTo(bad, parsed.error());
    }
  }
  out.customer = MakeCustomer(
      CustomerId::New(), {cells["customer_name"], kind, cells["phone"], cells["identity_number"]},
      "customer_name", bad);
  out.address = MakeAddressNames(
      {cells["region"], cells["community"], cells["building"], cells["unit"], cells["room"]}, bad);
  out.branch_code = cells["branch_code"];
  out.tariff_code = cells["tariff_code"];
  CheckTariffCode(out.tariff_code, bad);
  if (const auto& text = cells["household_size"]; !text.empty()) {
    out.household_size =
        AllDigits(text) && text.size() <= 2 ? static_cast<int>(ToInteger(text)) : 0;
    CheckHousehold(*out.household_size, bad);
  }
  ReadMeter(context, cells, out, bad);
  RETURN_IF_ERROR(bad.Check());
  return out;
}

karez::jobs::ImportKind AccountImport(const auth::Sealer& sealer) {
  karez::jobs::ImportKind kind;
  kind.kind = "accounts.import_accounts";
  kind.required = usecases::RequiredColumns();
  kind.optional = usecases::OptionalColumns();
  kind.personal = {"phone", "identity_number"};
  kind.sealer = &sealer;
  kind.apply = [&sealer](pg::Tx& tx, const Context& context,
                         const karez::jobs::CsvRow& cells) -> Result<karez::jobs::RowOutcome> {
    ASSIGN_OR_RETURN(const auto row, ReadAccountRow(context, cells));
    return usecases::ImportAccount(tx, context, sealer, row);
  };
  return kind;
}

void RunAccountImports(karez::jobs::Runner& runner, const karez::jobs::Imports& imports) {
  runner.On(imports.kind(),
            [&imports](pg::Tx& tx, const Context& context, karez::jobs::Operation& operation) {
              return imports.Step(tx, context, operation);
            });
  runner.Every("wake_missed_rows", kWakePeriod,
               [&imports](pg::Tx& tx, const Context& context) -> Result<void> {
                 usecases::WakeMissedRows(tx, context, imports);
                 return {};
               });
}

}  // namespace karez::accounts::jobs

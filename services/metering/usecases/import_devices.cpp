#include "services/metering/usecases/import_devices.h"

#include <charconv>

#include "services/metering/store/meter_store.h"
#include "services/metering/store/terminal_store.h"
#include "services/metering/usecases/create_meter.h"
#include "services/metering/usecases/create_terminal.h"

namespace karez::metering::usecases {
namespace {

using jobs::CsvRow;
using jobs::RowOutcome;

RowOutcome Outcome(RowOutcome::State state, const std::string& number) {
  return {state, number, {}, {}};
}

// Empty: 0, which stands for the default.
Result<int> Number(const CsvRow& row, const char* column) {
  const std::string& text = row[column];
  int value = 0;
  if (text.empty()) return value;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1) {
    return FailField(column, "Must be a whole number above 0, or empty.");
  }
  return value;
}

Result<RowOutcome> Different(const std::string& what, const std::string& number) {
  return FailField("number",
                   "A " + what + " with number " + number +
                       " is registered with other data: correct the row, or leave it out.");
}

Result<RowOutcome> ApplyTerminal(pg::Tx& tx, const Context& context,
                                 const protocols::ProfileCatalogue& profiles, const CsvRow& row,
                                 BranchId branch) {
  NewTerminal wanted;
  wanted.number = row["number"];
  ASSIGN_OR_RETURN(wanted.kind, domain::ParseKind(row["terminal_kind"]));
  wanted.branch_id = branch;
  wanted.profile = row["terminal_profile"];
  ASSIGN_OR_RETURN(wanted.poll_seconds, Number(row, "poll_seconds"));
  ASSIGN_OR_RETURN(const auto terminal, DraftTerminal(profiles, wanted));
  if (const auto there = store::FindTerminal(tx, context, terminal.number)) {
    const bool same = there->kind == terminal.kind && there->branch_id == terminal.branch_id &&
                      there->profile == terminal.profile &&
                      there->poll_seconds == terminal.poll_seconds;
    if (same) return Outcome(RowOutcome::State::kUnchanged, terminal.number);
    return Different("terminal", terminal.number);
  }
  RETURN_IF_ERROR(CreateTerminal(tx, context, terminal));
  return Outcome(RowOutcome::State::kImported, terminal.number);
}

Result<RowOutcome> ApplyMeter(pg::Tx& tx, const Context& context,
                              const protocols::ProfileCatalogue& profiles, const CsvRow& row,
                              BranchId branch) {
  NewMeter wanted;
  wanted.number = row["number"];
  wanted.branch_id = branch;
  wanted.profile = row["profile"];
  ASSIGN_OR_RETURN(wanted.diameter_mm, Number(row, "diameter_mm"));
  ASSIGN_OR_RETURN(wanted.register_digits, Number(row, "register_digits"));
  wanted.device_address = row["device_address"];
  if (const std::string& number = row["terminal_number"]; !number.empty()) {
    const auto terminal = store::FindTerminal(tx, context, number);
    if (!terminal) {
      return FailField("terminal_number",
                       "No terminal " + number + " is registered: put its row above its meters.");
    }
    wanted.terminal_id = terminal->id;
  }
  ASSIGN_OR_RETURN(auto meter, DraftMeter(profiles, wanted));
  if (const auto there = store::FindMeter(tx, context, meter.number)) {
    const bool same =
        there->branch_id == meter.branch_id && there->profile == meter.profile &&
        there->reg.diameter_mm == meter.reg.diameter_mm && there->reg.digits == meter.reg.digits &&
        there->device_address == meter.device_address && there->terminal_id == meter.terminal_id;
    if (same) return Outcome(RowOutcome::State::kUnchanged, meter.number);
    return Different("meter", meter.number);
  }
  const std::string number = meter.number;
  RETURN_IF_ERROR(CreateMeter(tx, context, std::move(meter)));
  return Outcome(RowOutcome::State::kImported, number);
}

Result<RowOutcome> Apply(pg::Tx& tx, const Context& context,
                         const protocols::ProfileCatalogue& profiles, const CsvRow& row) {
  const std::string& type = row["type"];
  if (type != "terminal" && type != "meter") {
    return FailField("type", "Must be terminal or meter.");
  }
  const std::string& code = row["branch_code"];
  if (code.empty()) return FailField("branch_code", "Must name a branch by its code.");
  const auto branch = store::FindBranch(tx, context, code);
  if (!branch) {
    return RowOutcome{RowOutcome::State::kWaiting, row["number"], BranchKey(code),
                      "Waits for branch " + code + ", which is not there yet."};
  }
  if (!context.scope().Contains(*branch)) {
    return FailField("branch_code", "Branch " + code + " is outside your data scope.");
  }
  return type == "terminal" ? ApplyTerminal(tx, context, profiles, row, *branch)
                            : ApplyMeter(tx, context, profiles, row, *branch);
}

}  // namespace

jobs::ImportKind DeviceImport(const protocols::ProfileCatalogue& profiles) {
  karez::jobs::ImportKind kind;
  kind.kind = "metering.import_devices";
  kind.required = {"type", "number", "branch_code"};
  kind.optional = {"terminal_number", "profile",       "diameter_mm",      "device_address",
                   "register_digits", "terminal_kind", "terminal_profile", "poll_seconds"};
  kind.apply = [&profiles](pg::Tx& tx, const Context& context, const CsvRow& row) {
    return Apply(tx, context, profiles, row);
  };
  return kind;
}

std::string BranchKey(const std::string& code) { return "branch:" + code; }

}  // namespace karez::metering::usecases

#include "services/accounts/domain/account.h"

#include <algorithm>
#include <chrono>

#include "services/accounts/domain/text.h"

namespace karez::accounts {
namespace {

constexpr std::size_t kNoteCharactersMax = 500;
constexpr std::size_t kCodeLengthMax = 32;

// Before this no register of ours was read; a file with a mistyped year is caught here.
const Instant kEarliest = std::chrono::sys_days(std::chrono::year(2000) / 1 / 1);

bool IsLetterOrDigit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

tl::unexpected<Error> RefuseClosed() {
  return Fail(Code::kFailedPrecondition, "ACCOUNT_CLOSED",
              "The account is closed; open a new account for these premises.");
}

}  // namespace

const MeterBinding* Account::OpenBinding(MeterId meter) const {
  const auto found = std::find_if(bindings.begin(), bindings.end(), [&](const MeterBinding& b) {
    return b.meter_id == meter && b.open();
  });
  return found == bindings.end() ? nullptr : &*found;
}

Result<void> Account::Bind(MeterBinding binding) {
  if (state == State::kClosed) return RefuseClosed();
  bindings.push_back(std::move(binding));
  std::stable_sort(bindings.begin(), bindings.end(), [](const auto& a, const auto& b) {
    return std::tie(a.from_time, a.id) < std::tie(b.from_time, b.id);
  });
  return {};
}

Result<void> Account::Unbind(MeterId meter, std::int64_t to_ml, Instant to_time) {
  const auto found = std::find_if(bindings.begin(), bindings.end(), [&](const MeterBinding& b) {
    return b.meter_id == meter && b.open();
  });
  if (found == bindings.end()) {
    return Fail(Code::kFailedPrecondition, "METER_NOT_BOUND",
                "The meter does not serve this account; look at the account's meters.");
  }
  if (to_time < found->from_time) {
    return FailField("to_time", "Must not be before the meter was bound (" +
                                    FormatInstant(found->from_time) + ").");
  }
  found->to_time = to_time;
  found->to_ml = to_ml;
  return {};
}

Result<bool> Account::ChangeHousehold(int size) {
  if (state == State::kClosed) return RefuseClosed();
  if (household_size == size) return false;
  household_size = size;
  return true;
}

Result<bool> Account::Close(std::int64_t arrears_fen, LocalDate today) {
  if (state == State::kClosed) return false;
  if (std::any_of(bindings.begin(), bindings.end(), [](const auto& b) { return b.open(); })) {
    return Fail(Code::kFailedPrecondition, "ACCOUNT_HAS_METERS",
                "Take the meters off before closing the account.");
  }
  if (arrears_fen > 0) {
    return Fail(Code::kFailedPrecondition, "ACCOUNT_HAS_ARREARS",
                "Collect what is owed before closing the account.",
                {{"arrears_fen", std::to_string(arrears_fen)}});
  }
  state = State::kClosed;
  close_date = today;
  return true;
}

void CheckRegister(std::string_view field, std::int64_t value_ml, Violations& bad) {
  if (value_ml < 0 || value_ml > kRegisterMaxMl) {
    bad.Add(std::string(field), "Must be 0 to 1,000,000,000 m³, in millilitres.");
  }
}

void CheckPast(std::string_view field, Instant value, Instant now, Violations& bad) {
  if (value > now) bad.Add(std::string(field), "Must not be in the future.");
  if (value < kEarliest) bad.Add(std::string(field), "Must not be before the year 2000.");
}

void CheckHousehold(int size, Violations& bad) {
  if (size < 1 || size > kHouseholdMax) bad.Add("household_size", "Must be 1 to 99 persons.");
}

void CheckTariffCode(std::string_view code, Violations& bad) {
  const bool good =
      !code.empty() && code.size() <= kCodeLengthMax && code[0] >= 'a' && code[0] <= 'z' &&
      std::all_of(code.begin(), code.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
      });
  if (!good) {
    bad.Add("tariff_code",
            "Must be 1 to 32 of a-z, 0-9, _ and -, beginning with a letter; e.g. household.");
  }
}

void CheckNote(std::string_view note, Violations& bad) {
  if (CountCharacters(note) > kNoteCharactersMax)
    bad.Add("note", "Must be at most 500 characters.");
}

void CheckNumber(std::string_view number, Violations& bad) {
  const bool good = !number.empty() && number.size() <= kCodeLengthMax &&
                    IsLetterOrDigit(number.front()) &&
                    std::all_of(number.begin(), number.end(),
                                [](char c) { return IsLetterOrDigit(c) || c == '-'; });
  if (!good) {
    bad.Add("number", "Must be 1 to 32 letters, digits and hyphens, beginning with no hyphen.");
  }
}

}  // namespace karez::accounts

// A water account (户): who pays for which premises, and which meters serve it from when to when.
// A wrong state is refused; a change that is there already changes nothing. Values; volumes in
// millilitres.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/context.h"
#include "libs/base/error.h"
#include "libs/base/time.h"
#include "services/accounts/domain/ids.h"

namespace karez::accounts {

// Largest register value that is taken: a thousand million m³.
inline constexpr std::int64_t kRegisterMaxMl = 1'000'000'000'000'000;
inline constexpr int kHouseholdMax = 99;
inline constexpr int kDefaultHousehold = 4;

struct MeterBinding {
  BindingId id;
  MeterId meter_id;
  std::string meter_number;
  Instant from_time;
  std::int64_t from_ml = 0;
  std::optional<Instant> to_time;  // absent while bound
  std::int64_t to_ml = 0;

  bool open() const { return !to_time.has_value(); }
};

struct Account {
  enum class State { kOpen, kClosed };

  AccountId id;
  std::string number;
  BranchId branch_id;
  std::string branch_name;  // as identity tells it; empty until it has
  CustomerId customer_id;
  std::string customer_name;
  AddressId address_id;
  std::string address;
  std::string tariff_code;
  int household_size = kDefaultHousehold;
  State state = State::kOpen;
  LocalDate open_date;
  std::optional<LocalDate> close_date;
  std::vector<MeterBinding> bindings;  // oldest first
  std::int64_t version = 1;

  // The binding of a meter that serves the account now, or null.
  const MeterBinding* OpenBinding(MeterId meter) const;

  // FAILED_PRECONDITION ACCOUNT_CLOSED. The caller has made sure that the meter is free.
  Result<void> Bind(MeterBinding binding);
  // FAILED_PRECONDITION METER_NOT_BOUND; INVALID_ARGUMENT for an end before the beginning.
  Result<void> Unbind(MeterId meter, std::int64_t to_ml, Instant to_time);
  // True when it changed something. FAILED_PRECONDITION ACCOUNT_CLOSED.
  Result<bool> ChangeHousehold(int size);
  // True when it changed something. FAILED_PRECONDITION ACCOUNT_HAS_METERS, ACCOUNT_HAS_ARREARS.
  Result<bool> Close(std::int64_t arrears_fen, LocalDate today);
};

// What is wanted of a binding, as typed.
struct NewBinding {
  MeterId meter_id;
  std::int64_t from_ml = 0;
  Instant from_time;
  std::string field;  // where its fields stand in the request: "meters[0]."
};

// Adds what is wrong with register values, times, household sizes and codes to `bad`.
void CheckRegister(std::string_view field, std::int64_t value_ml, Violations& bad);
void CheckPast(std::string_view field, Instant value, Instant now, Violations& bad);
void CheckHousehold(int size, Violations& bad);
void CheckTariffCode(std::string_view code, Violations& bad);
void CheckNote(std::string_view note, Violations& bad);
// An account number that a file brings along: letters, digits and hyphens.
void CheckNumber(std::string_view number, Violations& bad);

}  // namespace karez::accounts

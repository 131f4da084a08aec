// Refusals as values. A function that can be refused for a reason the caller should hear returns
// Result<T>; exceptions are left for broken infrastructure (a lost database, a bug).
//
// Plain values: safe to copy and to pass between threads.
#pragma once

#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace karez {

// The canonical codes of google.rpc.Code, with the same numbers.
enum class Code {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};

// "INVALID_ARGUMENT" and so on.
std::string_view CodeName(Code code);

// One field of a request that cannot be accepted.
struct FieldViolation {
  std::string field;        // path in the request, lower_snake_case: "lines[2].volume_ml"
  std::string description;  // what is wrong and what would be right
  friend bool operator==(const FieldViolation&, const FieldViolation&) = default;
};

struct Error {
  Code code = Code::kUnknown;
  std::string reason;   // stable UPPER_SNAKE name a program can switch on
  std::string message;  // for people: what is wrong and what to do; no personal data
  std::map<std::string, std::string> metadata;  // the variable parts of the message
  std::vector<FieldViolation> violations;       // all of them, not only the first
};

std::ostream& operator<<(std::ostream& out, const Error& error);

template <class T>
using Result = tl::expected<T, Error>;

// return Fail(Code::kFailedPrecondition, "BILL_EMPTY", "Add a line before issuing the bill.");
tl::unexpected<Error> Fail(Code code, std::string reason, std::string message,
                           std::map<std::string, std::string> metadata = {});

// INVALID_ARGUMENT "INVALID_FIELDS" for one field.
tl::unexpected<Error> FailField(std::string field, std::string description);

// Collects all violations of a request before it is refused:
//   Violations bad;
//   if (in.amount_fen() <= 0) bad.Add("amount_fen", "Must be more than 0.");
//   RETURN_IF_ERROR(bad.Check());
class Violations {
 public:
  void Add(std::string field, std::string description);
  // Takes over the violations of a failed part, or its message when it names no field.
  void Add(std::string_view prefix, const Error& error);
  bool empty() const { return items_.empty(); }
  const std::vector<FieldViolation>& items() const { return items_; }
  // INVALID_ARGUMENT "INVALID_FIELDS" with everything added so far, or success.
  Result<void> Check() const;

 private:
  std::vector<FieldViolation> items_;
};

}  // namespace karez

#define KAREZ_CONCAT_INNER(a, b) a##b
#define KAREZ_CONCAT(a, b) KAREZ_CONCAT_INNER(a, b)

// ASSIGN_OR_RETURN(const auto id, AccountId::Parse(text));
#define ASSIGN_OR_RETURN(declaration, expression) \
  ASSIGN_OR_RETURN_INNER(KAREZ_CONCAT(karez_result_, __LINE__), declaration, expression)
#define ASSIGN_OR_RETURN_INNER(result, declaration, expression)         \
  auto result = (expression);                                           \
  if (!result) return ::tl::make_unexpected(std::move(result).error()); \
  declaration = *std::move(result)

#define RETURN_IF_ERROR(expression)                                  \
  do {                                                               \
    if (auto karez_status = (expression); !karez_status)             \
      return ::tl::make_unexpected(std::move(karez_status).error()); \
  } while (false)

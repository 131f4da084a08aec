// What PostgreSQL refused, classified by SQLSTATE.
#pragma once

#include <stdexcept>
#include <string>

namespace karez::pg {

enum class FailureKind {
  kRetryable,      // serialization, deadlock, lock timeout, shutdown: the whole transaction again
  kConnection,     // the connection is gone; before COMMIT nothing has happened
  kCommitUnknown,  // the connection went away during COMMIT: look by idempotency key
  kUniqueViolation,
  kForeignKeyViolation,
  kCheckViolation,
  kTimeout,  // statement_timeout
  kOther,
};

class Failure : public std::runtime_error {
 public:
  Failure(FailureKind kind, std::string sqlstate, std::string constraint, const std::string& what)
      : std::runtime_error(what),
        kind_(kind),
        sqlstate_(std::move(sqlstate)),
        constraint_(std::move(constraint)) {}
  FailureKind kind() const { return kind_; }
  const std::string& sqlstate() const { return sqlstate_; }
  // Name of the violated constraint, when there is one.
  const std::string& constraint() const { return constraint_; }
  bool retryable() const {
    return kind_ == FailureKind::kRetryable || kind_ == FailureKind::kConnection;
  }

 private:
  FailureKind kind_;
  std::string sqlstate_;
  std::string constraint_;
};

FailureKind ClassifySqlState(const std::string& sqlstate);

}  // namespace karez::pg

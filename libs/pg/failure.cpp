#include "libs/pg/failure.h"

namespace karez::pg {

FailureKind ClassifySqlState(const std::string& sqlstate) {
  if (sqlstate == "40001" || sqlstate == "40P01" || sqlstate == "55P03" || sqlstate == "57P01" ||
      sqlstate == "57P02" || sqlstate == "57P03") {
    return FailureKind::kRetryable;
  }
  if (sqlstate.starts_with("08")) return FailureKind::kConnection;
  if (sqlstate == "23505") return FailureKind::kUniqueViolation;
  if (sqlstate == "23503") return FailureKind::kForeignKeyViolation;
  if (sqlstate == "23514") return FailureKind::kCheckViolation;
  if (sqlstate == "57014") return FailureKind::kTimeout;
  return FailureKind::kOther;
}

}  // namespace karez::pg

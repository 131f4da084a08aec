// A new utility with its first administrator; and the platform's own tenant.
#pragma once

#include <string>

#include "libs/pg/pool.h"
#include "services/identity/domain/tenant.h"

namespace karez::identity::usecases {

struct NewUtility {
  std::string code;
  std::string name;
  std::string zone;        // empty: Asia/Shanghai
  std::string group_code;  // empty: none
  std::string admin_staff_name;
  std::string admin_password;
};

// Runs in a transaction of the platform's tenant. ALREADY_EXISTS "TENANT_CODE_TAKEN".
Result<TenantRecord> CreateTenant(pg::Tx& tx, const Context& context, const NewUtility& wanted);

// Creates tenant 1, `platform`, with the administrator `admin`. False when it is there already:
// then nothing is changed, not the password either.
Result<bool> BootstrapPlatform(pg::Pool& pool, const Clock& clock,
                               const std::string& admin_password);

}  // namespace karez::identity::usecases

// Gathers the audit records of all services (karez.audit.v1.AuditRecorded on every topic) into one
// chain per tenant.
#pragma once

#include <string>
#include <vector>

#include "libs/events/consumer.h"

namespace karez::identity::consumers {

void RecordAudit(karez::events::Consumer& consumer, const std::vector<std::string>& topics);

}  // namespace karez::identity::consumers

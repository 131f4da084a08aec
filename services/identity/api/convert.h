// Domain to proto.
#pragma once

#include "karez/identity/v1/identity.pb.h"

#include "services/identity/domain/audit.h"
#include "services/identity/domain/branch.h"
#include "services/identity/domain/staff.h"
#include "services/identity/domain/tenant.h"
#include "services/identity/usecases/session_start.h"

namespace karez::identity::api {

void ToProto(const TenantRecord& tenant, v1::Tenant& out);
void ToProto(const Branch& branch, v1::Branch& out);
// A built-in role shows what it gives today.
void ToProto(const Role& role, const PermissionSet& permissions, v1::Role& out);
void ToProto(const Staff& staff, v1::Staff& out);
void ToProto(const usecases::SessionView& view, v1::Session& out);
void ToProto(const usecases::SignedIn& signed_in, v1::SignInResponse& out);
void ToProto(const ChainedEntry& chained, v1::AuditRecord& out);

// Roles and branches of a request.
template <class Request>
Assignment ToAssignment(const Request& in) {
  return {{in.role_ids().begin(), in.role_ids().end()},
          in.all_branches(),
          {in.branch_ids().begin(), in.branch_ids().end()}};
}

}  // namespace karez::identity::api

#include "services/identity/events/facts.h"

#include <memory>

#include <google/protobuf/empty.pb.h>

#include "karez/identity/v1/events.pb.h"

#include "libs/events/fact.h"
#include "libs/rpc/audit.h"

namespace karez::identity::events {
namespace {

namespace pb = karez::identity::v1;
using karez::events::MakeFact;

}  // namespace

pg::Fact TenantChanged(const TenantRecord& tenant) {
  pb::TenantChanged event;
  event.set_tenant_id(tenant.id);
  event.set_code(tenant.code);
  event.set_name(tenant.name);
  event.set_zone(tenant.zone);
  event.set_active(tenant.active);
  event.mutable_settings()->insert(tenant.settings.begin(), tenant.settings.end());
  event.set_version(tenant.version);
  const Uuid id = Uuid::V5(Uuid(), "tenant:" + std::to_string(tenant.id));
  return MakeFact("tenant", id, tenant.version, event);
}

pg::Fact BranchChanged(const Branch& branch) {
  pb::BranchChanged event;
  event.set_branch_id(branch.id.str());
  event.set_code(branch.code);
  event.set_name(branch.name);
  if (branch.parent) event.set_parent_id(branch.parent->str());
  event.set_version(branch.version);
  return MakeFact("branch", branch.id.value(), branch.version, event);
}

void PublishAudit(pg::Tx& tx, const Context& context, TenantId tenant_id,
                  const AuthAttempt& attempt) {
  auto tenant = std::make_shared<Tenant>();
  tenant->id = tenant_id;
  Principal principal;
  principal.kind = Principal::Kind::kStaff;
  principal.subject = attempt.subject;
  principal.name = attempt.subject_name;
  principal.session = attempt.session_id;
  const Context as_subject(std::move(tenant), std::move(principal), Uuid(), context.trace(),
                           context.deadline(), context.clock());
  // An empty request: what was given may hold secrets.
  rpc::PublishAudit(tx, as_subject, "identity", "karez.identity.v1.AuthService." + attempt.method,
                    google::protobuf::Empty(), attempt.outcome);
}

}  // namespace karez::identity::events

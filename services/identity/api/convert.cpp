#include "services/identity/api/convert.h"

#include "libs/base/bytes.h"
#include "libs/rpc/status.h"

namespace karez::identity::api {
namespace {

template <class Ids>
void ToTexts(const Ids& ids, google::protobuf::RepeatedPtrField<std::string>& out) {
  for (const auto& id : ids) *out.Add() = id.str();
}

}  // namespace

void ToProto(const TenantRecord& tenant, v1::Tenant& out) {
  out.set_tenant_id(tenant.id);
  out.set_code(tenant.code);
  out.set_name(tenant.name);
  out.set_zone(tenant.zone);
  out.set_active(tenant.active);
  out.mutable_settings()->insert(tenant.settings.begin(), tenant.settings.end());
  out.set_group_code(tenant.group_code.value_or(""));
  *out.mutable_create_time() = rpc::ToProto(tenant.created_at);
}

void ToProto(const Branch& branch, v1::Branch& out) {
  out.set_branch_id(branch.id.str());
  out.set_code(branch.code);
  out.set_name(branch.name);
  if (branch.parent) out.set_parent_id(branch.parent->str());
}

void ToProto(const Role& role, const PermissionSet& permissions, v1::Role& out) {
  out.set_role_id(role.id.str());
  out.set_name(role.name);
  for (const std::string& permission : permissions) out.add_permissions(permission);
  out.set_etag(Etag(role.version));
}

void ToProto(const Staff& staff, v1::Staff& out) {
  out.set_staff_id(staff.id.str());
  out.set_staff_name(staff.name);
  out.set_display_name(staff.display_name);
  out.set_active(staff.active);
  ToTexts(staff.roles, *out.mutable_role_ids());
  out.set_all_branches(staff.scope.all);
  ToTexts(staff.scope.branches, *out.mutable_branch_ids());
  out.set_etag(Etag(staff.version));
}

void ToProto(const usecases::SessionView& view, v1::Session& out) {
  out.set_session_id(view.session.str());
  out.set_staff_id(view.staff.id.str());
  out.set_staff_name(view.staff.name);
  out.set_display_name(view.staff.display_name);
  out.set_tenant_id(view.tenant.id);
  out.set_tenant_code(view.tenant.code);
  out.set_tenant_name(view.tenant.name);
  out.set_zone(view.tenant.zone);
  for (const std::string& permission : view.grants.permissions) out.add_permissions(permission);
  out.set_all_branches(view.grants.scope.all);
  ToTexts(view.grants.scope.branches, *out.mutable_branch_ids());
}

void ToProto(const usecases::SignedIn& signed_in, v1::SignInResponse& out) {
  out.set_access_token(signed_in.access_token);
  out.set_expires_in_seconds(static_cast<std::int32_t>(kAccessTokenLife.count()));
  out.set_refresh_token(signed_in.refresh_token);
  ToProto(signed_in.view, *out.mutable_session());
}

void ToProto(const ChainedEntry& chained, v1::AuditRecord& out) {
  const AuditEntry& entry = chained.entry;
  out.set_sequence(chained.sequence);
  *out.mutable_time() = rpc::ToProto(entry.happened_at);
  out.set_service(entry.service);
  out.set_method(entry.method);
  out.set_subject(entry.subject);
  out.set_subject_name(entry.subject_name);
  out.set_outcome(entry.outcome);
  out.set_request_json(entry.request_json);
  out.set_trace_id(entry.trace_id);
  out.set_hash(ToHex(chained.hash));
}

}  // namespace karez::identity::api

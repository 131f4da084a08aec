#include "services/identity/api/permissions.h"

#include "karez/accounts/v1/accounts.pb.h"
#include "karez/billing/v1/billing.pb.h"
#include "karez/identity/v1/identity.pb.h"
#include "karez/metering/v1/metering.pb.h"
#include "karez/options/v1/options.pb.h"

namespace karez::identity::api {
namespace {

void Collect(const google::protobuf::FileDescriptor& file, PermissionSet& out) {
  for (int s = 0; s < file.service_count(); ++s) {
    for (int m = 0; m < file.service(s)->method_count(); ++m) {
      const auto& options = file.service(s)->method(m)->options();
      const std::string& permission = options.GetExtension(options::v1::rule).permission();
      if (!permission.empty()) out.insert(permission);
    }
  }
}

}  // namespace

PermissionCatalogue AllPermissions() {
  PermissionSet all;
  // One message of each service's API file: naming it links the file in.
  for (const auto* message :
       {accounts::v1::Customer::descriptor(), billing::v1::Bill::descriptor(),
        identity::v1::Staff::descriptor(), metering::v1::Meter::descriptor()}) {
    Collect(*message->file(), all);
  }
  return PermissionCatalogue(std::move(all));
}

}  // namespace karez::identity::api

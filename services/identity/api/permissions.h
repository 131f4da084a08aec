// Every permission of every service, read from the method options of the protos in this binary.
#pragma once

#include "services/identity/domain/permissions.h"

namespace karez::identity::api {

PermissionCatalogue AllPermissions();

}  // namespace karez::identity::api

// /openapi.json: OpenAPI 3.1 of every route, from the descriptors and their comments alone.
#pragma once

#include <string>

#include "services/gateway/transcode/routes.h"

namespace karez::gateway::openapi {

// The whole document as JSON text.
std::string MakeDocument(const transcode::Routes& routes);

}  // namespace karez::gateway::openapi

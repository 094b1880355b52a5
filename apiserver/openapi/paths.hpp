// SPDX-License-Identifier: Apache-2.0
// The operations of one version of metrics.k8s.io.
#pragma once

#include "apiserver/openapi/schemas.hpp"

namespace apiserver {

// The path items, by path.
Json metrics_paths(OpenApiVersion openapi, const std::string& version);

}  // namespace apiserver

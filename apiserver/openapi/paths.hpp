// SPDX-License-Identifier: Apache-2.0
// What can be asked for: the path items of the documents.
#pragma once

#include "apiserver/openapi/schema_builder.hpp"

#include <string>

namespace apiserver {

// Each adds its path items to `paths`; the schemas they refer to are those of meta_schemas.hpp and
// schemas.hpp.
void add_group_list_path(OpenApiVersion openapi, Json& paths);
void add_group_path(OpenApiVersion openapi, Json& paths);
// The resource list, and the lists and objects of one version of metrics.k8s.io.
void add_metrics_paths(OpenApiVersion openapi, const std::string& version, Json& paths);
void add_version_path(OpenApiVersion openapi, Json& paths);

}  // namespace apiserver

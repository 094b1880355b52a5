// SPDX-License-Identifier: Apache-2.0
// The parameters of the operations.
#pragma once

#include "apiserver/openapi/schema_builder.hpp"

#include <string>

namespace apiserver {

// Parts of the path.
Json name_parameter(OpenApiVersion openapi, const std::string& kind);
Json namespace_parameter(OpenApiVersion openapi);

// Appends those of the query: pretty, and those of a list (k8s.io/apimachinery, ListOptions).
void add_query_parameters(OpenApiVersion openapi, bool list, Json& parameters);

}  // namespace apiserver

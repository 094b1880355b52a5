// SPDX-License-Identifier: Apache-2.0
// What OpenAPI documents say of metrics.k8s.io.
#pragma once

#include "apiserver/groups/group.hpp"
#include "apiserver/groups/openapi_json.hpp"

#include <string_view>

namespace apiserver {

// See Group::describe().
void describe_metrics(const GroupInfo& group, OpenApiVersion openapi, std::string_view version, Json& paths,
                      Json& schemas);

}  // namespace apiserver

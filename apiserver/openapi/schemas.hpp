// SPDX-License-Identifier: Apache-2.0
// The schemas of metrics.k8s.io.
#pragma once

#include "apiserver/openapi/schema_builder.hpp"

#include <string>

namespace apiserver {

// A schema's name: metrics_name("v1beta1", "NodeMetrics").
std::string metrics_name(const std::string& version, const std::string& type);

// Adds to `all`, by name, the schemas of one version, with those of meta/v1 that they refer to.
void add_metrics_schemas(const SchemaBuilder& b, const std::string& version, Json& all);

}  // namespace apiserver

// SPDX-License-Identifier: Apache-2.0
// The schemas of what we serve: our own types and those of meta/v1 that they use.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace apiserver {

// Go's keys are sorted, and so are these.
using Json = nlohmann::json;

// v2 is Swagger 2.0, v3 OpenAPI 3.0: they differ in how they refer to a schema and in what a quantity is.
enum class OpenApiVersion { v2, v3 };

// A reference to a schema of metrics.k8s.io: NodeMetrics of v1beta1, say.
Json metrics_ref(OpenApiVersion openapi, const std::string& version, const std::string& name);

// The schemas of one version of metrics.k8s.io, by name, with those of meta/v1 among them.
Json schemas(OpenApiVersion openapi, const std::string& version);

}  // namespace apiserver

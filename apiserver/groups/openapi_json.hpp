// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace apiserver {

// Go's keys are sorted, and so are these.
using Json = nlohmann::json;

// v2 is Swagger 2.0, v3 OpenAPI 3.0: they differ in how they refer to a schema and in what a quantity is.
enum class OpenApiVersion { v2, v3 };

}  // namespace apiserver

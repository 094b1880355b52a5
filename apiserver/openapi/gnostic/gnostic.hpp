// SPDX-License-Identifier: Apache-2.0
// OpenAPI documents in protobuf: the messages of github.com/google/gnostic-models, which kube-openapi serves
// as application/com.github.proto-openapi.spec.v2.v1.0+protobuf and ...spec.v3.v1.0+protobuf.
#pragma once

#include "apiserver/openapi/schema_builder.hpp"

#include <string>

namespace apiserver {

// The Document message that holds what the JSON holds. JSON that OpenAPI does not know, or that none of our
// documents uses, is a bug: std::logic_error.
std::string to_gnostic(OpenApiVersion openapi, const Json& document);

}  // namespace apiserver

// SPDX-License-Identifier: Apache-2.0
// The schemas of k8s.io/apimachinery's types that our answers use (pkg/apis/meta/v1, pkg/version,
// pkg/api/resource).
#pragma once

#include "apiserver/openapi/schema_builder.hpp"

#include <string>

namespace apiserver {

// A schema's name: meta_name("Status").
std::string meta_name(const std::string& type);
inline constexpr char kQuantityName[] = "io.k8s.apimachinery.pkg.api.resource.Quantity";
inline constexpr char kVersionInfoName[] = "io.k8s.apimachinery.pkg.version.Info";

// Each adds to `all`, by name, what it is called after and what that refers to.
void add_status_schemas(const SchemaBuilder& b, Json& all);
void add_object_schemas(const SchemaBuilder& b, Json& all);
void add_group_schemas(const SchemaBuilder& b, Json& all);
void add_resource_list_schemas(const SchemaBuilder& b, Json& all);
void add_version_schemas(const SchemaBuilder& b, Json& all);

}  // namespace apiserver

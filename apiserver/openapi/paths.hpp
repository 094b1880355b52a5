// SPDX-License-Identifier: Apache-2.0
// What can be asked for: the path items of the documents, and what those of a group are made of.
#pragma once

#include "apiserver/groups/group.hpp"
#include "apiserver/groups/openapi_json.hpp"

#include <string>
#include <string_view>

namespace apiserver {

// Each adds its path items to `paths`; the schemas they refer to are those of meta_schemas.hpp.
void add_group_list_path(OpenApiVersion openapi, Json& paths);
void add_group_path(OpenApiVersion openapi, const GroupInfo& group, Json& paths);
void add_resource_list_path(OpenApiVersion openapi, const GroupInfo& group, std::string_view version,
                            Json& paths);
void add_version_path(OpenApiVersion openapi, Json& paths);

// A get or list of a group's objects.
struct ResourceOperation {
    // Behind the version: "nodes/{name}".
    std::string_view path;
    std::string_view kind;
    bool list = false;
    bool in_namespace = false;
    // What the operation's id ends with.
    std::string_view scope;
    // The answer's schema.
    std::string answer;
};
void add_resource_path(OpenApiVersion openapi, const GroupInfo& group, std::string_view version,
                       const ResourceOperation& operation, Json& paths);

}  // namespace apiserver

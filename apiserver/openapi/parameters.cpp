// SPDX-License-Identifier: Apache-2.0
#include "apiserver/openapi/parameters.hpp"

namespace apiserver {
namespace {

// Version 2's and 3's way to say what type a parameter has.
Json parameter(OpenApiVersion openapi, const char* name, const char* in, const char* type,
               const std::string& description) {
    Json p = {{"name", name}, {"in", in}, {"description", description}};
    if (openapi == OpenApiVersion::v2)
        p["type"] = type;
    else
        p["schema"] = {{"type", type}};
    (openapi == OpenApiVersion::v2 ? p : p["schema"])["uniqueItems"] = true;
    if (std::string{in} == "path") p["required"] = true;
    return p;
}

struct QueryParameter {
    const char* name;
    const char* type;
    const char* description;
};

}  // namespace

Json name_parameter(OpenApiVersion openapi, const std::string& kind) {
    return parameter(openapi, "name", "path", "string", "name of the " + kind);
}

Json namespace_parameter(OpenApiVersion openapi) {
    return parameter(openapi, "namespace", "path", "string", "the namespace of the objects");
}

void add_query_parameters(OpenApiVersion openapi, bool list, Json& parameters) {
    static constexpr QueryParameter kOfLists[] = {
        {"allowWatchBookmarks", "boolean", "Accepted: there are no watches."},
        {"continue", "string", "Accepted: lists are always whole."},
        {"fieldSelector", "string", "Only objects whose metadata.name and metadata.namespace match."},
        {"labelSelector", "string", "Only objects whose labels match."},
        {"limit", "integer", "Accepted: lists are always whole."},
        {"resourceVersion", "string", "Accepted: metrics have no versions."},
        {"resourceVersionMatch", "string", "Checked and accepted: metrics have no versions."},
        {"sendInitialEvents", "boolean", "Refused: it belongs to watches."},
        {"timeoutSeconds", "integer", "Accepted: there are no watches."},
        {"watch", "boolean", "Refused where it is true: there are no watches."},
    };
    parameters.push_back(parameter(openapi, "pretty", "query", "string", "true: indented JSON."));
    if (!list) return;
    for (const QueryParameter& p : kOfLists)
        parameters.push_back(parameter(openapi, p.name, "query", p.type, p.description));
}

}  // namespace apiserver

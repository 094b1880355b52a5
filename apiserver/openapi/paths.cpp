// SPDX-License-Identifier: Apache-2.0
#include "apiserver/openapi/paths.hpp"

#include "apiserver/openapi/meta_schemas.hpp"
#include "apiserver/openapi/parameters.hpp"
#include "apiserver/openapi/schemas.hpp"

#include <utility>
#include <vector>

namespace apiserver {
namespace {

using MediaTypes = std::vector<std::string>;

const MediaTypes kOneType{"application/json"};
const MediaTypes kDocumentTypes{"application/json", "application/yaml",
                                "application/vnd.kubernetes.protobuf"};
const MediaTypes kListTypes{"application/json", "application/yaml", "application/vnd.kubernetes.protobuf",
                            "application/json;stream=watch",
                            "application/vnd.kubernetes.protobuf;stream=watch"};

// One GET.
struct Operation {
    std::string id;
    std::string tag;
    std::string description;
    // The name of the answer's schema.
    std::string answer;
    const MediaTypes& types;
};

Json response(const SchemaBuilder& b, const std::string& description, const std::string& schema,
              const MediaTypes& types) {
    Json out = {{"description", description}};
    if (b.openapi() == OpenApiVersion::v2)
        out["schema"] = b.ref(schema);
    else
        for (const std::string& type : types) out["content"][type] = {{"schema", b.ref(schema)}};
    return out;
}

Json make_get(const SchemaBuilder& b, const Operation& operation) {
    Json get = {{"operationId", operation.id},
                {"description", operation.description},
                {"tags", Json::array({operation.tag})},
                {"responses",
                 {{"200", response(b, "OK", operation.answer, operation.types)},
                  {"401", {{"description", "Unauthorized"}}},
                  {"default", response(b, "Failure", meta_name("Status"), kDocumentTypes)}}}};
    if (b.openapi() == OpenApiVersion::v2) {
        get["schemes"] = Json::array({"https"});
        get["consumes"] = Json::array({"*/*"});
        get["produces"] = operation.types;
    }
    return get;
}

// NodeMetrics or PodMetrics, a list of them or one.
struct MetricsOperation {
    const char* path;
    const char* kind;
    bool list;
    bool in_namespace;
    // What the operation's id ends with.
    const char* scope;
};

Json metrics_path_item(const SchemaBuilder& b, const std::string& version,
                       const MetricsOperation& operation) {
    std::string capital = version;
    capital[0] = 'V';
    const std::string kind = operation.kind;
    const std::string verb = operation.list ? "list" : "read";
    const std::string what = operation.list ? " objects of kind " : " the specified ";
    Json get = make_get(b, {verb + "Metrics" + capital + operation.scope, "metrics_" + version,
                            verb + what + kind, metrics_name(version, kind + (operation.list ? "List" : "")),
                            operation.list ? kListTypes : kDocumentTypes});
    get["x-kubernetes-action"] = operation.list ? "list" : "get";
    get["x-kubernetes-group-version-kind"] = {
        {"group", "metrics.k8s.io"}, {"version", version}, {"kind", kind}};
    Json parameters = Json::array();
    if (!operation.list) parameters.push_back(name_parameter(b.openapi(), kind));
    if (operation.in_namespace) parameters.push_back(namespace_parameter(b.openapi()));
    add_query_parameters(b.openapi(), operation.list, parameters);
    return {{"get", std::move(get)}, {"parameters", std::move(parameters)}};
}

}  // namespace

void add_group_list_path(OpenApiVersion openapi, Json& paths) {
    paths["/apis/"]["get"] = make_get(
        SchemaBuilder{openapi},
        {"getAPIVersions", "apis", "get available API versions", meta_name("APIGroupList"), kDocumentTypes});
}

void add_group_path(OpenApiVersion openapi, Json& paths) {
    paths["/apis/metrics.k8s.io/"]["get"] =
        make_get(SchemaBuilder{openapi}, {"getMetricsAPIGroup", "metrics", "get information of a group",
                                          meta_name("APIGroup"), kDocumentTypes});
}

void add_metrics_paths(OpenApiVersion openapi, const std::string& version, Json& paths) {
    static constexpr MetricsOperation kOperations[] = {
        {"nodes", "NodeMetrics", true, false, "NodeMetrics"},
        {"nodes/{name}", "NodeMetrics", false, false, "NodeMetrics"},
        {"namespaces/{namespace}/pods", "PodMetrics", true, true, "NamespacedPodMetrics"},
        {"namespaces/{namespace}/pods/{name}", "PodMetrics", false, true, "NamespacedPodMetrics"},
        {"pods", "PodMetrics", true, false, "PodMetricsForAllNamespaces"},
    };
    const SchemaBuilder b{openapi};
    const std::string root = "/apis/metrics.k8s.io/" + version + "/";
    std::string capital = version;
    capital[0] = 'V';
    paths[root]["get"] =
        make_get(b, {"getMetrics" + capital + "APIResources", "metrics_" + version, "get available resources",
                     meta_name("APIResourceList"), kDocumentTypes});
    for (const MetricsOperation& operation : kOperations)
        paths[root + operation.path] = metrics_path_item(b, version, operation);
}

void add_version_path(OpenApiVersion openapi, Json& paths) {
    paths["/version/"]["get"] =
        make_get(SchemaBuilder{openapi},
                 {"getCodeVersion", "version", "get the version of this server", kVersionInfoName, kOneType});
}

}  // namespace apiserver

// SPDX-License-Identifier: Apache-2.0
#include "apiserver/openapi/paths.hpp"

namespace apiserver {
namespace {

constexpr const char* kMediaTypes[] = {"application/json", "application/vnd.kubernetes.protobuf"};

struct Operation {
    const char* path;
    // NodeMetrics or PodMetrics, a list of them or one.
    const char* kind;
    bool list;
    bool in_namespace;
    // Between "list"/"read", the version and the kind.
    const char* scope;
};

// Version 2's and 3's way to say what type a parameter has.
Json parameter(OpenApiVersion openapi, const char* name, const char* in, const char* type,
               const std::string& description) {
    Json p = {{"name", name}, {"in", in}, {"description", description}};
    if (openapi == OpenApiVersion::v2)
        p["type"] = type;
    else
        p["schema"] = {{"type", type}};
    if (openapi == OpenApiVersion::v2) p["uniqueItems"] = true;
    if (std::string{in} == "path") p["required"] = true;
    return p;
}

Json parameters(OpenApiVersion openapi, const Operation& operation) {
    Json all = Json::array();
    if (!operation.list)
        all.push_back(parameter(openapi, "name", "path", "string", "The name of the object."));
    if (operation.in_namespace)
        all.push_back(parameter(openapi, "namespace", "path", "string", "The namespace of the object."));
    all.push_back(parameter(openapi, "pretty", "query", "string", "true: indented JSON."));
    if (!operation.list) return all;
    all.push_back(parameter(openapi, "labelSelector", "query", "string", "Only objects whose labels match."));
    all.push_back(parameter(openapi, "fieldSelector", "query", "string",
                            "Only objects whose metadata.name and metadata.namespace match."));
    all.push_back(parameter(openapi, "limit", "query", "integer", "Accepted; lists are always whole."));
    return all;
}

Json responses(OpenApiVersion openapi, const std::string& version, const Operation& operation) {
    const std::string type = std::string{operation.kind} + (operation.list ? "List" : "");
    const Json schema = metrics_ref(openapi, version, type);
    Json ok = {{"description", "OK"}};
    if (openapi == OpenApiVersion::v2)
        ok["schema"] = schema;
    else
        for (const char* media_type : kMediaTypes) ok["content"][media_type] = {{"schema", schema}};
    return {{"200", ok}, {"401", {{"description", "Unauthorized"}}}};
}

Json get_operation(OpenApiVersion openapi, const std::string& version, const Operation& operation) {
    std::string capital = version;
    capital[0] = 'V';
    const std::string type = operation.list ? std::string{"objects of kind "} : std::string{"the specified "};
    Json get = {{"operationId",
                 std::string{operation.list ? "list" : "read"} + "Metrics" + capital + operation.scope},
                {"description", (operation.list ? "list " : "read ") + type + operation.kind},
                {"tags", Json::array({"metrics_" + version})},
                {"parameters", parameters(openapi, operation)},
                {"responses", responses(openapi, version, operation)},
                {"x-kubernetes-action", operation.list ? "list" : "get"},
                {"x-kubernetes-group-version-kind",
                 {{"group", "metrics.k8s.io"}, {"version", version}, {"kind", operation.kind}}}};
    if (openapi == OpenApiVersion::v2) {
        get["schemes"] = Json::array({"https"});
        get["consumes"] = Json::array({"*/*"});
        for (const char* media_type : kMediaTypes) get["produces"].push_back(media_type);
    }
    return get;
}

}  // namespace

Json metrics_paths(OpenApiVersion openapi, const std::string& version) {
    static constexpr Operation kOperations[] = {
        {"/nodes", "NodeMetrics", true, false, "NodeMetrics"},
        {"/nodes/{name}", "NodeMetrics", false, false, "NodeMetrics"},
        {"/namespaces/{namespace}/pods", "PodMetrics", true, true, "NamespacedPodMetrics"},
        {"/namespaces/{namespace}/pods/{name}", "PodMetrics", false, true, "NamespacedPodMetrics"},
        {"/pods", "PodMetrics", true, false, "PodMetricsForAllNamespaces"},
    };
    Json paths = Json::object();
    for (const Operation& operation : kOperations)
        paths["/apis/metrics.k8s.io/" + version + operation.path] = {
            {"get", get_operation(openapi, version, operation)}};
    return paths;
}

}  // namespace apiserver

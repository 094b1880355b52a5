// SPDX-License-Identifier: Apache-2.0
#include "apiserver/groups/metrics/openapi.hpp"

#include "apiserver/openapi/meta_schemas.hpp"
#include "apiserver/openapi/paths.hpp"
#include "apiserver/openapi/schema_builder.hpp"

#include <utility>

namespace apiserver {
namespace {

const char kGroup[] = "metrics.k8s.io";

// A schema's name: metrics_name("v1beta1", "NodeMetrics").
std::string metrics_name(const std::string& version, const std::string& type) {
    return "io.k8s.metrics.pkg.apis.metrics." + version + "." + type;
}

// NodeMetrics or PodMetrics; `figures` is what the two do not share.
Json metrics_object(const SchemaBuilder& b, const std::string& version, const std::string& kind,
                    const std::string& description, const char* figures_name, Json figures) {
    Json properties = {
        {"metadata", b.object_field("Standard object's metadata.", meta_name("ObjectMeta"))},
        {"timestamp", b.value_field("The end of the interval that was measured.", meta_name("Time"))},
        {"window", b.value_field("The length of that interval.", meta_name("Duration"))},
        {figures_name, std::move(figures)}};
    b.add_type_fields(properties);
    Json schema = b.object(description, std::move(properties), {"timestamp", "window", figures_name});
    add_kind(schema, kGroup, version, kind);
    return schema;
}

Json metrics_list(const SchemaBuilder& b, const std::string& version, const std::string& kind) {
    Json properties = {
        {"metadata", b.object_field("Standard list metadata.", meta_name("ListMeta"))},
        {"items", b.list_of("The objects, sorted by namespace and name.", metrics_name(version, kind))}};
    b.add_type_fields(properties);
    Json schema = b.object("A list of " + kind + ".", std::move(properties), {"items"});
    add_kind(schema, kGroup, version, kind + "List");
    return schema;
}

// By name, with those of meta/v1 that they refer to.
void add_metrics_schemas(const SchemaBuilder& b, const std::string& version, Json& all) {
    add_object_schemas(b, all);
    const std::string usage =
        "What was used: cpu in cores, averaged over the window; memory (and swap, where it is "
        "on) in bytes, at the timestamp.";
    all[metrics_name(version, "ContainerMetrics")] =
        b.object("What one container of a pod used.",
                 {{"name", b.text("The container's name, as in pod.spec.containers.")},
                  {"usage", b.map_of(usage, kQuantityName)}},
                 {"name", "usage"});
    all[metrics_name(version, "NodeMetrics")] = metrics_object(b, version, "NodeMetrics", "What a node used.",
                                                               "usage", b.map_of(usage, kQuantityName));
    all[metrics_name(version, "PodMetrics")] =
        metrics_object(b, version, "PodMetrics", "What the containers of a pod used.", "containers",
                       b.list_of("The containers that were measured, sorted by name.",
                                 metrics_name(version, "ContainerMetrics")));
    for (const char* kind : {"NodeMetrics", "PodMetrics"})
        all[metrics_name(version, std::string{kind} + "List")] = metrics_list(b, version, kind);
}

}  // namespace

void describe_metrics(const GroupInfo& group, OpenApiVersion openapi, std::string_view version, Json& paths,
                      Json& schemas) {
    const std::string of{version};
    const ResourceOperation operations[] = {
        {"nodes", "NodeMetrics", true, false, "NodeMetrics", metrics_name(of, "NodeMetricsList")},
        {"nodes/{name}", "NodeMetrics", false, false, "NodeMetrics", metrics_name(of, "NodeMetrics")},
        {"namespaces/{namespace}/pods", "PodMetrics", true, true, "NamespacedPodMetrics",
         metrics_name(of, "PodMetricsList")},
        {"namespaces/{namespace}/pods/{name}", "PodMetrics", false, true, "NamespacedPodMetrics",
         metrics_name(of, "PodMetrics")},
        {"pods", "PodMetrics", true, false, "PodMetricsForAllNamespaces", metrics_name(of, "PodMetricsList")},
    };
    for (const ResourceOperation& operation : operations)
        add_resource_path(openapi, group, version, operation, paths);
    add_metrics_schemas(SchemaBuilder{openapi}, of, schemas);
}

}  // namespace apiserver

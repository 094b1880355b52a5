// SPDX-License-Identifier: Apache-2.0
#include "apiserver/openapi/schemas.hpp"

#include <initializer_list>

namespace apiserver {
namespace {

const std::string kMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.";
const std::string kQuantity = "io.k8s.apimachinery.pkg.api.resource.Quantity";

std::string metrics_name(const std::string& version, const std::string& name) {
    return "io.k8s.metrics.pkg.apis.metrics." + version + "." + name;
}

// Builds the schemas of one document.
class Builder {
  public:
    explicit Builder(OpenApiVersion openapi) : openapi_{openapi} {}

    Json ref(const std::string& name) const {
        if (openapi_ == OpenApiVersion::v2) return {{"$ref", "#/definitions/" + name}};
        return {{"$ref", "#/components/schemas/" + name}};
    }
    // A field that is an object of its own: in v3 what stands beside a $ref counts only around an allOf.
    Json object_field(const std::string& description, const std::string& name) const {
        Json field = openapi_ == OpenApiVersion::v2
                         ? ref(name)
                         : Json{{"allOf", Json::array({ref(name)})}, {"default", Json::object()}};
        field["description"] = description;
        return field;
    }
    Json text(const std::string& description) const {
        return {{"type", "string"}, {"description", description}};
    }
    Json number(const std::string& description) const {
        return {{"type", "integer"}, {"format", "int64"}, {"description", description}};
    }
    Json text_map(const std::string& description) const {
        Json value = {{"type", "string"}};
        if (openapi_ == OpenApiVersion::v3) value["default"] = "";
        return {{"type", "object"}, {"additionalProperties", value}, {"description", description}};
    }
    Json usage(const std::string& description) const {
        return {{"type", "object"}, {"additionalProperties", ref(kQuantity)}, {"description", description}};
    }
    Json list(const std::string& description, Json item) const {
        return {{"type", "array"}, {"items", std::move(item)}, {"description", description}};
    }
    Json list_of(const std::string& description, const std::string& name) const {
        Json item = ref(name);
        if (openapi_ == OpenApiVersion::v3)
            item = {{"allOf", Json::array({ref(name)})}, {"default", Json::object()}};
        return list(description, std::move(item));
    }
    Json object(const std::string& description, Json properties,
                std::initializer_list<const char*> required) const {
        Json schema = {
            {"type", "object"}, {"description", description}, {"properties", std::move(properties)}};
        for (const char* name : required) schema["required"].push_back(name);
        return schema;
    }
    Json quantity() const {
        const std::string description =
            "A fixed-point number with a suffix: decimal (n, u, m, k, M, G, T, P, E) or binary (Ki, Mi, Gi, "
            "Ti, Pi, Ei).";
        if (openapi_ == OpenApiVersion::v2) return text(description);
        return {{"description", description},
                {"oneOf", Json::array({{{"type", "string"}}, {{"type", "number"}}})}};
    }

  private:
    OpenApiVersion openapi_;
};

void add_type_fields(const Builder& b, Json& properties) {
    properties["apiVersion"] = b.text("The version of the schema of this object.");
    properties["kind"] = b.text("The kind of this object, in CamelCase.");
}

void add_meta_schemas(const Builder& b, Json& all) {
    Json time = b.text("A time in RFC 3339 form, in whole seconds.");
    time["format"] = "date-time";
    all[kMeta + "Time"] = time;
    all[kMeta + "Duration"] = b.text("A duration as Go writes it: 15.002s, 1m0s.");
    all[kQuantity] = b.quantity();
    all[kMeta + "ObjectMeta"] =
        b.object("The metadata of an object.",
                 {{"name", b.text("The name, unique within a namespace.")},
                  {"namespace", b.text("The namespace; empty for cluster-wide objects.")},
                  {"creationTimestamp", b.ref(kMeta + "Time")},
                  {"labels", b.text_map("The labels of the node or pod.")}},
                 {});
    all[kMeta + "ListMeta"] = b.object("The metadata of a list.",
                                       {{"resourceVersion", b.text("Not set: these lists have no versions.")},
                                        {"continue", b.text("Not set: these lists are whole.")},
                                        {"remainingItemCount", b.number("Not set: these lists are whole.")}},
                                       {});
}

void add_kind(Json& schema, const std::string& version, const std::string& kind) {
    schema["x-kubernetes-group-version-kind"] =
        Json::array({{{"group", "metrics.k8s.io"}, {"version", version}, {"kind", kind}}});
}

// NodeMetrics or PodMetrics; `figures` is what the two do not share.
Json metrics_object(const Builder& b, const std::string& version, const std::string& kind,
                    const std::string& description, const char* figures_name, Json figures) {
    Json properties = {
        {"metadata", b.object_field("Standard object's metadata.", kMeta + "ObjectMeta")},
        {"timestamp", b.object_field("The end of the interval that was measured.", kMeta + "Time")},
        {"window", b.object_field("The length of that interval.", kMeta + "Duration")},
        {figures_name, std::move(figures)}};
    add_type_fields(b, properties);
    Json schema = b.object(description, std::move(properties), {"timestamp", "window", figures_name});
    add_kind(schema, version, kind);
    return schema;
}

Json metrics_list(const Builder& b, const std::string& version, const std::string& kind) {
    Json properties = {
        {"metadata", b.object_field("Standard list metadata.", kMeta + "ListMeta")},
        {"items", b.list_of("The objects, sorted by namespace and name.", metrics_name(version, kind))}};
    add_type_fields(b, properties);
    Json schema = b.object("A list of " + kind + ".", std::move(properties), {"items"});
    add_kind(schema, version, kind + "List");
    return schema;
}

}  // namespace

Json metrics_ref(OpenApiVersion openapi, const std::string& version, const std::string& name) {
    return Builder{openapi}.ref(metrics_name(version, name));
}

Json schemas(OpenApiVersion openapi, const std::string& version) {
    const Builder b{openapi};
    Json all = Json::object();
    add_meta_schemas(b, all);
    const std::string usage =
        "What was used: cpu in cores, averaged over the window; memory (and swap, where it is "
        "on) in bytes, at the timestamp.";
    all[metrics_name(version, "ContainerMetrics")] = b.object(
        "What one container of a pod used.",
        {{"name", b.text("The container's name, as in pod.spec.containers.")}, {"usage", b.usage(usage)}},
        {"name", "usage"});
    all[metrics_name(version, "NodeMetrics")] =
        metrics_object(b, version, "NodeMetrics", "What a node used.", "usage", b.usage(usage));
    all[metrics_name(version, "PodMetrics")] =
        metrics_object(b, version, "PodMetrics", "What the containers of a pod used.", "containers",
                       b.list_of("The containers that were measured, sorted by name.",
                                 metrics_name(version, "ContainerMetrics")));
    for (const char* kind : {"NodeMetrics", "PodMetrics"})
        all[metrics_name(version, std::string{kind} + "List")] = metrics_list(b, version, kind);
    return all;
}

}  // namespace apiserver

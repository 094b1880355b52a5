// SPDX-License-Identifier: Apache-2.0
#include "apiserver/openapi/meta_schemas.hpp"

#include <utility>

namespace apiserver {
namespace {

void add_time_and_quantity(const SchemaBuilder& b, Json& all) {
    Json time = b.text("A time in RFC 3339 form, in whole seconds.");
    time["format"] = "date-time";
    all[meta_name("Time")] = std::move(time);
    all[meta_name("Duration")] = b.text("A duration as Go writes it: 15.002s, 1m0s.");
    const std::string description =
        "A fixed-point number with a suffix: decimal (n, u, m, k, M, G, T, P, E) or binary (Ki, Mi, Gi, Ti, "
        "Pi, Ei).";
    if (b.openapi() == OpenApiVersion::v2)
        all[kQuantityName] = b.text(description);
    else
        all[kQuantityName] = {{"description", description},
                              {"oneOf", Json::array({{{"type", "string"}}, {{"type", "number"}}})}};
}

void add_list_meta(const SchemaBuilder& b, Json& all) {
    all[meta_name("ListMeta")] =
        b.object("The metadata of a list.",
                 {{"resourceVersion", b.text("Not set: these lists have no versions.")},
                  {"selfLink", b.text("Not set.")},
                  {"continue", b.text("Not set: these lists are whole.")},
                  {"remainingItemCount", b.number("Not set: these lists are whole.", "int64")}});
}

void add_owners(const SchemaBuilder& b, Json& all) {
    all[meta_name("OwnerReference")] =
        b.object("An object that another one depends on.",
                 {{"apiVersion", b.text("The owner's version.")},
                  {"kind", b.text("The owner's kind.")},
                  {"name", b.text("The owner's name.")},
                  {"uid", b.text("The owner's unique id.")},
                  {"controller", b.flag("Whether the owner manages the object.")},
                  {"blockOwnerDeletion", b.flag("Whether the owner stays until the object is gone.")}},
                 {"apiVersion", "kind", "name", "uid"});
    all[meta_name("FieldsV1")] = {{"type", "object"},
                                  {"description", "A set of fields, each with its own sub-fields."}};
    all[meta_name("ManagedFieldsEntry")] =
        b.object("Which fields somebody manages.",
                 {{"apiVersion", b.text("The version in which the fields are named.")},
                  {"fieldsType", b.text("The form of the fields: FieldsV1.")},
                  {"fieldsV1", b.object_field("The fields.", meta_name("FieldsV1"))},
                  {"manager", b.text("Who manages them.")},
                  {"operation", b.text("How they came to be managed: Apply or Update.")},
                  {"subresource", b.text("Through which subresource.")},
                  {"time", b.value_field("When that was.", meta_name("Time"))}});
}

Json discovery_version_properties(const SchemaBuilder& b) {
    return {{"groupVersion", b.text("Group and version: metrics.k8s.io/v1beta1.")},
            {"version", b.text("The version: v1beta1.")}};
}

void add_group(const SchemaBuilder& b, Json& all) {
    all[meta_name("GroupVersionForDiscovery")] =
        b.object("A version of a group.", discovery_version_properties(b), {"groupVersion", "version"});
    all[meta_name("ServerAddressByClientCIDR")] =
        b.object("Under which address clients of a network reach the server.",
                 {{"clientCIDR", b.text("The clients' network.")},
                  {"serverAddress", b.text("The server's address: host, host:port or :port.")}},
                 {"clientCIDR", "serverAddress"});
    Json properties = {
        {"name", b.text("The group's name.")},
        {"versions", b.list_of("The versions that are served.", meta_name("GroupVersionForDiscovery"))},
        {"preferredVersion",
         b.value_field("The version the server prefers.", meta_name("GroupVersionForDiscovery"))},
        {"serverAddressByClientCIDRs",
         b.list_of("Where clients reach the group.", meta_name("ServerAddressByClientCIDR"))}};
    b.add_type_fields(properties);
    Json schema =
        b.object("A group of the API and its versions.", std::move(properties), {"name", "versions"});
    add_kind(schema, "", "v1", "APIGroup");
    all[meta_name("APIGroup")] = std::move(schema);
}

}  // namespace

std::string meta_name(const std::string& type) {
    return "io.k8s.apimachinery.pkg.apis.meta.v1." + type;
}

void add_status_schemas(const SchemaBuilder& b, Json& all) {
    add_list_meta(b, all);
    all[meta_name("StatusCause")] =
        b.object("One thing that is wrong.", {{"field", b.text("The field that it is wrong with.")},
                                              {"message", b.text("What is wrong, for people.")},
                                              {"reason", b.text("What is wrong, for programs.")}});
    all[meta_name("StatusDetails")] =
        b.object("What a Status is about.",
                 {{"name", b.text("The object's name.")},
                  {"group", b.text("The object's group.")},
                  {"kind", b.text("The object's kind or resource.")},
                  {"uid", b.text("The object's unique id.")},
                  {"causes", b.list_of("All that is wrong.", meta_name("StatusCause"))},
                  {"retryAfterSeconds", b.number("After how many seconds it is worth a new try.", "int32")}});
    Json properties = {{"metadata", b.object_field("Standard list metadata.", meta_name("ListMeta"))},
                       {"status", b.text("Success or Failure.")},
                       {"message", b.text("What happened, for people.")},
                       {"reason", b.text("What happened, for programs.")},
                       {"details", b.object_field("What it is about.", meta_name("StatusDetails"))},
                       {"code", b.number("The HTTP status.", "int32")}};
    b.add_type_fields(properties);
    Json schema = b.object("What became of a request that does not return an object.", std::move(properties));
    add_kind(schema, "", "v1", "Status");
    all[meta_name("Status")] = std::move(schema);
}

void add_object_schemas(const SchemaBuilder& b, Json& all) {
    add_time_and_quantity(b, all);
    add_list_meta(b, all);
    add_owners(b, all);
    all[meta_name("ObjectMeta")] = b.object(
        "The metadata of an object. Of metrics, name, namespace, creationTimestamp and labels are set.",
        {{"name", b.text("The name, unique within a namespace.")},
         {"generateName", b.text("Not set: what a generated name begins with.")},
         {"namespace", b.text("The namespace; empty for cluster-wide objects.")},
         {"selfLink", b.text("Not set.")},
         {"uid", b.text("Not set: metrics are no stored objects.")},
         {"resourceVersion", b.text("Not set: metrics have no versions.")},
         {"generation", b.number("Not set.", "int64")},
         {"creationTimestamp", b.value_field("The time of the request.", meta_name("Time"))},
         {"deletionTimestamp", b.value_field("Not set.", meta_name("Time"))},
         {"deletionGracePeriodSeconds", b.number("Not set.", "int64")},
         {"labels", b.text_map("The labels of the node or pod.")},
         {"annotations", b.text_map("Not set.")},
         {"finalizers", b.texts("Not set.")},
         {"ownerReferences", b.list_of("Not set.", meta_name("OwnerReference"))},
         {"managedFields", b.list_of("Not set.", meta_name("ManagedFieldsEntry"))}});
}

void add_group_schemas(const SchemaBuilder& b, Json& all) {
    add_group(b, all);
    Json properties = {{"groups", b.list_of("The groups that are served.", meta_name("APIGroup"))}};
    b.add_type_fields(properties);
    Json schema = b.object("The groups of the API.", std::move(properties), {"groups"});
    add_kind(schema, "", "v1", "APIGroupList");
    all[meta_name("APIGroupList")] = std::move(schema);
}

void add_resource_list_schemas(const SchemaBuilder& b, Json& all) {
    all[meta_name("APIResource")] =
        b.object("A resource and what can be done with it.",
                 {{"name", b.text("The resource's name, in the plural.")},
                  {"singularName", b.text("Its name in the singular; empty: clients make it from the kind.")},
                  {"namespaced", b.flag("Whether its objects are in namespaces.")},
                  {"group", b.text("Its group; empty: that of the list.")},
                  {"version", b.text("Its version; empty: that of the list.")},
                  {"kind", b.text("The kind of its objects.")},
                  {"verbs", b.texts("What can be done with it.")},
                  {"shortNames", b.texts("Not set: it has none.")},
                  {"categories", b.texts("Not set: it is in none.")},
                  {"storageVersionHash", b.text("Not set: it is not stored.")}},
                 {"name", "singularName", "namespaced", "kind", "verbs"});
    Json properties = {{"groupVersion", b.text("Group and version: metrics.k8s.io/v1beta1.")},
                       {"resources", b.list_of("The resources.", meta_name("APIResource"))}};
    b.add_type_fields(properties);
    Json schema =
        b.object("The resources of one version.", std::move(properties), {"groupVersion", "resources"});
    add_kind(schema, "", "v1", "APIResourceList");
    all[meta_name("APIResourceList")] = std::move(schema);
}

void add_version_schemas(const SchemaBuilder& b, Json& all) {
    Json properties = Json::object();
    for (const char* name : {"major", "minor", "emulationMajor", "emulationMinor", "minCompatibilityMajor",
                             "minCompatibilityMinor", "gitVersion", "gitCommit", "gitTreeState", "buildDate",
                             "goVersion", "compiler", "platform"})
        properties[name] = b.text("Of the program; empty where it has nothing to say.");
    all[kVersionInfoName] = b.object("Which program this is.", std::move(properties),
                                     {"major", "minor", "gitVersion", "gitCommit", "gitTreeState",
                                      "buildDate", "goVersion", "compiler", "platform"});
}

}  // namespace apiserver

// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/aggregation/discovery.hpp"

#include "test/sim/api/request/status.hpp"

#include <array>

namespace sim {
namespace {

using nlohmann::ordered_json;

struct ReviewGroup {
    const char* group;
    const char* plural;
    const char* singular;
    const char* kind;
};
constexpr std::array<ReviewGroup, 2> kReviewGroups{
    {{"authentication.k8s.io", "tokenreviews", "tokenreview", "TokenReview"},
     {"authorization.k8s.io", "subjectaccessreviews", "subjectaccessreview", "SubjectAccessReview"}}};

ordered_json verbs() {
    return {"get", "list", "watch"};
}

ordered_json plain_group(const std::string& name, const std::vector<std::string>& versions) {
    ordered_json list = ordered_json::array();
    for (const std::string& version : versions)
        list.push_back({{"groupVersion", name + "/" + version}, {"version", version}});
    return {{"name", name}, {"versions", list}, {"preferredVersion", list[0]}};
}

std::vector<std::string> version_names(const AggregatedGroup& group) {
    std::vector<std::string> names;
    for (const AggregatedVersion& version : group.versions) names.push_back(version.name);
    return names;
}

net::Response discovery_list(std::string_view form, ordered_json items) {
    const ordered_json document{{"kind", "APIGroupDiscoveryList"},
                                {"apiVersion", "apidiscovery.k8s.io/" + std::string{form}},
                                {"metadata", ordered_json::object()},
                                {"items", std::move(items)}};
    net::Response response = json_response(document.dump());
    response.headers.set("Content-Type", "application/json;g=apidiscovery.k8s.io;v=" + std::string{form} +
                                             ";as=APIGroupDiscoveryList");
    response.headers.add("Vary", "Accept");
    return response;
}

ordered_json group_item(const std::string& name, ordered_json versions) {
    ordered_json metadata = ordered_json::object();
    if (!name.empty()) metadata["name"] = name;
    metadata["creationTimestamp"] = nullptr;
    return {{"metadata", metadata}, {"versions", std::move(versions)}};
}

ordered_json resource_item(const char* plural, const char* singular, const char* kind, const char* group,
                           bool namespaced, ordered_json its_verbs) {
    return {{"resource", plural},
            {"responseKind", {{"group", group}, {"version", "v1"}, {"kind", kind}}},
            {"scope", namespaced ? "Namespaced" : "Cluster"},
            {"singularResource", singular},
            {"verbs", std::move(its_verbs)}};
}

}  // namespace

net::Response api_document(std::string_view form, const std::vector<const Collection*>& core) {
    if (form.empty())
        return json_response(
            R"({"kind":"APIVersions","versions":["v1"],"serverAddressByClientCIDRs":[{"clientCIDR":"0.0.0.0/0","serverAddress":"127.0.0.1"}]})");
    ordered_json resources = ordered_json::array();
    for (const Collection* collection : core) {
        const ResourceType& type = collection->type();
        resources.push_back(resource_item(type.plural.c_str(), type.singular.c_str(), type.type.kind.c_str(),
                                          "", type.namespaced, verbs()));
        if (!type.short_name.empty()) resources.back()["shortNames"] = {type.short_name};
    }
    const ordered_json version{{"version", "v1"}, {"resources", resources}, {"freshness", "Current"}};
    return discovery_list(form, {group_item("", {version})});
}

net::Response apis_document(std::string_view form, const AggregatedGroup& aggregated) {
    if (form.empty()) {
        ordered_json groups = ordered_json::array();
        for (const ReviewGroup& review : kReviewGroups) groups.push_back(plain_group(review.group, {"v1"}));
        // Registered is enough to be listed here, whether or not the server behind it answers.
        if (!aggregated.versions.empty())
            groups.push_back(plain_group(aggregated.name, version_names(aggregated)));
        return json_response(
            ordered_json{{"kind", "APIGroupList"}, {"apiVersion", "v1"}, {"groups", groups}}.dump());
    }
    ordered_json items = ordered_json::array();
    for (const ReviewGroup& review : kReviewGroups) {
        const ordered_json resource =
            resource_item(review.plural, review.singular, review.kind, review.group, false, {"create"});
        const ordered_json version{{"version", "v1"}, {"resources", {resource}}, {"freshness", "Current"}};
        items.push_back(group_item(review.group, {version}));
    }
    ordered_json versions = ordered_json::array();
    for (const AggregatedVersion& version : aggregated.versions) {
        ordered_json entry =
            version.entry.is_null() ? ordered_json{{"version", version.name}} : version.entry;
        entry["freshness"] = version.entry.is_null() ? "Stale" : "Current";
        versions.push_back(std::move(entry));
    }
    if (!versions.empty()) items.push_back(group_item(aggregated.name, versions));
    return discovery_list(form, items);
}

net::Response group_document(std::string_view group, const AggregatedGroup& aggregated) {
    std::vector<std::string> versions;
    for (const ReviewGroup& review : kReviewGroups)
        if (group == review.group) versions = {"v1"};
    if (group == aggregated.name) versions = version_names(aggregated);
    if (versions.empty()) return status_response(no_such_path());
    ordered_json document{{"kind", "APIGroup"}, {"apiVersion", "v1"}};
    document.update(plain_group(std::string{group}, versions));
    return json_response(document.dump());
}

net::Response core_resources_document(const std::vector<const Collection*>& core) {
    ordered_json resources = ordered_json::array();
    for (const Collection* collection : core) {
        const ResourceType& type = collection->type();
        ordered_json resource{{"name", type.plural},
                              {"singularName", type.singular},
                              {"namespaced", type.namespaced},
                              {"kind", type.type.kind},
                              {"verbs", verbs()}};
        if (!type.short_name.empty()) resource["shortNames"] = {type.short_name};
        resources.push_back(std::move(resource));
    }
    return json_response(
        ordered_json{{"kind", "APIResourceList"}, {"groupVersion", "v1"}, {"resources", resources}}.dump());
}

net::Response review_resources_document(std::string_view group, std::string_view version) {
    for (const ReviewGroup& review : kReviewGroups) {
        if (group != review.group || version != "v1") continue;
        const ordered_json resource{{"name", review.plural},
                                    {"singularName", review.singular},
                                    {"namespaced", false},
                                    {"kind", review.kind},
                                    {"verbs", {"create"}}};
        return json_response(ordered_json{
            {"kind", "APIResourceList"},
            {"apiVersion", "v1"},
            {"groupVersion", std::string{group} + "/v1"},
            {"resources",
             {resource}}}.dump());
    }
    return status_response(no_such_path());
}

net::Response version_document() {
    const ordered_json version{{"major", "1"},
                               {"minor", "37"},
                               {"gitVersion", "v1.37.2"},
                               {"gitCommit", "0000000000000000000000000000000000000000"},
                               {"gitTreeState", "clean"},
                               {"buildDate", "2026-10-13T12:00:00Z"},
                               {"goVersion", "go1.26.8"},
                               {"compiler", "gc"},
                               {"platform", "linux/amd64"}};
    return json_response(version.dump(2));
}

}  // namespace sim

// SPDX-License-Identifier: Apache-2.0
#include "apiserver/discovery/discovery.hpp"

#include "apiserver/encode/reverse_protobuf.hpp"
#include "apiserver/etag.hpp"
#include "apiserver/representation/format.hpp"
#include "text/go_text.hpp"

#include <vector>

namespace apiserver {
namespace {

constexpr std::string_view kDiscoveryParameters = ";g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

using Groups = std::span<const GroupInfo>;

std::string group_version(const GroupInfo& group, std::string_view version) {
    return std::string{group.name}.append("/").append(version);
}

// The elements of a JSON array.
template <class List, class Element>
std::string array_of(const List& list, Element element) {
    std::string out = "[";
    for (const auto& item : list) {
        if (out.size() > 1) out.push_back(',');
        out.append(element(item));
    }
    return out.append("]");
}

std::string version_json(const GroupInfo& group, std::string_view version) {
    return R"({"groupVersion":")" + group_version(group, version) + R"(","version":")" +
           std::string{version} + "\"}";
}

// The members that APIGroup has in every document.
std::string group_members(const GroupInfo& group) {
    const auto version = [&](std::string_view one) { return version_json(group, one); };
    return R"("name":")" + std::string{group.name} + R"(","versions":)" + array_of(group.versions, version) +
           R"(,"preferredVersion":)" + version(group.versions[0]);
}

// What an APIResourceList lists.
struct Listed {
    std::string name;
    std::string_view kind;
    bool namespaced;
    bool is_listed;
};

std::vector<Listed> listed(const GroupInfo& group, std::span<const NamedSubresource> more) {
    std::vector<Listed> all;
    for (const Resource& resource : group.resources) {
        if (!resource.kind.empty())
            all.push_back({std::string{resource.name}, resource.kind, resource.namespaced, true});
        for (const Subresource& below : resource.subresources)
            all.push_back({std::string{resource.name}.append("/").append(below.name), below.kind,
                           resource.namespaced, false});
    }
    for (const NamedSubresource& one : more) all.push_back({one.name, one.kind, one.namespaced, false});
    return all;
}

std::string resource_json(const Listed& resource) {
    std::string out = R"({"name":)";
    text::append_json_string(out, resource.name);
    return out.append(R"(,"singularName":"","namespaced":)")
        .append(resource.namespaced ? "true" : "false")
        .append(R"(,"kind":")")
        .append(resource.kind)
        .append(resource.is_listed ? R"(","verbs":["get","list"]})" : R"(","verbs":["get"]})");
}

std::string response_kind_json(std::string_view kind) {
    return R"("responseKind":{"group":"","version":"","kind":")" + std::string{kind} + R"("})";
}

std::string subresource_json(const Subresource& below) {
    return R"({"subresource":")" + std::string{below.name} + R"(",)" + response_kind_json(below.kind) +
           R"(,"verbs":["get"]})";
}

// A resource that is only there for what is below it is written as ConvertGroupVersionIntoToDiscovery of
// k8s.io/apiserver does, with verbs of null.
std::string discovery_resource_json(const Resource& resource) {
    std::string out =
        R"({"resource":")" + std::string{resource.name} + R"(",)" + response_kind_json(resource.kind) +
        R"(,"scope":")" + (resource.namespaced ? "Namespaced" : "Cluster") +
        R"(","singularResource":"","verbs":)" + (resource.kind.empty() ? "null" : R"(["get","list"])");
    if (!resource.subresources.empty())
        out.append(R"(,"subresources":)").append(array_of(resource.subresources, subresource_json));
    return out.append("}");
}

std::string discovery_version_json(const GroupInfo& group, std::string_view version) {
    return R"({"version":")" + std::string{version} + R"(","resources":)" +
           array_of(group.resources, discovery_resource_json) + R"(,"freshness":"Current"})";
}

void write_versions(ReverseProtobuf& out, const GroupInfo& group) {
    const auto& versions = group.versions;
    write_pair(out, 3, group_version(group, versions[0]), versions[0]);
    for (auto version = versions.rbegin(); version != versions.rend(); ++version)
        write_pair(out, 2, group_version(group, *version), *version);
    out.text(1, group.name);
}

void write_resource(ReverseProtobuf& out, const Listed& resource) {
    const std::size_t mark = out.size();
    for (const unsigned unused : {10u, 9u, 8u, 6u}) out.text(unused, "");
    const std::size_t verbs = out.size();
    if (resource.is_listed) out.text(1, "list");
    out.text(1, "get");
    out.message(4, verbs);
    out.text(3, resource.kind);
    out.number(2, resource.namespaced ? 1 : 0);
    out.text(1, resource.name);
    out.message(2, mark);
}

void write_response_kind(ReverseProtobuf& out, std::string_view kind) {
    const std::size_t mark = out.size();
    out.text(3, kind);
    out.text(2, "");
    out.text(1, "");
    out.message(2, mark);
}

void write_subresource(ReverseProtobuf& out, const Subresource& below) {
    const std::size_t mark = out.size();
    out.text(4, "get");
    write_response_kind(out, below.kind);
    out.text(1, below.name);
    out.message(8, mark);
}

void write_discovery_resource(ReverseProtobuf& out, const Resource& resource) {
    const std::size_t mark = out.size();
    const auto& below = resource.subresources;
    for (auto one = below.rbegin(); one != below.rend(); ++one) write_subresource(out, *one);
    if (!resource.kind.empty()) {
        out.text(5, "list");
        out.text(5, "get");
    }
    out.text(4, "");
    out.text(3, resource.namespaced ? "Namespaced" : "Cluster");
    write_response_kind(out, resource.kind);
    out.text(1, resource.name);
    out.message(2, mark);
}

void write_discovery_version(ReverseProtobuf& out, const GroupInfo& group, std::string_view version) {
    const std::size_t mark = out.size();
    out.text(3, "Current");
    for (auto resource = group.resources.rbegin(); resource != group.resources.rend(); ++resource)
        write_discovery_resource(out, *resource);
    out.text(1, version);
    out.message(2, mark);
}

// An ObjectMeta of which only the name is set.
void write_named_metadata(ReverseProtobuf& out, std::string_view name) {
    const std::size_t mark = out.size();
    out.text(8, "");
    out.number(7, 0);
    for (unsigned field = 6; field >= 2; --field) out.text(field, "");
    out.text(1, name);
    out.message(1, mark);
}

Document make_group_list(std::string_view server_address, Groups groups) {
    const auto group_json = [&](const GroupInfo& group) {
        std::string json = "{" + group_members(group) +
                           R"(,"serverAddressByClientCIDRs":[{"clientCIDR":"0.0.0.0/0","serverAddress":)";
        text::append_json_string(json, server_address);
        return json.append("}]}");
    };
    ReverseProtobuf out;
    const std::size_t raw = begin_envelope(out);
    for (auto group = groups.rbegin(); group != groups.rend(); ++group) {
        const std::size_t mark = out.size();
        write_pair(out, 4, "0.0.0.0/0", server_address);
        write_versions(out, *group);
        out.message(1, mark);
    }
    end_envelope(out, raw, "", "APIGroupList");
    return {R"({"kind":"APIGroupList","groups":)" + array_of(groups, group_json) + "}",
            std::string{out.bytes()}};
}

Document make_group(const GroupInfo& group) {
    ReverseProtobuf out;
    const std::size_t raw = begin_envelope(out);
    write_versions(out, group);
    end_envelope(out, raw, "v1", "APIGroup");
    return {R"({"kind":"APIGroup","apiVersion":"v1",)" + group_members(group) + "}",
            std::string{out.bytes()}};
}

Document make_resources(const GroupInfo& group, std::string_view version,
                        std::span<const NamedSubresource> more) {
    const std::vector<Listed> resources = listed(group, more);
    ReverseProtobuf out;
    const std::size_t raw = begin_envelope(out);
    for (auto resource = resources.rbegin(); resource != resources.rend(); ++resource)
        write_resource(out, *resource);
    out.text(1, group_version(group, version));
    end_envelope(out, raw, "v1", "APIResourceList");
    return {R"({"kind":"APIResourceList","apiVersion":"v1","groupVersion":")" +
                group_version(group, version) + R"(","resources":)" + array_of(resources, resource_json) +
                "}",
            std::string{out.bytes()}};
}

Document make_aggregated(Groups groups) {
    const auto group_json = [](const GroupInfo& group) {
        const auto version = [&](std::string_view one) { return discovery_version_json(group, one); };
        return R"({"metadata":{"name":")" + std::string{group.name} + R"("},"versions":)" +
               array_of(group.versions, version) + "}";
    };
    ReverseProtobuf out;
    const std::size_t raw = begin_envelope(out);
    for (auto group = groups.rbegin(); group != groups.rend(); ++group) {
        const std::size_t mark = out.size();
        for (auto version = group->versions.rbegin(); version != group->versions.rend(); ++version)
            write_discovery_version(out, *group, *version);
        write_named_metadata(out, group->name);
        out.message(2, mark);
    }
    write_list_meta(out);
    end_envelope(out, raw, "apidiscovery.k8s.io/v2", "APIGroupDiscoveryList");
    return {R"({"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","metadata":{},)"
            R"("items":)" +
                array_of(groups, group_json) + "}",
            std::string{out.bytes()}};
}

}  // namespace

Discovery::Discovery(std::string_view server_address, Groups groups)
    : group_list_{make_group_list(server_address, groups)},
      aggregated_{make_aggregated(groups)},
      etag_{make_etag(aggregated_.json)} {
    for (const GroupInfo& group : groups) {
        documents_.emplace(group.name, make_group(group));
        for (const std::string_view version : group.versions)
            documents_.emplace(group_version(group, version), make_resources(group, version, {}));
    }
}

Document Discovery::resources(const GroupInfo& group, std::string_view version,
                              std::span<const NamedSubresource> more) {
    return make_resources(group, version, more);
}

const Document* Discovery::resources(std::string_view group, std::string_view version) const {
    return find(std::string{group}.append("/").append(version));
}

const Document* Discovery::find(std::string_view key) const {
    const auto at = documents_.find(key);
    return at == documents_.end() ? nullptr : &at->second;
}

net::Response Discovery::aggregated(const net::Request& request, Representation form) const {
    net::Response response;
    if (client_has(request, etag_)) {
        response.status = 304;
    } else {
        response = answer_document(200, form, aggregated_);
        response.headers.set("Content-Type",
                             std::string{format_of(form.type).name}.append(kDiscoveryParameters));
    }
    response.headers.set("ETag", etag_);
    response.headers.set("Vary", "Accept");
    response.headers.set("Cache-Control", "public");
    return response;
}

}  // namespace apiserver

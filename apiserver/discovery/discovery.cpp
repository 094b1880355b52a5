// SPDX-License-Identifier: Apache-2.0
#include "apiserver/discovery/discovery.hpp"

#include "apiserver/encode/reverse_protobuf.hpp"
#include "apiserver/etag.hpp"
#include "text/go_text.hpp"

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

std::string resource_json(const Resource& resource) {
    return R"({"name":")" + std::string{resource.name} + R"(","singularName":"","namespaced":)" +
           (resource.namespaced ? "true" : "false") + R"(,"kind":")" + std::string{resource.kind} +
           R"(","verbs":["get","list"]})";
}

std::string discovery_resource_json(const Resource& resource) {
    return R"({"resource":")" + std::string{resource.name} +
           R"(","responseKind":{"group":"","version":"","kind":")" + std::string{resource.kind} +
           R"("},"scope":")" + (resource.namespaced ? "Namespaced" : "Cluster") +
           R"(","singularResource":"","verbs":["get","list"]})";
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

void write_resource(ReverseProtobuf& out, const Resource& resource) {
    const std::size_t mark = out.size();
    for (const unsigned unused : {10u, 9u, 8u, 6u}) out.text(unused, "");
    const std::size_t verbs = out.size();
    out.text(1, "list");
    out.text(1, "get");
    out.message(4, verbs);
    out.text(3, resource.kind);
    out.number(2, resource.namespaced ? 1 : 0);
    out.text(1, resource.name);
    out.message(2, mark);
}

void write_discovery_resource(ReverseProtobuf& out, const Resource& resource) {
    const std::size_t mark = out.size();
    out.text(5, "list");
    out.text(5, "get");
    out.text(4, "");
    out.text(3, resource.namespaced ? "Namespaced" : "Cluster");
    const std::size_t kind = out.size();
    out.text(3, resource.kind);
    out.text(2, "");
    out.text(1, "");
    out.message(2, kind);
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

Document make_resources(const GroupInfo& group, std::string_view version) {
    ReverseProtobuf out;
    const std::size_t raw = begin_envelope(out);
    for (auto resource = group.resources.rbegin(); resource != group.resources.rend(); ++resource)
        write_resource(out, *resource);
    out.text(1, group_version(group, version));
    end_envelope(out, raw, "v1", "APIResourceList");
    return {R"({"kind":"APIResourceList","apiVersion":"v1","groupVersion":")" +
                group_version(group, version) + R"(","resources":)" +
                array_of(group.resources, resource_json) + "}",
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
            documents_.emplace(group_version(group, version), make_resources(group, version));
    }
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
                             std::string{content_type(form.type)}.append(kDiscoveryParameters));
    }
    response.headers.set("ETag", etag_);
    response.headers.set("Vary", "Accept");
    response.headers.set("Cache-Control", "public");
    return response;
}

}  // namespace apiserver

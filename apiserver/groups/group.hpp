// SPDX-License-Identifier: Apache-2.0
// An API group as a value: what it is called, what it has, and who answers. A server has some of them (Api);
// from what they say of themselves follow routes, index, discovery, OpenAPI and the labels of the request
// metrics.
#pragma once

#include "apiserver/groups/openapi_json.hpp"
#include "apiserver/request/query.hpp"
#include "apiserver/request/request_info.hpp"
#include "net/http/message.hpp"
#include "net/task.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

// What there is below each object of a resource: get alone.
struct Subresource {
    std::string_view name;
    std::string_view kind;
};

// What there is in each version of a group: get and list.
struct Resource {
    std::string_view name;
    // Empty: the objects themselves are not served, only what is below them.
    std::string_view kind;
    std::string_view list_kind;
    bool namespaced = false;
    std::span<const Subresource> subresources{};
};

// "pods/http_requests": get alone.
struct NamedSubresource {
    std::string name;
    std::string_view kind;
    bool namespaced = false;
};

// All of it lives as long as the program.
struct GroupInfo {
    // "metrics.k8s.io"
    std::string_view name;
    // In the order of preference; not empty.
    std::span<const std::string_view> versions;
    std::span<const Resource> resources;
};

// A request for something below one of a group's versions. References are good until it is answered.
struct GroupCall {
    // One of GroupInfo::versions.
    std::string_view version;
    const ResourcePath& path;
    const net::Request& request;
    const Query& query;
};

class Group {
  public:
    virtual ~Group() = default;

    virtual GroupInfo info() const = 0;

    // What else a version has at this moment. It is told to who asks for the version's resources, not in
    // aggregated discovery, whose ETag stays.
    virtual std::vector<NamedSubresource> more() const { return {}; }

    // Called when the client may do what the path names. nullopt: nothing is served there. Takes any method.
    virtual net::Task<std::optional<net::Response>> respond(GroupCall call) = 0;

    // Adds to an OpenAPI document what there is in a version: path items, and the schemas that they refer to.
    virtual void describe(OpenApiVersion openapi, std::string_view version, Json& paths,
                          Json& schemas) const = 0;
};

}  // namespace apiserver

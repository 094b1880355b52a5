// SPDX-License-Identifier: Apache-2.0
// What a request is about, as the labels of apiserver_request_total tell it (k8s.io/apiserver,
// pkg/endpoints/metrics). Every value is from a fixed list, so that no client can make series.
#pragma once

#include "apiserver/groups/group.hpp"
#include "apiserver/request/request_info.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

// Small, since it is looked up for each request.
struct RequestKey {
    std::uint8_t verb = 0;
    std::uint8_t version = 0;
    std::uint8_t subject = 0;
    std::uint8_t scope = 0;
    auto operator<=>(const RequestKey&) const = default;
};

struct RequestLabels {
    // "other": a method that the API has no use for.
    std::string_view verb;
    // Empty, as the next two: it is about none of our resources.
    std::string_view group;
    std::string_view version;
    std::string_view resource;
    // For a request that is not for a resource: its path, if we serve that path.
    std::string_view subresource;
    // resource, namespace, cluster, or empty.
    std::string_view scope;
    std::string_view component;
};

// The resources of the groups that are served, and the paths beside them.
class RequestSubjects {
  public:
    RequestSubjects(std::vector<GroupInfo> groups, std::vector<std::string> paths);

    RequestKey key(std::string_view method, const RequestInfo& info) const;
    RequestLabels labels(RequestKey key) const;

  private:
    struct Subject {
        // One of groups_; null: a path, or everything else.
        const GroupInfo* group = nullptr;
        // The resource, or the path.
        std::string_view name;
    };
    std::uint8_t path_subject(std::string_view path) const;

    std::vector<GroupInfo> groups_;
    std::vector<std::string> paths_;
    // The first is for everything else.
    std::vector<Subject> subjects_;
};

}  // namespace apiserver

// SPDX-License-Identifier: Apache-2.0
// What a request is about, as the labels of apiserver_request_total tell it (k8s.io/apiserver,
// pkg/endpoints/metrics). Every value is from a fixed list, so that no client can make series.
#pragma once

#include "apiserver/request/request_info.hpp"

#include <compare>
#include <cstdint>
#include <string_view>

namespace apiserver {

// Small, since it is looked up for each request.
struct RequestKey {
    std::uint8_t verb = 0;
    std::uint8_t version = 0;
    std::uint8_t subject = 0;
    std::uint8_t scope = 0;
    auto operator<=>(const RequestKey&) const = default;
};

RequestKey request_key(std::string_view method, const RequestInfo& info);

struct RequestLabels {
    // "other": a method that the API has no use for.
    std::string_view verb;
    // Empty, as the next two: it is about none of our resources.
    std::string_view group;
    std::string_view version;
    std::string_view resource;
    // Of what is no resource its path, where we have such a path.
    std::string_view subresource;
    // resource, namespace, cluster, or empty.
    std::string_view scope;
    std::string_view component;
};

RequestLabels request_labels(RequestKey key);

}  // namespace apiserver

// SPDX-License-Identifier: Apache-2.0
#include "apiserver/exposition/request_key.hpp"

#include "apiserver/discovery/discovery.hpp"
#include "apiserver/encode/encoder.hpp"

#include <algorithm>
#include <array>

namespace apiserver {
namespace {

constexpr std::array<std::string_view, 9> kVerbs{"other", "GET",   "LIST",   "WATCH",  "POST",
                                                 "PUT",   "PATCH", "DELETE", "CONNECT"};
constexpr std::array<std::string_view, 4> kScopes{"", "resource", "namespace", "cluster"};
// The resources, and behind them the paths; the first is for everything else.
constexpr std::size_t kFirstPath = 3;
constexpr std::array<std::string_view, 10> kSubjects{"",        kNodes.name, kPods.name,    "/healthz",
                                                     "/livez",  "/metrics",  "/openapi/v2", "/openapi/v3",
                                                     "/readyz", "/version"};

template <std::size_t kSize>
std::uint8_t index_of(const std::array<std::string_view, kSize>& list, std::string_view text) {
    const auto at = std::find(list.begin(), list.end(), text);
    return static_cast<std::uint8_t>(at == list.end() ? 0 : at - list.begin());
}

bool is_at_or_below(std::string_view path, std::string_view root) {
    return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
}

std::uint8_t path_subject(std::string_view path) {
    for (std::size_t i = kFirstPath; i < kSubjects.size(); ++i)
        if (is_at_or_below(path, kSubjects[i])) return static_cast<std::uint8_t>(i);
    return 0;
}

bool is_ours(const RequestInfo& info) {
    return info.is_resource && info.group == kMetricsGroup && info.subresource.empty() &&
           (info.resource == kNodes.name || info.resource == kPods.name) &&
           std::find(kVersions.begin(), kVersions.end(), info.version) != kVersions.end();
}

// HEAD is GET, and a GET of many is LIST or WATCH.
std::string_view reported_verb(std::string_view method, const RequestInfo& info) {
    const bool reads = method == "GET" || method == "HEAD";
    if (reads && info.is_resource && info.verb == "list") return "LIST";
    if (reads && info.is_resource && info.verb == "watch") return "WATCH";
    return reads ? "GET" : method;
}

// By the path: a list that a field selector confines to one name is of its whole scope all the same.
std::string_view reported_scope(const RequestInfo& info) {
    const bool many = info.verb == "list" || info.verb == "watch" || info.verb == "deletecollection";
    if (!many && !info.name.empty()) return "resource";
    return info.name_space.empty() ? "cluster" : "namespace";
}

}  // namespace

RequestKey request_key(std::string_view method, const RequestInfo& info) {
    RequestKey key;
    key.verb = index_of(kVerbs, reported_verb(method, info));
    if (!is_ours(info)) {
        if (!info.is_resource) key.subject = path_subject(info.path);
        return key;
    }
    const auto version = std::find(kVersions.begin(), kVersions.end(), info.version);
    key.version = static_cast<std::uint8_t>(version - kVersions.begin());
    key.subject = index_of(kSubjects, info.resource);
    key.scope = index_of(kScopes, reported_scope(info));
    return key;
}

RequestLabels request_labels(RequestKey key) {
    RequestLabels labels;
    labels.verb = kVerbs[key.verb];
    const bool is_resource = key.subject != 0 && key.subject < kFirstPath;
    if (!is_resource) {
        labels.subresource = kSubjects[key.subject];
        return labels;
    }
    labels.group = kMetricsGroup;
    labels.version = kVersions[key.version];
    labels.resource = kSubjects[key.subject];
    labels.scope = kScopes[key.scope];
    labels.component = "apiserver";
    return labels;
}

}  // namespace apiserver

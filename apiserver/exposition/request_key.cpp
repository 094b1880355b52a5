// SPDX-License-Identifier: Apache-2.0
#include "apiserver/exposition/request_key.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <utility>

namespace apiserver {
namespace {

constexpr std::array<std::string_view, 9> kVerbs{"other", "GET",   "LIST",   "WATCH",  "POST",
                                                 "PUT",   "PATCH", "DELETE", "CONNECT"};
constexpr std::array<std::string_view, 4> kScopes{"", "resource", "namespace", "cluster"};

template <std::size_t kSize>
std::uint8_t index_of(const std::array<std::string_view, kSize>& list, std::string_view text) {
    const auto at = std::find(list.begin(), list.end(), text);
    return static_cast<std::uint8_t>(at == list.end() ? 0 : at - list.begin());
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

RequestSubjects::RequestSubjects(std::vector<GroupInfo> groups, std::vector<std::string> paths)
    : groups_{std::move(groups)}, paths_{std::move(paths)}, subjects_(1) {
    std::sort(paths_.begin(), paths_.end());
    for (const GroupInfo& group : groups_)
        for (const Resource& resource : group.resources) subjects_.push_back({&group, resource.name});
    for (const std::string& path : paths_) subjects_.push_back({nullptr, path});
    assert(subjects_.size() <= std::numeric_limits<std::uint8_t>::max());
}

std::uint8_t RequestSubjects::path_subject(std::string_view path) const {
    for (std::size_t i = 1; i < subjects_.size(); ++i)
        if (subjects_[i].group == nullptr && is_path_or_below(path, subjects_[i].name))
            return static_cast<std::uint8_t>(i);
    return 0;
}

RequestKey RequestSubjects::key(std::string_view method, const RequestInfo& info) const {
    RequestKey key;
    key.verb = index_of(kVerbs, reported_verb(method, info));
    if (!info.is_resource) key.subject = path_subject(info.path);
    if (!info.is_resource || !info.subresource.empty()) return key;
    for (std::size_t i = 1; i < subjects_.size() && subjects_[i].group != nullptr; ++i) {
        const auto& [group, resource] = subjects_[i];
        const auto version = std::find(group->versions.begin(), group->versions.end(), info.version);
        if (info.group != group->name || info.resource != resource || version == group->versions.end())
            continue;
        key.version = static_cast<std::uint8_t>(version - group->versions.begin());
        key.subject = static_cast<std::uint8_t>(i);
        key.scope = index_of(kScopes, reported_scope(info));
        break;
    }
    return key;
}

RequestLabels RequestSubjects::labels(RequestKey key) const {
    const Subject& subject = subjects_[key.subject];
    RequestLabels labels;
    labels.verb = kVerbs[key.verb];
    if (subject.group == nullptr) {
        labels.subresource = subject.name;
        return labels;
    }
    labels.group = subject.group->name;
    labels.version = subject.group->versions[key.version];
    labels.resource = subject.name;
    labels.scope = kScopes[key.scope];
    labels.component = "apiserver";
    return labels;
}

}  // namespace apiserver

// SPDX-License-Identifier: Apache-2.0
#include "apiserver/request/request_info.hpp"

#include "apiserver/request/field_selector.hpp"
#include "net/http.hpp"

#include <algorithm>
#include <span>

namespace apiserver {
namespace {

std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string verb_of(std::string_view method) {
    if (method == "POST") return "create";
    if (method == "GET" || method == "HEAD") return "get";
    if (method == "PUT") return "update";
    if (method == "PATCH") return "patch";
    if (method == "DELETE") return "delete";
    return "";
}

// Go's path.IsValidPathSegmentName.
bool is_segment_name(std::string_view name) {
    return name != "." && name != ".." && name.find_first_of("/%") == std::string_view::npos;
}

void read_collection_verb(RequestInfo& info, const Query& query) {
    if (!info.name.empty()) return;
    if (info.verb == "get") {
        info.verb = option_is_set(query, "watch") ? "watch" : "list";
        const auto selector = FieldSelector::parse(info.field_selector);
        if (!selector) return;
        const std::string name = selector->exact_match("metadata.name").value_or("");
        if (is_segment_name(name)) info.name = name;
    } else if (info.verb == "delete") {
        info.verb = "deletecollection";
    }
}

// `parts` begin with the resource, or are a bare "namespaces" or "namespaces", name.
void read_resource(RequestInfo& info, std::span<const std::string> parts) {
    const bool prefixed = info.verb == "watch" || info.verb == "proxy";
    if (!parts.empty()) info.resource = parts[0];
    if (parts.size() >= 2) info.name = parts[1];
    if (parts.size() >= 3 && !prefixed) info.subresource = parts[2];
}

}  // namespace

std::vector<std::string> split_path(std::string_view path) {
    const std::size_t first = path.find_first_not_of('/');
    if (first == std::string_view::npos) return {};
    path = path.substr(first, path.find_last_not_of('/') - first + 1);
    std::vector<std::string> parts;
    for (;;) {
        const std::size_t slash = path.find('/');
        parts.emplace_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return parts;
        path.remove_prefix(slash + 1);
    }
}

Parsed<RequestInfo> make_request_info(std::string_view method, const Target& target) {
    RequestInfo info;
    info.path = target.path;
    info.verb = lower(method);
    info.label_selector = target.query.get("labelSelector");
    info.field_selector = target.query.get("fieldSelector");
    const std::vector<std::string> all = split_path(target.path);
    if (all.size() < 4 || all[0] != "apis") return info;
    info.is_resource = true;
    info.group = all[1];
    info.version = all[2];
    std::span<const std::string> parts{all};
    parts = parts.subspan(3);
    info.verb = verb_of(method);
    if (parts[0] == "watch" || parts[0] == "proxy") {
        if (parts.size() < 2)
            return ParseError{"unable to determine kind and namespace from url, " + target.path};
        info.verb = parts[0];
        parts = parts.subspan(1);
    }
    if (parts[0] == "namespaces" && parts.size() > 1) {
        info.name_space = parts[1];
        if (parts.size() > 2 && parts[2] != "status" && parts[2] != "finalize") parts = parts.subspan(2);
    }
    read_resource(info, parts);
    read_collection_verb(info, target.query);
    return info;
}

bool option_is_set(const Query& query, std::string_view key) {
    const auto value = query.find(key);
    return value && *value != "0" && !net::equal_ignoring_case(*value, "false");
}

}  // namespace apiserver

// SPDX-License-Identifier: Apache-2.0
#include "apiserver/request/request_info.hpp"

#include "apiserver/request/field_selector.hpp"
#include "net/http/message.hpp"
#include "text/split.hpp"

#include <algorithm>
#include <optional>
#include <span>

namespace apiserver {
namespace {

// "apis", the group, the version.
constexpr std::size_t kBeforeResource = 3;

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

std::string asked_selector(std::string_view text) {
    if (text.size() > kMaxAskedSelector || std::count(text.begin(), text.end(), ',') > kMaxAskedCommas)
        return {};
    return std::string{text};
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

struct ApiPath : ResourcePath {
    // "watch", "proxy" or none.
    std::string_view prefix;
};

std::optional<ApiPath> take_apart(std::span<const std::string> parts) {
    ApiPath path;
    if (parts[0] == "watch" || parts[0] == "proxy") {
        if (parts.size() < 2) return std::nullopt;
        path.prefix = parts[0];
        parts = parts.subspan(1);
    }
    if (parts[0] == "namespaces" && parts.size() > 1) {
        path.name_space = &parts[1];
        if (parts.size() > 2 && parts[2] != "status" && parts[2] != "finalize") parts = parts.subspan(2);
    }
    path.parts = parts;
    return path;
}

// What is asked of the authorizer: an empty segment is as none.
void read_resource(RequestInfo& info, const ApiPath& path) {
    if (path.name_space != nullptr) info.name_space = *path.name_space;
    info.resource = path.parts[0];
    if (path.parts.size() >= 2) info.name = path.parts[1];
    if (path.parts.size() >= 3 && path.prefix.empty()) info.subresource = path.parts[2];
}

}  // namespace

std::vector<std::string> split_path(std::string_view path) {
    path = text::trimmed(path, "/");
    std::vector<std::string> parts;
    while (!path.empty()) parts.emplace_back(text::take(path, '/'));
    return parts;
}

bool is_path_or_below(std::string_view path, std::string_view root) {
    return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
}

bool is_with_or_without_slash(std::string_view path, std::string_view root) {
    return path == root || (path.size() == root.size() + 1 && is_path_or_below(path, root));
}

std::optional<ResourcePath> resource_path(const RequestInfo& info) {
    if (!info.is_resource || info.segments.empty()) return std::nullopt;
    const auto path = take_apart(std::span{info.segments}.subspan(kBeforeResource));
    const auto is_empty = [](const std::string& part) { return part.empty(); };
    if (!path || !path->prefix.empty() || std::any_of(path->parts.begin(), path->parts.end(), is_empty))
        return std::nullopt;
    if (path->name_space != nullptr && path->name_space->empty()) return std::nullopt;
    return *path;
}

text::Parsed<RequestInfo> make_request_info(std::string_view method, const Target& target) {
    RequestInfo info;
    info.path = target.path;
    info.verb = lower(method);
    info.label_selector = asked_selector(target.query.get("labelSelector"));
    info.field_selector = asked_selector(target.query.get("fieldSelector"));
    std::vector<std::string> parts = split_path(target.path);
    info.is_resource = parts.size() > kBeforeResource && parts[0] == "apis";
    if (info.is_resource) {
        info.group = parts[1];
        info.version = parts[2];
        info.verb = verb_of(method);
        const auto path = take_apart(std::span{parts}.subspan(kBeforeResource));
        if (!path) return text::ParseError{"unable to determine kind and namespace from url, " + target.path};
        if (!path->prefix.empty()) info.verb = path->prefix;
        read_resource(info, *path);
        read_collection_verb(info, target.query);
    }
    // The authorizer is asked about the segments, whatever stands in front of them; served is only a plain
    // path.
    if (target.path.starts_with('/') && !target.path.starts_with("//")) info.segments = std::move(parts);
    return info;
}

bool option_is_set(const Query& query, std::string_view key) {
    const auto value = query.find(key);
    return value && *value != "0" && !net::equal_ignoring_case(*value, "false");
}

}  // namespace apiserver

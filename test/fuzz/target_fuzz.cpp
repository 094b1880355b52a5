// SPDX-License-Identifier: Apache-2.0
// Any target of a request line is a path and what is asked for, or refused: as a second reading of the same
// rules (k8s.io/apiserver, pkg/endpoints/request/requestinfo.go) says; what is served is what is asked about.
// The first byte chooses the method.
#include "apiserver/debug/route.hpp"
#include "apiserver/groups/metrics/route.hpp"
#include "apiserver/request/field_selector.hpp"
#include "apiserver/request/request_info.hpp"
#include "test/fuzz/require.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace {

using apiserver::RequestInfo;

constexpr std::string_view kMethods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "get"};

std::optional<std::string> naive_path(std::string text) {
    text.erase(std::min(text.find('?'), text.size()));
    const std::size_t scheme = text.find("://");
    if (!text.empty() && text[0] != '/' && scheme != text.npos) {
        text.erase(0, scheme + 3);
        text.erase(0, std::min(text.find('/'), text.size()));
        if (text.empty()) text = "/";
    }
    std::string path;
    while (!text.empty()) {
        if (text[0] != '%') {
            path += text[0];
            text.erase(0, 1);
            continue;
        }
        const auto is_digit = [&](std::size_t i) {
            return std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
        };
        if (text.size() < 3 || !is_digit(1) || !is_digit(2)) return std::nullopt;
        path += static_cast<char>(std::stoi(text.substr(1, 2), nullptr, 16));
        text.erase(0, 3);
    }
    return path;
}

std::vector<std::string> naive_parts(std::string path) {
    while (path.starts_with('/')) path.erase(0, 1);
    while (path.ends_with('/')) path.pop_back();
    if (path.empty()) return {};
    std::vector<std::string> parts(1);
    for (const char c : path) {
        if (c == '/')
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

std::string naive_verb(std::string_view method) {
    if (method == "GET" || method == "HEAD") return "get";
    if (method == "POST") return "create";
    if (method == "PUT") return "update";
    if (method == "PATCH" || method == "DELETE") return method == "PATCH" ? "patch" : "delete";
    return "";
}

// Of a request for a resource. nullopt: a watch or proxy of nothing.
std::optional<RequestInfo> naive_resource(std::string_view method, std::vector<std::string> parts,
                                          const apiserver::Query& query) {
    RequestInfo info;
    info.group = parts[1];
    info.version = parts[2];
    parts.erase(parts.begin(), parts.begin() + 3);
    info.verb = naive_verb(method);
    const bool special = parts[0] == "watch" || parts[0] == "proxy";
    if (special) {
        if (parts.size() == 1) return std::nullopt;
        info.verb = parts[0];
        parts.erase(parts.begin());
    }
    if (parts[0] == "namespaces" && parts.size() > 1) {
        info.name_space = parts[1];
        const bool own = parts.size() > 2 && (parts[2] == "status" || parts[2] == "finalize");
        if (parts.size() > 2 && !own) parts.erase(parts.begin(), parts.begin() + 2);
    }
    parts.resize(std::max<std::size_t>(parts.size(), 3));
    info.resource = parts[0];
    info.name = parts[1];
    if (!special) info.subresource = parts[2];
    if (!info.name.empty()) return info;
    if (info.verb == "delete") info.verb = "deletecollection";
    if (info.verb != "get") return info;
    info.verb = apiserver::option_is_set(query, "watch") ? "watch" : "list";
    const std::string_view selector = query.get("fieldSelector");
    if (selector.size() > 4096 || std::count(selector.begin(), selector.end(), ',') > 100) return info;
    const auto fields = apiserver::FieldSelector::parse(selector);
    if (!fields) return info;
    const std::string name = fields->exact_match("metadata.name").value_or("");
    if (name != "." && name != ".." && name.find('/') == name.npos && name.find('%') == name.npos)
        info.name = name;
    return info;
}

bool is_about(const RequestInfo& info, std::string_view resource, std::string_view subresource,
              std::string_view name_space) {
    return info.is_resource && info.group == apiserver::kMetricsGroup && info.resource == resource &&
           info.subresource == subresource && info.name_space == name_space;
}

bool serves(const RequestInfo& info, const apiserver::MetricsList& list) {
    if (list.version != info.version) return false;
    if (std::holds_alternative<apiserver::AllNodes>(list.of)) return is_about(info, "nodes", "", "");
    if (std::holds_alternative<apiserver::AllPods>(list.of)) return is_about(info, "pods", "", "");
    const std::string& name_space = std::get<apiserver::PodsOf>(list.of).name_space;
    return !name_space.empty() && is_about(info, "pods", "", name_space);
}

bool serves(const RequestInfo& info, const apiserver::MetricsObject& object) {
    if (object.version != info.version) return false;
    if (const auto* node = std::get_if<apiserver::OneNode>(&object.of))
        return !node->name.empty() && node->name == info.name && is_about(info, "nodes", "", "");
    const auto& pod = std::get<apiserver::OnePod>(object.of);
    return !pod.name.empty() && !pod.name_space.empty() && pod.name == info.name &&
           is_about(info, "pods", "", pod.name_space);
}

bool serves(const RequestInfo& info, const apiserver::DebugPage& page) {
    const auto* pod = std::get_if<apiserver::OnePod>(&page.of);
    if (pod != nullptr && (pod->name.empty() || pod->name_space.empty())) return false;
    if (!info.is_resource)
        return info.path.starts_with(pod == nullptr ? "/debug/nodes"
                                                    : "/debug/pods/" + pod->name_space + "/" + pod->name);
    if (pod == nullptr) return is_about(info, "debug", "", "") && info.name == "nodes";
    return is_about(info, "pods", "debug", pod->name_space) && info.name == pod->name;
}

bool serves(const RequestInfo&, const apiserver::NoRoute&) {
    return true;
}

bool serves_what_it_is_about(const RequestInfo& info) {
    if (const auto page = apiserver::debug_route(info.segments)) return serves(info, *page);
    const auto path = apiserver::resource_path(info);
    if (!path || info.group != apiserver::kMetricsGroup) return true;
    return std::visit([&](const auto& route) { return serves(info, route); },
                      apiserver::metrics_route(info.version, *path));
}

void check(std::string_view method, std::string_view text) {
    const auto target = apiserver::parse_target(text);
    const auto path = naive_path(std::string{text});
    require(target.has_value() == path.has_value(), "a target is refused for its broken escapes");
    if (!target) return;
    require(target->path == *path, "the path is decoded once");
    const std::vector<std::string> parts = naive_parts(*path);
    require(apiserver::split_path(*path) == parts, "parts stand between slashes");

    const auto info = apiserver::make_request_info(method, *target);
    if (info) require(serves_what_it_is_about(*info), "what is served is what is asked about");
    const bool resource = parts.size() >= 4 && parts[0] == "apis";
    if (!resource) {
        require(info && !info->is_resource && info->resource.empty(), "other paths are for no resource");
        return;
    }
    const auto expected = naive_resource(method, parts, target->query);
    require(info.has_value() == expected.has_value(), "only a watch of nothing is refused");
    if (!info) return require(!info.error().text.empty(), "a refusal has a reason");
    require(info->is_resource && info->path == *path, "it is for a resource");
    require(info->verb == expected->verb, "the verb is that of the rules");
    require(info->group == expected->group && info->version == expected->version, "so is the group");
    require(info->name_space == expected->name_space, "so is the namespace");
    require(info->resource == expected->resource && info->subresource == expected->subresource,
            "and the resource");
    require(info->name == expected->name, "and the name");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    check(kMethods[data[0] % std::size(kMethods)], text_of(data + 1, size - 1));
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "apiserver/debug/endpoint.hpp"

#include "apiserver/answer.hpp"
#include "apiserver/debug/node_list.hpp"
#include "apiserver/debug/pod_page.hpp"
#include "apiserver/discovery/discovery.hpp"
#include "apiserver/encode/encoder.hpp"
#include "apiserver/encode/go_text.hpp"
#include "apiserver/request/negotiate.hpp"
#include "apiserver/request/request_info.hpp"

#include <algorithm>
#include <utility>

namespace apiserver {
namespace {

// What is asked about: all nodes, or one pod.
struct Subject {
    std::string name_space;
    std::string pod;
};

std::optional<Subject> subject_of(std::string_view path) {
    const bool direct = path.starts_with("/debug/");
    // Lists come here as well, and need not be taken apart twice.
    const bool below_group = path.starts_with("/apis/") && path.find("/debug") != std::string_view::npos;
    if (!direct && !below_group) return std::nullopt;
    std::vector<std::string> parts = split_path(path);
    if (direct) {
        if (parts.size() == 2 && parts[1] == "nodes") return Subject{};
        if (parts.size() == 4 && parts[1] == "pods") return Subject{parts[2], parts[3]};
        return std::nullopt;
    }
    if (parts.size() < 5 || parts[1] != kMetricsGroup ||
        std::find(kVersions.begin(), kVersions.end(), parts[2]) == kVersions.end())
        return std::nullopt;
    if (parts.size() == 5 && parts[3] == "debug" && parts[4] == "nodes") return Subject{};
    if (parts.size() == 8 && parts[3] == "namespaces" && parts[5] == "pods" && parts[7] == "debug")
        return Subject{parts[4], parts[6]};
    return std::nullopt;
}

std::optional<DebugForm> form_of(const net::Request& request, const Query& query) {
    const auto format = query.find("format");
    if (format == "table") return DebugForm::table;
    if (format == "json") return DebugForm::json;
    if (format) return std::nullopt;
    const auto ranges = wanted_ranges(request.headers.find("Accept").value_or(""));
    return !ranges.empty() && ranges.front().type == "text" ? DebugForm::table : DebugForm::json;
}

net::Response ok(DebugForm form) {
    if (form == DebugForm::table) return answer_plain(200, "");
    net::Response response;
    response.headers.set("Content-Type", content_type(MediaType::json));
    return response;
}

}  // namespace

DebugEndpoint::DebugEndpoint(const storage::Store& store, DebugOptions options)
    : store_{store}, options_{std::move(options)} {}

std::vector<std::string> DebugEndpoint::paths() const {
    if (!options_.reports.node) return {};
    return {"/debug/nodes", "/debug/pods"};
}

Moments DebugEndpoint::now() const {
    return {options_.wall_clock(), options_.monotonic_clock()};
}

std::optional<net::Response> DebugEndpoint::respond(std::string_view path, const net::Request& request,
                                                    const Query& query) const {
    if (!options_.reports.node) return std::nullopt;
    const std::optional<Subject> subject = subject_of(path);
    if (!subject) return std::nullopt;
    if (request.method != "GET") return answer_status(method_not_allowed(), request, query);
    const std::optional<DebugForm> form = form_of(request, query);
    if (!form) {
        const std::string message = "format must be json or table, not " + quoted(query.get("format"));
        return answer_status(bad_request(message), request, query);
    }
    net::Response response = ok(*form);
    if (subject->pod.empty()) {
        NodeFilter filter{std::string{query.get("node")}, std::string{query.get("state")}};
        response.source = std::make_unique<NodeList>(
            store_, options_.reports, [this] { return now(); }, std::move(filter), *form);
        return response;
    }
    const Moments moments = now();
    PodPage page{subject->name_space, subject->pod, {}, {}};
    page.pod = store_.explain_pod(page.name_space, page.name, moments.monotonic);
    if (!page.pod.node.empty()) page.node = node_row(store_, options_.reports, page.pod.node, moments);
    response.body = *form == DebugForm::table ? pod_text(page, moments, store_.bound())
                                              : pod_json(page, moments, store_.bound()) + "\n";
    return response;
}

}  // namespace apiserver

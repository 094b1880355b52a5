// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/series/about.hpp"

#include "apiserver/debug/words.hpp"
#include "apiserver/page/snapshot/json.hpp"
#include "storage/watched/watched_objects.hpp"

#include <algorithm>
#include <tuple>

namespace apiserver {
namespace {

Kind kind_of(SeriesOf of) {
    switch (of) {
        case SeriesOf::node:
            return Kind::node;
        case SeriesOf::name_space:
            return Kind::name_space;
        case SeriesOf::workload:
            return Kind::workload;
        case SeriesOf::container:
            return Kind::container;
        case SeriesOf::cluster:
        case SeriesOf::pod:
            break;
    }
    return Kind::pod;
}

void number_if(JsonObject& out, std::string_view key, std::uint64_t number, std::uint64_t none) {
    if (number != none) out.number(key, number);
}

// Of what is in history alone.
void append_why_not(JsonObject& out, const PageSources& sources, const SeriesRequest& request) {
    out.text("state", "ended");
    if (request.of != SeriesOf::pod) return;
    const auto explained =
        sources.store.explain_pod(request.name_space, request.name, sources.clock().monotonic);
    out.text("reason", why(explained, sources.store.bound()));
    storage::history::KnownPod known;
    if (sources.history.pod(request.name_space, request.name, known)) out.text("node", known.node);
}

std::string address_of(const PageSources& sources, const SeriesRequest& request) {
    if (request.of == SeriesOf::node) {
        NodeScrape scrape;
        if (sources.reports.node && sources.reports.node(request.name, scrape)) return scrape.url;
        return {};
    }
    if (request.of != SeriesOf::pod || sources.objects == nullptr) return {};
    const auto object = sources.objects->pod(request.name_space, request.name);
    return object ? std::string{object->pod_ip} : std::string{};
}

}  // namespace

const UsageRow* row_of(const Snapshot& snapshot, const SeriesRequest& request) {
    if (request.of == SeriesOf::cluster) return nullptr;
    // Nodes and namespaces are in none, and only containers are in a pod.
    const bool placed = request.of != SeriesOf::node && request.of != SeriesOf::name_space;
    const std::tuple wanted{placed ? request.name_space : std::string_view{},
                            request.of == SeriesOf::container ? request.pod : std::string_view{},
                            request.name};
    const auto key = [&](const UsageRow& row) {
        return std::tuple{snapshot.text(row.name_space), snapshot.text(row.pod), snapshot.text(row.name)};
    };
    const auto& rows = snapshot.of(kind_of(request.of));
    const auto found =
        std::lower_bound(rows.begin(), rows.end(), wanted,
                         [&](const UsageRow& row, const auto& name) { return key(row) < name; });
    return found != rows.end() && key(*found) == wanted ? &*found : nullptr;
}

void append_lines(std::string& out, const Snapshot& snapshot, SeriesOf of, const UsageRow* row) {
    JsonObject lines{out};
    if (of == SeriesOf::cluster) {
        const auto append = [&lines](const std::string& unit, const ClusterFigures& figures) {
            lines.number(unit + "Request", figures.requested);
            lines.number(unit + "Limit", figures.limits);
            lines.number(unit + "Capacity", figures.allocatable ? figures.allocatable : figures.capacity);
        };
        append("cpu", snapshot.cpu);
        append("memory", snapshot.memory);
        lines.end();
        return;
    }
    // Of a node the limit is what is allocatable.
    const bool node = of == SeriesOf::node;
    const UsageRow none;
    const UsageRow& told = row == nullptr ? none : *row;
    append_figure(lines.member("cpuRequest"), told.cpu_request);
    append_figure(lines.member("cpuLimit"), node ? kNoFigure : told.cpu_limit);
    append_figure(lines.member("cpuCapacity"), node ? told.cpu_limit : kNoFigure);
    append_figure(lines.member("memoryRequest"), told.memory_request);
    append_figure(lines.member("memoryLimit"), node ? kNoFigure : told.memory_limit);
    append_figure(lines.member("memoryCapacity"), node ? told.memory_limit : kNoFigure);
    lines.end();
}

void append_about(std::string& out, const PageSources& sources, const Snapshot& snapshot,
                  const SeriesRequest& request, const UsageRow* row) {
    JsonObject about{out};
    about.text("namespace", request.name_space);
    about.text("pod", request.pod);
    about.text("name", request.name);
    if (request.of == SeriesOf::cluster) {
        number_if(about, "cpu", snapshot.cpu.used.value_or(kNoFigure), kNoFigure);
        number_if(about, "memory", snapshot.memory.used.value_or(kNoFigure), kNoFigure);
        about.number("pods", snapshot.of(Kind::pod).size());
    } else if (row == nullptr) {
        append_why_not(about, sources, request);
    } else {
        number_if(about, "cpu", shown_cpu(*row), kNoFigure);
        number_if(about, "memory", row->memory, kNoFigure);
        about.text("node", snapshot.text(row->node));
        about.text("workload", snapshot.text(row->workload));
        number_if(about, "started", row->started, 0);
        number_if(about, "restarts", row->restarts, kNoNumber);
        number_if(about, "pods", row->pods, 0);
        number_if(about, "lastSample", row->last_sample, 0);
        about.text("state", snapshot.text(row->state));
        about.text("reason", snapshot.text(row->reason));
        about.text("remedy", snapshot.text(row->remedy));
    }
    about.text("address", address_of(sources, request));
    about.end();
}

}  // namespace apiserver

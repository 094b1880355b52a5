// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/series/about.hpp"

#include "apiserver/debug/words.hpp"
#include "apiserver/page/rows/columns.hpp"
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

void text_if(std::string& out, std::string_view key, std::string_view text) {
    if (!text.empty()) append_text(member(out, key), text);
}

void number_if(std::string& out, std::string_view key, std::uint64_t number, std::uint64_t none) {
    if (number != none) append_number(member(out, key), number);
}

// Of what is in history alone.
void append_why_not(std::string& out, const PageSources& sources, const SeriesRequest& request) {
    append_text(member(out, "state"), "ended");
    if (request.of != SeriesOf::pod) return;
    const auto explained =
        sources.store.explain_pod(request.name_space, request.name, sources.clock().monotonic);
    text_if(out, "reason", why(explained, sources.store.bound()));
    storage::history::KnownPod known;
    if (sources.history.pod(request.name_space, request.name, known)) text_if(out, "node", known.node);
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
    out.push_back('{');
    if (of == SeriesOf::cluster) {
        const auto append = [&out](const std::string& unit, const ClusterFigures& figures) {
            append_number(member(out, unit + "Request"), figures.requested);
            append_number(member(out, unit + "Limit"), figures.limits);
            append_number(member(out, unit + "Capacity"),
                          figures.allocatable ? figures.allocatable : figures.capacity);
        };
        append("cpu", snapshot.cpu);
        append("memory", snapshot.memory);
        out.push_back('}');
        return;
    }
    // Of a node the limit is what is allocatable.
    const bool node = of == SeriesOf::node;
    const UsageRow none;
    const UsageRow& told = row == nullptr ? none : *row;
    append_figure(member(out, "cpuRequest"), told.cpu_request);
    append_figure(member(out, "cpuLimit"), node ? kNoFigure : told.cpu_limit);
    append_figure(member(out, "cpuCapacity"), node ? told.cpu_limit : kNoFigure);
    append_figure(member(out, "memoryRequest"), told.memory_request);
    append_figure(member(out, "memoryLimit"), node ? kNoFigure : told.memory_limit);
    append_figure(member(out, "memoryCapacity"), node ? told.memory_limit : kNoFigure);
    out.push_back('}');
}

void append_about(std::string& out, const PageSources& sources, const Snapshot& snapshot,
                  const SeriesRequest& request, const UsageRow* row) {
    out.push_back('{');
    text_if(out, "namespace", request.name_space);
    text_if(out, "pod", request.pod);
    text_if(out, "name", request.name);
    if (request.of == SeriesOf::cluster) {
        number_if(out, "cpu", snapshot.cpu.used.value_or(kNoFigure), kNoFigure);
        number_if(out, "memory", snapshot.memory.used.value_or(kNoFigure), kNoFigure);
        append_number(member(out, "pods"), snapshot.of(Kind::pod).size());
    } else if (row == nullptr) {
        append_why_not(out, sources, request);
    } else {
        number_if(out, "cpu", row->cpu == kNoFigure ? kNoFigure : millicores(row->cpu), kNoFigure);
        number_if(out, "memory", row->memory, kNoFigure);
        text_if(out, "node", snapshot.text(row->node));
        text_if(out, "workload", snapshot.text(row->workload));
        number_if(out, "started", row->started, 0);
        number_if(out, "restarts", row->restarts, kNoNumber);
        number_if(out, "pods", row->pods, 0);
        number_if(out, "lastSample", row->last_sample, 0);
        text_if(out, "state", snapshot.text(row->state));
        text_if(out, "reason", snapshot.text(row->reason));
        text_if(out, "remedy", snapshot.text(row->remedy));
    }
    text_if(out, "address", address_of(sources, request));
    out.push_back('}');
}

}  // namespace apiserver

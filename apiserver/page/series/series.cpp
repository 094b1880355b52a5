// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/series/series.hpp"

#include "apiserver/page/series/about.hpp"
#include "apiserver/page/series/figure_curves.hpp"
#include "apiserver/page/series/grid.hpp"
#include "apiserver/page/series/stats_curves.hpp"
#include "apiserver/page/snapshot/json.hpp"
#include "apiserver/turns/stint.hpp"
#include "storage/watched/watched_objects.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace apiserver {
namespace {

namespace history = storage::history;
using history::Seconds;

// A container that comes and goes all day is told of so often.
constexpr std::size_t kMostMarks = 200;

struct Part {
    // Empty: the others.
    std::string name_space;
    std::string name;
    Grid grid;
    // What it uses now; null: it is not in the snapshot.
    const UsageRow* row = nullptr;
};

struct Mark {
    Seconds at = 0;
    std::string_view kind;
    std::string name;
};

class SeriesAnswer {
  public:
    SeriesAnswer(const PageSources& sources, const Snapshot& snapshot, const SeriesRequest& request)
        : sources_{sources},
          snapshot_{snapshot},
          request_{request},
          times_{grid_times(sources.history, request)},
          row_{row_of(snapshot, request)},
          total_{times_} {}

    net::Task<std::optional<std::string>> make();

  private:
    net::Task<> read_cluster();
    // Where its pods are told one by one, and the others as a sum.
    net::Task<std::vector<const UsageRow*>> find_members();
    net::Task<> read_pods();
    net::Task<> read_containers();
    void add_marks(const Grid& grid, const std::string& name, bool ended);
    bool is_member(const UsageRow& pod) const;

    void append_figures(std::string& out, std::string_view key, Grid::Figure figure) const;
    net::Task<> append_parts(std::string& out);
    void append_marks(std::string& out) const;

    const PageSources& sources_;
    const Snapshot& snapshot_;
    const SeriesRequest& request_;
    GridTimes times_;
    const UsageRow* row_;
    Grid total_;
    std::vector<Part> parts_;
    // What the pods use together that are not told apart.
    UsageRow others_;
    std::vector<Mark> marks_;
    // There is history of it.
    bool known_ = false;
    Stint stint_;
};

net::Task<std::optional<std::string>> SeriesAnswer::make() {
    using Of = SeriesOf;
    known_ = row_ != nullptr || request_.of == Of::cluster;
    switch (request_.of) {
        case Of::cluster:
            co_await read_cluster();
            break;
        case Of::name_space:
            total_.add(sources_.history, history::OfNamespace{request_.name});
            break;
        case Of::node:
            total_.add(sources_.history, history::OfNode{request_.name});
            break;
        case Of::workload:
            break;
        case Of::pod:
            co_await read_containers();
            break;
        case Of::container:
            total_.add(sources_.history,
                       history::OfContainer{request_.name_space, request_.pod, request_.name});
            add_marks(total_, std::string{request_.name}, row_ == nullptr);
            break;
    }
    const bool of_pods =
        request_.of == Of::node || request_.of == Of::name_space || request_.of == Of::workload;
    if (of_pods && (request_.parts || request_.of == Of::workload)) co_await read_pods();
    if (!known_ && !total_.any()) co_return std::nullopt;
    co_await stint_.rest();

    std::string out = answer_head(sources_, snapshot_);
    append_text(member(out, "kind"), kSeriesNames[static_cast<std::size_t>(request_.of)]);
    append_number(member(out, "start"), times_.start);
    append_number(member(out, "step"), times_.step());
    append_number(member(out, "count"), times_.told());
    member(out, "tier").append(times_.tier == history::Tier::recent ? "\"recent\"" : "\"long\"");
    append_figures(out, "cpu", Grid::Figure::cpu);
    append_figures(out, "memory", Grid::Figure::memory);
    if (total_.has_swap()) append_figures(out, "swap", Grid::Figure::swap);
    append_lines(member(out, "lines"), snapshot_, request_.of, row_);
    co_await stint_.rest();
    if (request_.parts) co_await append_parts(out);
    append_marks(out);
    append_stats_curves(out, sources_, request_, times_);
    append_figure_curves(out, sources_, request_, times_);
    append_about(member(out, "about"), sources_, snapshot_, request_, row_);
    out.push_back('}');
    co_return std::move(out);
}

net::Task<> SeriesAnswer::read_cluster() {
    for (const UsageRow& node : snapshot_.of(Kind::node)) {
        total_.add(sources_.history, history::OfNode{snapshot_.text(node.name)});
        if (stint_.is_over()) co_await stint_.rest();
    }
}

bool SeriesAnswer::is_member(const UsageRow& pod) const {
    if (request_.of == SeriesOf::node) return snapshot_.text(pod.node) == request_.name;
    if (request_.of == SeriesOf::name_space) return snapshot_.text(pod.name_space) == request_.name;
    return row_ != nullptr && pod.workload == row_->name && pod.name_space == row_->name_space;
}

// Those that are told apart come first: the busiest.
net::Task<std::vector<const UsageRow*>> SeriesAnswer::find_members() {
    const auto& pods = snapshot_.of(Kind::pod);
    std::vector<const UsageRow*> members;
    for (std::size_t i = 0; i < pods.size(); ++i) {
        if (is_member(pods[i])) members.push_back(&pods[i]);
        if (i % 1024 == 0 && stint_.is_over()) co_await stint_.rest();
    }
    const auto told = static_cast<std::ptrdiff_t>(std::min(members.size(), kMostParts));
    std::partial_sort(
        members.begin(), members.begin() + told, members.end(), [](const UsageRow* a, const UsageRow* b) {
            const auto figure = [](const UsageRow* row) { return row->cpu == kNoFigure ? 0 : row->cpu + 1; };
            return figure(a) != figure(b) ? figure(a) > figure(b) : a < b;
        });
    co_return members;
}

net::Task<> SeriesAnswer::read_pods() {
    const std::vector<const UsageRow*> members = co_await find_members();
    const std::size_t told = std::min(members.size(), kMostParts);
    const bool sum = request_.of == SeriesOf::workload;
    // What a namespace's others use is what is left of it: it may have ten thousands of pods.
    const bool left = request_.of == SeriesOf::name_space;
    Grid others{times_};
    if (left) others.add(total_);
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (left && i >= told) break;
        const std::string name_space{snapshot_.text(members[i]->name_space)};
        const std::string name{snapshot_.text(members[i]->name)};
        Grid grid{times_};
        grid.add(sources_.history, history::OfPod{name_space, name});
        if (sum) total_.add(grid);
        if (sum && members[i]->started >= times_.start && marks_.size() < kMostMarks)
            marks_.push_back({members[i]->started, "begun", name});
        if (i >= told)
            others.add(grid);
        else if (request_.parts)
            parts_.push_back({name_space, name, std::move(grid), members[i]});
        if (left && i < told && request_.parts) others.take_off(parts_.back().grid);
        if (stint_.is_over()) co_await stint_.rest();
    }
    if (!request_.parts || members.size() == told) co_return;
    for (std::size_t i = told; i < members.size(); ++i) {
        add_figure(others_.cpu, members[i]->cpu);
        add_figure(others_.memory, members[i]->memory);
    }
    parts_.push_back({{}, {}, std::move(others), &others_});
}

net::Task<> SeriesAnswer::read_containers() {
    history::KnownPod pod;
    if (!sources_.history.pod(request_.name_space, request_.name, pod)) co_return;
    known_ = true;
    // They are views of history, which may change while others run.
    const std::vector<std::string> names{pod.containers.begin(), pod.containers.end()};
    for (const std::string& container : names) {
        Grid grid{times_};
        grid.add(sources_.history, history::OfContainer{request_.name_space, request_.name, container});
        total_.add(grid);
        add_marks(grid, container, row_ == nullptr);
        if (stint_.is_over()) co_await stint_.rest();
        if (!request_.parts) continue;
        SeriesRequest of_container;
        of_container.of = SeriesOf::container;
        of_container.name_space = request_.name_space;
        of_container.pod = request_.name;
        of_container.name = container;
        parts_.push_back(
            {std::string{request_.name_space}, container, std::move(grid), row_of(snapshot_, of_container)});
    }
}

// A life that began within the time is a restart where there was another before.
void SeriesAnswer::add_marks(const Grid& grid, const std::string& name, bool ended) {
    bool first = true;
    for (const Seconds at : grid.lives()) {
        const std::string_view kind = first ? "begun" : "restart";
        first = false;
        if (at < times_.start || at > times_.end() || marks_.size() >= kMostMarks) continue;
        marks_.push_back({at, kind, name});
    }
    if (ended && grid.newest() != 0 && grid.newest() < times_.end())
        marks_.push_back({grid.newest(), "ended", name});
}

void SeriesAnswer::append_figures(std::string& out, std::string_view key, Grid::Figure figure) const {
    JsonObject figures{member(out, key)};
    total_.append_means(figures.member("mean"), figure);
    if (times_.has_maxima()) total_.append_maxima(figures.member("max"), figure);
    figures.end();
}

net::Task<> SeriesAnswer::append_parts(std::string& out) {
    if (request_.of == SeriesOf::cluster || request_.of == SeriesOf::container) co_return;
    member(out, "parts").push_back('[');
    for (const Part& part : parts_) {
        if (&part != &parts_.front()) out.push_back(',');
        JsonObject told{out};
        append_text(told.member("name"), part.name);
        if (request_.of != SeriesOf::pod) append_text(told.member("namespace"), part.name_space);
        part.grid.append_means(told.member("cpu"), Grid::Figure::cpu);
        part.grid.append_means(told.member("memory"), Grid::Figure::memory);
        const UsageRow none;
        const UsageRow& now = part.row == nullptr ? none : *part.row;
        append_figure(told.member("cpuNow"), shown_cpu(now));
        append_figure(told.member("memoryNow"), now.memory);
        append_figure(told.member("cpuLimit"), now.cpu_limit);
        append_figure(told.member("memoryLimit"), now.memory_limit);
        told.end();
        if (stint_.is_over()) co_await stint_.rest();
    }
    out.push_back(']');
}

void SeriesAnswer::append_marks(std::string& out) const {
    append_array(member(out, "marks"), marks_, [&](const Mark& mark) {
        JsonObject told{out};
        told.number("at", mark.at);
        append_text(told.member("kind"), mark.kind);
        append_text(told.member("name"), mark.name);
        told.end();
    });
}

}  // namespace

net::Task<std::optional<std::string>> series_answer(const PageSources& sources, const Snapshot& snapshot,
                                                    const SeriesRequest& request) {
    SeriesAnswer answer{sources, snapshot, request};
    co_return co_await answer.make();
}

}  // namespace apiserver

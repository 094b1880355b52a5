// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/overview/overview.hpp"

#include "apiserver/page/rows/columns.hpp"
#include "apiserver/page/rows/curves.hpp"
#include "apiserver/page/rows/selection.hpp"
#include "apiserver/turns/stint.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace apiserver {
namespace {

namespace history = storage::history;

constexpr history::Seconds kCurve = 3600;
// Read between two looks at the clock.
constexpr std::size_t kBatch = 16;

class Overview {
  public:
    Overview(const PageSources& sources, const Snapshot& snapshot) : sources_{sources}, snapshot_{snapshot} {}

    net::Task<std::string> make(std::string_view version, const Changes& changes);

  private:
    void append_reach();
    void append_counts();
    void append_sums(std::string_view key, const ClusterFigures& figures);
    net::Task<> append_curve();
    net::Task<> append_top(std::string_view key, Kind kind, SortBy by);
    void append_troubles();
    net::Task<> append_pods_without();

    const PageSources& sources_;
    const Snapshot& snapshot_;
    std::string out_;
};

net::Task<std::string> Overview::make(std::string_view version, const Changes& changes) {
    out_ = answer_head(sources_, snapshot_);
    text::append_json_string(member(out_, "version"), version);
    JsonObject sources{member(out_, "sources")};
    sources.boolean("objects", snapshot_.objects);
    sources.boolean("summary", sources_.stats != nullptr);
    sources.end();
    append_reach();
    append_counts();
    append_sums("cpu", snapshot_.cpu);
    append_sums("memory", snapshot_.memory);
    co_await append_curve();
    member(out_, "top").push_back('{');
    co_await append_top("podsByCpu", Kind::pod, SortBy::cpu);
    co_await append_top("podsByMemory", Kind::pod, SortBy::memory);
    co_await append_top("namespacesByCpu", Kind::name_space, SortBy::cpu);
    co_await append_top("namespacesByMemory", Kind::name_space, SortBy::memory);
    co_await append_top("nodesByCpu", Kind::node, SortBy::cpu);
    co_await append_top("nodesByMemory", Kind::node, SortBy::memory);
    out_.push_back('}');
    append_troubles();
    co_await append_pods_without();
    changes.append(member(out_, "changes"));
    out_.push_back('}');
    co_return std::move(out_);
}

void Overview::append_reach() {
    const history::Reach reach = sources_.history.reach();
    const history::HistoryOptions& options = sources_.history.options();
    JsonObject told{member(out_, "reach")};
    told.number("recentFrom", reach.recent_from);
    told.number("longFrom", reach.long_from);
    told.number("to", reach.to);
    told.boolean("cut", reach.cut);
    told.number("recentWindow", options.recent_window.count());
    told.number("longWindow", options.long_window.count());
    told.end();
}

void Overview::append_counts() {
    JsonObject counts{member(out_, "counts")};
    counts.number("nodes", snapshot_.of(Kind::node).size());
    counts.number("nodesWithFigures", snapshot_.measured(Kind::node));
    counts.number("namespaces", snapshot_.of(Kind::name_space).size());
    counts.number("pods", snapshot_.of(Kind::pod).size());
    counts.number("podsWithFigures", snapshot_.measured(Kind::pod));
    counts.number("containers", snapshot_.of(Kind::container).size());
    counts.end();
}

void Overview::append_sums(std::string_view key, const ClusterFigures& figures) {
    JsonObject sums{member(out_, key)};
    sums.number("used", figures.used);
    sums.number("capacity", figures.capacity);
    sums.number("allocatable", figures.allocatable);
    sums.number("requested", figures.requested);
    sums.number("limits", figures.limits);
    sums.end();
}

// Of nodes, as the sums are: pods are not all that runs on them.
net::Task<> Overview::append_curve() {
    const history::Steps steps = curve_steps(sources_.history, kCurve);
    history::PeakReader reader{sources_.history, steps};
    Stint stint;
    std::size_t read = 0;
    for (const UsageRow& row : snapshot_.of(Kind::node)) {
        reader.add(history::OfNode{snapshot_.text(row.name)});
        if (++read % kBatch == 0 && stint.is_over()) co_await stint.rest();
    }
    std::vector<history::Peak> peaks;
    reader.take(peaks);
    // A large chart is read: its figures are told whole.
    JsonObject curve{member(out_, "curve")};
    curve.number("from", steps.from);
    curve.number("step", steps.length);
    append_array(curve.member("cpu"), peaks, [&](const history::Peak& peak) {
        append_figure(out_, peak.any ? millicores(peak.cpu) : kNoFigure);
    });
    append_array(curve.member("memory"), peaks,
                 [&](const history::Peak& peak) { append_figure(out_, peak.any ? peak.memory : kNoFigure); });
    curve.end();
}

net::Task<> Overview::append_top(std::string_view key, Kind kind, SortBy by) {
    RowsRequest request;
    request.kind = kind;
    request.sort = by;
    request.limit = kOverviewRows;
    Selection selection = co_await select_rows(snapshot_, request);
    const auto& table = snapshot_.of(kind);
    // Those without the figure came last.
    std::erase_if(selection.rows, [&](std::uint32_t at) { return table[at].cpu == kNoFigure; });
    member(out_, key).push_back('{');
    Columns columns{out_, snapshot_, table, selection.rows};
    if (kind == Kind::pod) columns.texts("namespace", &UsageRow::name_space);
    columns.texts("name", &UsageRow::name);
    columns.cpu();
    columns.figures("memory", &UsageRow::memory);
    out_.push_back('}');
}

// Nodes that are not well, the one whose sample is oldest first.
void Overview::append_troubles() {
    const auto& nodes = snapshot_.of(Kind::node);
    std::vector<std::uint32_t> rows;
    for (std::uint32_t at = 0; at < nodes.size(); ++at)
        if (nodes[at].reason != 0) rows.push_back(at);
    const std::size_t total = rows.size();
    const std::size_t told = std::min(total, kOverviewRows);
    std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(told), rows.end(),
                      [&](std::uint32_t a, std::uint32_t b) {
                          return std::pair{nodes[a].last_sample, a} < std::pair{nodes[b].last_sample, b};
                      });
    rows.resize(told);
    member(out_, "troubles").push_back('{');
    append_number(member(out_, "total"), total);
    Columns columns{out_, snapshot_, nodes, rows};
    columns.texts("node", &UsageRow::name);
    columns.texts("state", &UsageRow::state);
    columns.numbers("lastSample", &UsageRow::last_sample, 0);
    columns.texts("reason", &UsageRow::reason);
    columns.texts("remedy", &UsageRow::remedy);
    out_.push_back('}');
}

net::Task<> Overview::append_pods_without() {
    const auto& pods = snapshot_.of(Kind::pod);
    std::vector<std::uint32_t> rows;
    Stint stint;
    for (std::uint32_t at = 0; at < pods.size() && rows.size() < kOverviewRows; ++at) {
        if (pods[at].cpu == kNoFigure) rows.push_back(at);
        if (at % 1024 == 0 && stint.is_over()) co_await stint.rest();
    }
    member(out_, "podsWithout").push_back('{');
    append_number(member(out_, "total"), pods.size() - snapshot_.measured(Kind::pod));
    Columns columns{out_, snapshot_, pods, rows};
    columns.texts("namespace", &UsageRow::name_space);
    columns.texts("name", &UsageRow::name);
    columns.texts("reason", &UsageRow::reason);
    out_.push_back('}');
}

}  // namespace

net::Task<std::string> overview_answer(const PageSources& sources, const Snapshot& snapshot,
                                       std::string_view version, const Changes& changes) {
    Overview overview{sources, snapshot};
    co_return co_await overview.make(version, changes);
}

}  // namespace apiserver

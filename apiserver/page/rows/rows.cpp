// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/rows/rows.hpp"

#include "apiserver/page/rows/columns.hpp"
#include "apiserver/page/rows/curves.hpp"
#include "apiserver/page/rows/selection.hpp"
#include "apiserver/turns/stint.hpp"

#include <algorithm>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace apiserver {
namespace {

namespace history = storage::history;

constexpr std::uint64_t kNanocoresOfMillicore = 1'000'000;
// Read, or written, between two looks at the clock.
constexpr std::size_t kBatch = 16;

class RowsAnswer {
  public:
    RowsAnswer(const PageSources& sources, const Snapshot& snapshot, const RowsRequest& request)
        : sources_{sources},
          snapshot_{snapshot},
          request_{request},
          table_{snapshot.of(request.kind)},
          steps_{curve_steps(sources.history, request.range)},
          cpu_{steps_.count},
          memory_{steps_.count} {}

    net::Task<std::string> make();

  private:
    net::Task<> read_curves();
    net::Task<> gather_pods();
    history::Subject subject_of(const UsageRow& row) const;
    void append_head(std::string& out);
    void append_names(Columns& columns) const;
    void append_figures(Columns& columns) const;
    net::Task<> append_curves(std::string& out);

    const PageSources& sources_;
    const Snapshot& snapshot_;
    const RowsRequest& request_;
    const std::vector<UsageRow>& table_;
    history::Steps steps_;
    Selection selection_;
    CurveColumn cpu_;
    CurveColumn memory_;
    std::vector<history::Peak> peaks_;
    // Of workloads: the pods of each row.
    std::vector<std::vector<std::uint32_t>> pods_of_;
    Stint stint_;
};

net::Task<std::string> RowsAnswer::make() {
    selection_ = co_await select_rows(snapshot_, request_);
    stint_.renew();
    if (request_.curves) co_await read_curves();
    std::string out = answer_head(sources_, snapshot_);
    append_head(out);
    member(out, "columns").push_back('{');
    Columns columns{out, snapshot_, table_, selection_.rows};
    append_names(columns);
    co_await stint_.rest();
    append_figures(columns);
    co_await stint_.rest();
    if (request_.curves) co_await append_curves(out);
    out.append("}}");
    co_return out;
}

history::Subject RowsAnswer::subject_of(const UsageRow& row) const {
    const std::string_view name = snapshot_.text(row.name);
    const std::string_view name_space = snapshot_.text(row.name_space);
    switch (request_.kind) {
        case Kind::node:
            return history::OfNode{name};
        case Kind::name_space:
            return history::OfNamespace{name};
        case Kind::container:
            return history::OfContainer{name_space, snapshot_.text(row.pod), name};
        case Kind::pod:
        case Kind::workload:
            break;
    }
    return history::OfPod{name_space, name};
}

// The pods of the workloads that are told.
net::Task<> RowsAnswer::gather_pods() {
    std::unordered_map<std::uint64_t, std::size_t> places;
    const auto key = [](TextId name_space, TextId workload) {
        return std::uint64_t{name_space} << 32 | workload;
    };
    pods_of_.resize(selection_.rows.size());
    for (std::size_t i = 0; i < selection_.rows.size(); ++i) {
        const UsageRow& row = table_[selection_.rows[i]];
        places.emplace(key(row.name_space, row.name), i);
    }
    const auto& pods = snapshot_.of(Kind::pod);
    for (std::uint32_t at = 0; at < pods.size(); ++at) {
        const auto found = places.find(key(pods[at].name_space, pods[at].workload));
        if (found != places.end()) pods_of_[found->second].push_back(at);
        if (at % 256 == 0 && stint_.is_over()) co_await stint_.rest();
    }
}

net::Task<> RowsAnswer::read_curves() {
    if (request_.kind == Kind::workload) co_await gather_pods();
    history::PeakReader reader{sources_.history, steps_};
    std::size_t read = 0;
    for (std::size_t i = 0; i < selection_.rows.size(); ++i) {
        if (request_.kind == Kind::workload) {
            for (const std::uint32_t pod : pods_of_[i]) {
                const UsageRow& row = snapshot_.of(Kind::pod)[pod];
                reader.add(history::OfPod{snapshot_.text(row.name_space), snapshot_.text(row.name)});
                if (++read % kBatch == 0 && stint_.is_over()) co_await stint_.rest();
            }
        } else {
            reader.add(subject_of(table_[selection_.rows[i]]));
        }
        reader.take(peaks_);
        cpu_.add(peaks_, CurveColumn::Figure::cpu);
        memory_.add(peaks_, CurveColumn::Figure::memory);
        if (++read % kBatch == 0 && stint_.is_over()) co_await stint_.rest();
    }
}

void RowsAnswer::append_head(std::string& out) {
    append_text(member(out, "kind"), kKindNames[static_cast<std::size_t>(request_.kind)]);
    JsonObject range{member(out, "range")};
    range.number("from", steps_.from);
    range.number("to", steps_.to());
    range.number("step", steps_.length);
    range.number("points", steps_.count);
    range.end();
    append_number(member(out, "total"), selection_.total);
    append_number(member(out, "matched"), selection_.matched);
    append_number(member(out, "offset"), request_.offset);
    JsonObject sums{member(out, "sums")};
    sums.number("cpu", selection_.cpu);
    sums.number("memory", selection_.memory);
    sums.end();
    if (!request_.curves) return;
    JsonObject scale{member(out, "scale")};
    scale.number("cpu", cpu_.scale(kNanocoresOfMillicore));
    scale.number("memory", memory_.scale(1));
    scale.end();
}

void RowsAnswer::append_names(Columns& columns) const {
    const Kind kind = request_.kind;
    const bool is_pod = kind == Kind::pod || kind == Kind::container;
    if (is_pod || kind == Kind::workload) columns.texts("namespace", &UsageRow::name_space);
    columns.texts("name", &UsageRow::name);
    if (kind == Kind::container) columns.texts("pod", &UsageRow::pod);
    if (kind == Kind::pod) columns.texts("workload", &UsageRow::workload);
    if (is_pod) columns.texts("node", &UsageRow::node);
}

void RowsAnswer::append_figures(Columns& columns) const {
    const Kind kind = request_.kind;
    const bool is_pod = kind == Kind::pod || kind == Kind::container;
    columns.cpu();
    columns.figures("memory", &UsageRow::memory);
    if (snapshot_.objects) {
        const bool node = kind == Kind::node;
        columns.figures(node ? "cpuRequested" : "cpuRequest", &UsageRow::cpu_request);
        columns.figures(node ? "cpuCapacity" : "cpuLimit", &UsageRow::cpu_limit);
        columns.figures(node ? "memoryRequested" : "memoryRequest", &UsageRow::memory_request);
        columns.figures(node ? "memoryCapacity" : "memoryLimit", &UsageRow::memory_limit);
        if (is_pod) columns.numbers("restarts", &UsageRow::restarts, kNoNumber);
    }
    if (is_pod)
        columns.numbers("started", &UsageRow::started, 0);
    else
        columns.numbers("pods", &UsageRow::pods, kNoNumber);
    if (kind == Kind::node) columns.numbers("lastSample", &UsageRow::last_sample, 0);
    if (!is_pod && kind != Kind::node) return;
    columns.texts("state", &UsageRow::state);
    columns.texts("reason", &UsageRow::reason);
    if (kind == Kind::node) columns.texts("remedy", &UsageRow::remedy);
}

net::Task<> RowsAnswer::append_curves(std::string& out) {
    struct Told {
        std::string_view key;
        const CurveColumn& column;
        double scale;
    };
    const Told told[] = {
        {"cpuCurve", cpu_,
         static_cast<double>(cpu_.scale(kNanocoresOfMillicore)) * static_cast<double>(kNanocoresOfMillicore)},
        {"memoryCurve", memory_, static_cast<double>(memory_.scale(1))}};
    for (const Told& each : told) {
        member(out, each.key).push_back('[');
        for (std::size_t i = 0; i < each.column.size(); ++i) {
            if (i > 0) out.push_back(',');
            each.column.append(out, i, each.scale);
            if (i % (4 * kBatch) == 0 && stint_.is_over()) co_await stint_.rest();
        }
        out.push_back(']');
    }
}

}  // namespace

net::Task<std::string> rows_answer(const PageSources& sources, const Snapshot& snapshot,
                                   const RowsRequest& request) {
    RowsAnswer answer{sources, snapshot, request};
    co_return co_await answer.make();
}

}  // namespace apiserver

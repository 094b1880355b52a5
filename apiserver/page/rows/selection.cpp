// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/rows/selection.hpp"

#include "apiserver/turns/sort_in_stints.hpp"
#include "apiserver/turns/stint.hpp"

#include <algorithm>
#include <bit>
#include <string>
#include <string_view>

namespace apiserver {
namespace {

// Looked at between two looks at the clock.
constexpr std::size_t kBatch = 256;
// How many more than are wanted may be held before the rest is dropped at once: some 200 us. Where more are
// wanted none is dropped.
constexpr std::size_t kSpare = 4'096;

// A row and what it is sorted by; greater keys come later.
struct Keyed {
    std::uint64_t key = 0;
    std::uint32_t row = 0;
};

constexpr std::uint64_t kLast = UINT64_MAX;

std::uint64_t share(std::uint64_t used, std::uint64_t limit, std::uint64_t request) {
    const std::uint64_t of = limit != kNoFigure ? limit : request;
    if (used == kNoFigure || of == kNoFigure || of == 0) return kNoFigure;
    // Of doubles that are not negative the bits have their order.
    return std::bit_cast<std::uint64_t>(static_cast<double>(used) / static_cast<double>(of));
}

// The first eight bytes; the rest is looked at where they are alike.
std::uint64_t beginning(std::string_view name) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < 8; ++i)
        out = out << 8 | (i < name.size() ? static_cast<unsigned char>(name[i]) : 0);
    return out;
}

class Selector {
  public:
    Selector(const Snapshot& snapshot, const RowsRequest& request)
        : snapshot_{snapshot}, request_{request}, rows_{snapshot.of(request.kind)} {
        wanted_ = std::min<std::size_t>(request.offset + request.limit, rows_.size());
    }

    net::Task<Selection> run();

  private:
    bool is_in(TextId id, std::string_view wanted) const {
        return wanted.empty() || snapshot_.text(id) == wanted;
    }
    bool passes(const UsageRow& row) const;
    bool matches(const UsageRow& row);
    TextId text_of(const UsageRow& row) const;
    std::uint64_t figure(const UsageRow& row) const;
    std::uint64_t key(const UsageRow& row) const;
    bool is_before(const Keyed& a, const Keyed& b) const;
    void take(std::uint32_t at, Selection& out);
    void drop_rest();

    const Snapshot& snapshot_;
    const RowsRequest& request_;
    const std::vector<UsageRow>& rows_;
    std::size_t wanted_ = 0;
    std::vector<Keyed> kept_;
    std::string text_;
};

bool Selector::passes(const UsageRow& row) const {
    if (request_.kind == Kind::node) return is_in(row.name, request_.node);
    if (request_.kind == Kind::name_space) return is_in(row.name, request_.name_space);
    const TextId pod = request_.kind == Kind::pod ? row.name : row.pod;
    const TextId workload = request_.kind == Kind::workload ? row.name : row.workload;
    return is_in(row.name_space, request_.name_space) && is_in(row.node, request_.node) &&
           is_in(workload, request_.workload) && is_in(pod, request_.pod);
}

bool Selector::matches(const UsageRow& row) {
    if (request_.words.empty()) return true;
    text_.clear();
    for (const TextId id : {row.name_space, row.pod, row.name}) {
        if (id == 0) continue;
        if (!text_.empty()) text_.push_back('/');
        text_.append(snapshot_.text(id));
    }
    // No word has a line in it.
    text_.append("\n").append(snapshot_.text(row.node));
    for (char& c : text_)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return std::all_of(request_.words.begin(), request_.words.end(),
                       [this](const std::string& word) { return text_.find(word) != std::string::npos; });
}

// What is sorted by, of sorts by text; a text's number says nothing of its order. 0: it has none.
TextId Selector::text_of(const UsageRow& row) const {
    if (request_.sort == SortBy::name_space) return row.name_space;
    return request_.sort == SortBy::name || request_.kind == Kind::node ? row.name : row.node;
}

// kNoFigure: it has none.
std::uint64_t Selector::figure(const UsageRow& row) const {
    switch (request_.sort) {
        case SortBy::name:
        case SortBy::name_space:
        case SortBy::node: {
            const TextId text = text_of(row);
            return text == 0 ? kNoFigure : beginning(snapshot_.text(text));
        }
        // What is sorted is what is shown.
        case SortBy::cpu:
            return shown_cpu(row);
        case SortBy::memory:
            return row.memory;
        case SortBy::cpu_share:
            return share(shown_cpu(row), row.cpu_limit,
                         request_.kind == Kind::node ? kNoFigure : row.cpu_request);
        case SortBy::memory_share:
            return share(row.memory, row.memory_limit,
                         request_.kind == Kind::node ? kNoFigure : row.memory_request);
        case SortBy::restarts:
            return row.restarts == kNoNumber ? kNoFigure : row.restarts;
        case SortBy::pods:
            return row.pods;
        case SortBy::age:
            // By how long ago, and not by when.
            return row.started == 0 ? kNoFigure : kNoNumber - row.started;
    }
    return kNoFigure;
}

std::uint64_t Selector::key(const UsageRow& row) const {
    const std::uint64_t value = figure(row);
    if (value == kNoFigure) return kLast;
    return request_.descending ? kLast - 1 - value : value;
}

bool Selector::is_before(const Keyed& a, const Keyed& b) const {
    if (a.key != b.key) return a.key < b.key;
    if (is_by_text(request_.sort)) {
        const TextId of_a = text_of(rows_[a.row]), of_b = text_of(rows_[b.row]);
        const int order = of_a == of_b ? 0 : snapshot_.text(of_a).compare(snapshot_.text(of_b));
        if (order != 0) return request_.descending ? order > 0 : order < 0;
    }
    return a.row < b.row;
}

void Selector::take(std::uint32_t at, Selection& out) {
    const UsageRow& row = rows_[at];
    if (!passes(row)) return;
    ++out.total;
    if (!matches(row)) return;
    ++out.matched;
    if (row.cpu != kNoFigure) out.cpu += row.cpu;
    if (row.memory != kNoFigure) out.memory += row.memory;
    kept_.push_back({key(row), at});
}

// Keeps those that may be given.
void Selector::drop_rest() {
    if (kept_.size() <= wanted_ || wanted_ > kSpare) return;
    const auto before = [this](const Keyed& a, const Keyed& b) { return is_before(a, b); };
    const auto end = kept_.begin() + static_cast<std::ptrdiff_t>(wanted_);
    std::nth_element(kept_.begin(), end, kept_.end(), before);
    kept_.erase(end, kept_.end());
}

net::Task<Selection> Selector::run() {
    Selection out;
    Stint stint;
    for (std::uint32_t at = 0; at < rows_.size(); ++at) {
        take(at, out);
        if (at % kBatch != 0) continue;
        if (kept_.size() >= wanted_ + kSpare) drop_rest();
        if (stint.is_over()) co_await stint.rest();
    }
    drop_rest();
    co_await stint.rest();
    const auto before = [this](const Keyed& a, const Keyed& b) { return is_before(a, b); };
    co_await sort_in_stints(kept_, before, stint);
    for (std::size_t i = request_.offset; i < std::min(wanted_, kept_.size()); ++i)
        out.rows.push_back(kept_[i].row);
    out.cpu = millicores(out.cpu);
    co_return out;
}

}  // namespace

net::Task<Selection> select_rows(const Snapshot& snapshot, const RowsRequest& request) {
    Selector selector{snapshot, request};
    co_return co_await selector.run();
}

}  // namespace apiserver

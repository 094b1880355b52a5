// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/overview/changes.hpp"

#include "apiserver/page/snapshot/json.hpp"
#include "apiserver/turns/stint.hpp"

#include <algorithm>
#include <utility>

namespace apiserver {
namespace {

namespace history = storage::history;
using history::Seconds;

// What is compared: the mean of the hour's begin, and that of its end.
constexpr Seconds kBegin = 900;
constexpr Seconds kEnd = 300;
// Smaller ones are no news: as amounts, and as shares of the greater of the two.
constexpr std::uint64_t kLeastCpu = 20'000'000;
constexpr std::uint64_t kLeastMemory = std::uint64_t{16} * 1024 * 1024;
constexpr double kLeastShare = 0.25;
// Pods read at once: some 200 us.
constexpr std::size_t kBatch = 8;
// Restarts are told before all else, and leave room for the rest.
constexpr std::size_t kMostRestarts = 8;

constexpr std::string_view kNames[] = {"cpu", "memory", "begun", "ended", "restart"};

struct Mean {
    double sum = 0;
    std::size_t count = 0;

    void add(double value) {
        sum += value;
        ++count;
    }
    std::uint64_t value() const {
        return count == 0 ? 0 : static_cast<std::uint64_t>(sum / static_cast<double>(count));
    }
};

bool is_heavier(const Change& a, const Change& b) {
    return a.weight > b.weight;
}

// The greatest so far; the others are dropped now and then.
void keep(std::vector<Change>& kept, Change change, std::size_t most) {
    kept.push_back(std::move(change));
    if (kept.size() < 4 * most) return;
    std::nth_element(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(most), kept.end(), is_heavier);
    kept.resize(most);
}

std::vector<Change> sorted(std::vector<Change> kept, std::size_t most) {
    std::stable_sort(kept.begin(), kept.end(), is_heavier);
    if (kept.size() > most) kept.resize(most);
    return kept;
}

}  // namespace

class Changes::Search {
  public:
    Search(const PageSources& sources, const Snapshot& snapshot) : sources_{sources} {
        const history::Reach reach = sources.history.reach();
        resolution_ = sources.history.options().resolution.count();
        to_ = reach.to;
        from_ = std::max(to_ - kSpan, reach.recent_from);
        cpu_ = static_cast<double>(std::max<std::uint64_t>(snapshot.cpu.used.value_or(1), 1)) * 1e6;
        memory_ = static_cast<double>(std::max<std::uint64_t>(snapshot.memory.used.value_or(1), 1));
        out_.as_of_ = snapshot.as_of;
        out_.from_ = from_;
    }

    net::Task<> run();
    Changes take();

  private:
    // False: those were the last.
    bool look_at_some();
    void look_at(const history::KnownPod& pod);
    void look_at_lives(const history::KnownPod& pod, std::string_view container);
    void compare(const history::KnownPod& pod);
    Change change_of(const history::KnownPod& pod, Change::What what) const;
    double share(double cpu, double memory) const { return std::max(cpu / cpu_, memory / memory_); }

    const PageSources& sources_;
    Seconds resolution_ = 1;
    Seconds from_ = 0;
    Seconds to_ = 0;
    // What the cluster uses: nanocores, bytes.
    double cpu_ = 1;
    double memory_ = 1;
    std::string after_namespace_;
    std::string after_;
    Changes out_;
    std::vector<Change> found_;
    std::vector<Change> restarts_;
    // Of the pod at hand: what it used in each tick, the first start, and the points of one container.
    struct Used {
        Seconds at = 0;
        std::uint64_t cpu = 0;
        std::uint64_t memory = 0;
    };
    std::vector<Used> sums_;
    std::int64_t started_ = 0;
    std::vector<history::RecentPoint> points_;
};

net::Task<> Changes::Search::run() {
    Stint stint;
    while (look_at_some()) {
        if (stint.is_over()) co_await stint.rest();
    }
}

Changes Changes::Search::take() {
    out_.greatest_ = sorted(std::move(restarts_), kMostRestarts);
    for (Change& each : sorted(std::move(found_), kMost - out_.greatest_.size()))
        out_.greatest_.push_back(std::move(each));
    return std::move(out_);
}

bool Changes::Search::look_at_some() {
    const std::string after_namespace = after_namespace_, after = after_;
    std::size_t seen = 0;
    sources_.history.walk_pods({}, after_namespace, after, [&](const history::KnownPod& pod) {
        look_at(pod);
        after_namespace_ = pod.name_space;
        after_ = pod.name;
        return ++seen < kBatch;
    });
    return seen == kBatch;
}

Change Changes::Search::change_of(const history::KnownPod& pod, Change::What what) const {
    Change change;
    change.what = what;
    change.name_space = pod.name_space;
    change.pod = pod.name;
    return change;
}

void Changes::Search::look_at(const history::KnownPod& pod) {
    sums_.assign(static_cast<std::size_t>((to_ - from_) / resolution_) + 1, {});
    started_ = 0;
    for (const std::string_view container : pod.containers) {
        sources_.history.read(history::OfContainer{pod.name_space, pod.name, container}, {from_, to_},
                              points_);
        for (const history::RecentPoint& point : points_) {
            Used& sum = sums_[static_cast<std::size_t>((point.at - from_) / resolution_)];
            sum.at = point.at;
            sum.cpu += point.cpu;
            sum.memory += point.memory;
        }
        look_at_lives(pod, container);
    }
    std::erase_if(sums_, [](const Used& used) { return used.at == 0; });
    if (!sums_.empty()) compare(pod);
}

void Changes::Search::look_at_lives(const history::KnownPod& pod, std::string_view container) {
    std::size_t count = 0;
    std::int64_t last = 0;
    std::int64_t first = 0;
    for (const history::RecentPoint& point : points_) {
        if (point.started == 0) continue;
        if (first == 0) first = point.started;
        if (last != 0 && point.started > last) ++count;
        last = point.started;
    }
    if (first != 0 && (started_ == 0 || first < started_)) started_ = first;
    if (count == 0) return;
    out_.restarts_ += count;
    Change change = change_of(pod, Change::What::restart);
    change.container = container;
    change.at = last / 1'000'000'000;
    change.now = count;
    // The newest first.
    change.weight = static_cast<double>(change.at);
    keep(restarts_, std::move(change), kMostRestarts);
}

void Changes::Search::compare(const history::KnownPod& pod) {
    const Seconds first = sums_.front().at;
    const Seconds last = sums_.back().at;
    Mean cpu_before, cpu_now, memory_before, memory_now;
    for (const Used& used : sums_) {
        if (used.at <= from_ + kBegin) {
            cpu_before.add(static_cast<double>(used.cpu));
            memory_before.add(static_cast<double>(used.memory));
        }
        if (used.at > to_ - kEnd) {
            cpu_now.add(static_cast<double>(used.cpu));
            memory_now.add(static_cast<double>(used.memory));
        }
    }
    const Used& newest = sums_.back();
    const double weight = share(static_cast<double>(newest.cpu), static_cast<double>(newest.memory));
    const Seconds started = started_ / 1'000'000'000;
    if (started > from_ && first > from_) {
        ++out_.begun_;
        Change change = change_of(pod, Change::What::begun);
        change.at = started;
        change.weight = weight;
        keep(found_, std::move(change), kMost);
    }
    storage::PodView view;
    if (last < to_ - 2 * resolution_ &&
        !sources_.store.pod(pod.name_space, pod.name, sources_.clock().monotonic, view)) {
        ++out_.ended_;
        Change change = change_of(pod, Change::What::ended);
        change.at = last;
        change.weight = weight;
        keep(found_, std::move(change), kMost);
    }
    if (cpu_before.count == 0 || cpu_now.count == 0 || to_ - from_ < kBegin + kEnd) return;
    const auto tell = [&](Change::What what, std::uint64_t before, std::uint64_t now, std::uint64_t least,
                          double of) {
        const std::uint64_t by = before > now ? before - now : now - before;
        const std::uint64_t greater = std::max(before, now);
        if (by < least || static_cast<double>(by) < kLeastShare * static_cast<double>(greater)) return;
        Change change = change_of(pod, what);
        const bool cpu = what == Change::What::cpu;
        change.before = cpu ? millicores(before) : before;
        change.now = cpu ? millicores(now) : now;
        change.weight = static_cast<double>(by) / of;
        keep(found_, std::move(change), kMost);
    };
    tell(Change::What::cpu, cpu_before.value(), cpu_now.value(), kLeastCpu, cpu_);
    tell(Change::What::memory, memory_before.value(), memory_now.value(), kLeastMemory, memory_);
}

net::Task<> Changes::renew(const PageSources& sources, const Snapshot& snapshot) {
    Search search{sources, snapshot};
    co_await search.run();
    const std::uint64_t number = number_ + 1;
    *this = search.take();
    number_ = number;
}

void Changes::forget() {
    const std::uint64_t number = number_;
    *this = {};
    number_ = number;
}

void Changes::append(std::string& out) const {
    JsonObject object{out};
    object.number("asOf", as_of_ == 0 ? std::nullopt : std::optional{as_of_});
    object.number("from", from_);
    object.number("begun", begun_);
    object.number("ended", ended_);
    object.number("restarts", restarts_);
    const auto column = [&](std::string_view key, const auto& append_one) {
        append_array(object.member(key), greatest_, append_one);
    };
    column("kind",
           [&](const Change& each) { append_text(out, kNames[static_cast<std::size_t>(each.what)]); });
    column("namespace", [&](const Change& each) { append_text(out, each.name_space); });
    column("name", [&](const Change& each) { append_text(out, each.pod); });
    column("container", [&](const Change& each) { append_text(out, each.container); });
    column("at", [&](const Change& each) {
        append_number(out, each.at == 0 ? std::nullopt : std::optional{each.at});
    });
    column("before", [&](const Change& each) { append_number(out, each.before); });
    column("now", [&](const Change& each) { append_number(out, each.now); });
    object.end();
}

}  // namespace apiserver

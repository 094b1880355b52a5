// SPDX-License-Identifier: Apache-2.0
// Two hours of a hundred nodes with all that happens to them: pods come and go, containers restart, scrapes
// are missed, the clock is set in both directions. Every point of both tiers is what an independent
// calculation makes of the same pages, and sums are those of what the store served at the tick.
#include "storage/history/history.hpp"
#include "storage/store.hpp"
#include "test/storage/rounding.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include <catch2/catch.hpp>

namespace storage::two_hours {
namespace {

constexpr std::int64_t kTick = 15, kBucket = 300;
constexpr int kNodes = 100, kPods = 7;
constexpr std::int64_t kBound = 40'000, kLongest = 120'000;
// A start that kubelets do not tell.
constexpr std::int64_t kUnknown = -1'000'000;

struct Container {
    std::string name_space, pod, name;
    int node = 0;
    // Milliseconds since the test began; the page shows samples of `lag` ago.
    std::int64_t started = 0, lag = 0, at = 0;
    // Nanocores, and nanoseconds used up to `at`.
    std::uint64_t rate = 0, used = 1, memory = 0;
};

std::int64_t nanos(std::int64_t ms) {
    return (ms - kUnknown) * 1'000'000;
}

PageRow row_of(const Container& container) {
    PageRow row;
    row.name_space = container.name_space;
    row.pod = container.pod;
    row.container = container.name;
    row.cpu = Reading{container.used, nanos(container.at)};
    row.memory = Reading{container.memory, nanos(container.at)};
    row.started = nanos(container.started);
    return row;
}

// What one figure of one tick must be.
struct Figure {
    std::size_t tick = 0;
    std::uint64_t cpu = 0, memory = 0;
    std::int64_t started = 0;
};

// The same from the same pages, by the rules of decision 0003 as far as this world needs them.
struct Watched {
    int node = 0;
    std::int64_t seen = 0, started = -1, at = 0, before = -1;
    std::uint64_t used = 0, used_before = 0, memory = 0;
    bool present = false;

    void see(const Container& shown, std::int64_t now) {
        node = shown.node;
        present = true;
        seen = now;
        if (shown.at <= at && started == shown.started) return;
        const bool begins = started != shown.started;
        before = begins || shown.at - at > kLongest ? -1 : at;
        used_before = used;
        if (begins && shown.started != kUnknown && shown.at - shown.started <= kBound) {
            before = shown.started;
            used_before = 0;
        }
        started = shown.started;
        at = shown.at;
        used = shown.used;
        memory = shown.memory;
    }
    std::optional<Figure> figure(std::size_t tick, std::int64_t now) const {
        if (before < 0 || now - seen > kBound) return std::nullopt;
        return Figure{tick, (used - used_before) * 1000 / static_cast<std::uint64_t>(at - before), memory,
                      started == kUnknown ? 0 : nanos(started)};
    }
};

// What ticks or buckets are by wall time, as decision 0021 has it: set back, what was moves back with it.
struct Times {
    std::int64_t length;
    std::vector<std::int64_t> ends{};

    void add(std::int64_t end) {
        if (!ends.empty() && end <= ends.back()) {
            const std::int64_t back = ends.back() + length - end;
            for (std::int64_t& each : ends) each -= back;
        }
        ends.push_back(end);
    }
};

using Key = std::tuple<std::string, std::string, std::string>;

class World {
  public:
    World() : history_{options()}, store_{{}, &history_} {
        for (int node = 0; node < kNodes; ++node) {
            store_.put_node(name_of(node), {});
            for (int i = 0; i < kPods; ++i) add_pod(node);
        }
    }

    // One tick, and the pages before its end; `set`: what the clock of the world is set by.
    void live(std::int64_t set) {
        for (int node = 0; node < kNodes; ++node) scrape(node, now_ + 100 * node);
        now_ += kTick * 1000;
        world_ += kTick + set;
        store_.end_tick(world_, monotonic(now_));
        const std::int64_t end = (world_ + kTick / 2) / kTick * kTick;
        ticks_.add(end);
        const std::int64_t bucket = (end + kBucket - 1) / kBucket * kBucket;
        if (buckets_.ends.empty() || bucket != buckets_.ends.back()) buckets_.add(bucket);
        bucket_of_.push_back(buckets_.ends.size() - 1);
        record();
        store_.expire(monotonic(now_));
        while (history_.tend()) {
        }
    }

    // How many points were compared.
    std::size_t check() {
        store_.sweep_tick(SIZE_MAX);
        compared_ = 0;
        for (const auto& [key, figures] : containers_) {
            const auto& [name_space, pod, name] = key;
            check_subject(history::OfContainer{name_space, pod, name}, figures);
        }
        for (const auto& [name, figures] : nodes_) check_subject(history::OfNode{name}, figures);
        for (const auto& [name, figures] : namespaces_) check_subject(history::OfNamespace{name}, figures);
        check_subject(history::OfCluster{}, cluster_);
        return compared_;
    }

  private:
    static history::HistoryOptions options() {
        history::HistoryOptions options;
        options.memory = 256 * 1024 * 1024;
        return options;
    }
    static Monotonic monotonic(std::int64_t ms) { return Monotonic{std::chrono::milliseconds{ms}}; }
    static std::string name_of(int node) { return "node-" + std::to_string(node); }
    std::uint64_t pick(std::uint64_t bound) { return random_() % bound; }

    void add_pod(int node) {
        const std::string pod = "pod-" + std::to_string(serial_++);
        const std::string name_space = "team-" + std::to_string(pick(12));
        store_.put_pod(name_space, pod, {});
        for (const char* name : {"main", "proxy"}) {
            if (name[0] == 'p' && pick(3) != 0) continue;
            Container fresh{name_space, pod, name, node, now_ + 100 * node, 0, 0};
            fresh.memory = 4096 + pick(1'000'000'000);
            fresh.lag = static_cast<std::int64_t>(1000 + pick(9000));
            alive_.push_back(fresh);
        }
    }

    void change(int node, std::int64_t now) {
        if (pick(200) == 0) {
            const auto of_node = [&](const Container& each) { return each.node == node; };
            const auto gone = std::find_if(alive_.begin(), alive_.end(), of_node);
            const std::string pod = gone->pod;
            store_.remove_pod(gone->name_space, pod);
            std::erase_if(alive_, [&](const Container& each) { return each.pod == pod; });
            std::erase_if(watched_, [&](const auto& each) { return std::get<1>(each.first) == pod; });
            add_pod(node);
        }
        for (Container& each : alive_) {
            if (each.node != node) continue;
            if (pick(300) == 0) {
                each.started = now - static_cast<std::int64_t>(pick(12'000));
                each.at = 0;
                each.used = 1;
            }
            if (pick(10) == 0) each.rate = std::uint64_t{1} << pick(31);
            if (pick(10) == 0) each.memory = 4096 + pick(std::uint64_t{1} << pick(35));
            const std::int64_t at = now - each.lag;
            if (at <= each.started) continue;
            each.used += each.rate * static_cast<std::uint64_t>(at - std::max(each.at, each.started)) / 1000;
            each.at = at;
        }
    }

    void scrape(int node, std::int64_t now) {
        change(node, now);
        if (pick(1500) == 0) silent_until_[node] = now + 200'000;
        if (pick(30) == 0 || silent_until_[node] > now) return;
        NodePage page;
        Container machine{{}, {}, {}, node, kUnknown, 0, now - 500};
        machine.used =
            1 + static_cast<std::uint64_t>(now) * (100'000 + 1000 * static_cast<std::uint64_t>(node));
        for (auto& [key, watched] : watched_) watched.present = watched.present && watched.node != node;
        for (const Container& each : alive_) {
            // Just started: not sampled yet.
            if (each.node != node || each.at < each.started + 2000) continue;
            page.containers.push_back(row_of(each));
            machine.memory += each.memory;
            watched_[Key{each.name_space, each.pod, each.name}].see(each, now);
        }
        machine.memory += 1;
        watched_nodes_[name_of(node)].see(machine, now);
        page.node = row_of(machine);
        store_.commit(name_of(node), page, monotonic(now));
    }

    // The tick that has just ended: by the calculation, and by what is served.
    void record() {
        const std::size_t tick = ticks_.ends.size() - 1;
        std::map<Key, Figure> expected;
        for (auto at = watched_.begin(); at != watched_.end();) {
            const auto pod = std::pair{std::get<0>(at->first), std::get<1>(at->first)};
            std::map<Key, Figure> of_pod;
            bool whole = true;
            for (; at != watched_.end() && std::pair{std::get<0>(at->first), std::get<1>(at->first)} == pod;
                 ++at) {
                if (!at->second.present) continue;
                if (const auto figure = at->second.figure(tick, now_))
                    of_pod[at->first] = *figure;
                else
                    whole = false;
            }
            if (whole) expected.merge(of_pod);
        }
        std::size_t served = 0;
        Figure all{tick};
        std::map<std::string, Figure> sums;
        store_.walk_pods({}, {}, monotonic(now_), [&](const PodView& view) {
            for (const ContainerView& container : view.containers) {
                const auto place = expected.find(
                    Key{std::string{view.name_space}, std::string{view.name}, std::string{container.name}});
                REQUIRE(place != expected.end());
                REQUIRE(container.usage.cpu == place->second.cpu);
                REQUIRE(container.usage.memory == place->second.memory);
                for (Figure* const sum :
                     {&all, &sums.try_emplace(std::string{view.name_space}, Figure{tick}).first->second}) {
                    sum->cpu += container.usage.cpu;
                    sum->memory += container.usage.memory;
                }
                ++served;
            }
            return true;
        });
        REQUIRE(served == expected.size());
        for (const auto& [key, figure] : expected) containers_[key].push_back(figure);
        for (const auto& [name, figure] : sums) namespaces_[name].push_back(figure);
        if (served > 0) cluster_.push_back(all);
        for (const auto& [name, watched] : watched_nodes_)
            if (const auto figure = watched.figure(tick, now_)) nodes_[name].push_back(*figure);
    }

    void check_subject(const history::Subject& subject, const std::vector<Figure>& figures) {
        check_recent(subject, figures);
        check_longer(subject, figures);
    }

    void check_recent(const history::Subject& subject, const std::vector<Figure>& figures) {
        std::vector<history::RecentPoint> points;
        history_.read(subject, {}, points);
        const std::int64_t from = history_.reach().recent_from;
        const auto first = std::find_if(figures.begin(), figures.end(),
                                        [&](const Figure& each) { return ticks_.ends[each.tick] >= from; });
        REQUIRE(points.size() == static_cast<std::size_t>(figures.end() - first));
        const Totals totals = totals_of(figures);
        for (std::size_t i = 0; i < points.size(); ++i) {
            const std::size_t at = static_cast<std::size_t>(first - figures.begin()) + i;
            const Figure& figure = figures[at];
            REQUIRE(points[i].at == ticks_.ends[figure.tick]);
            REQUIRE(is_cpu(points[i].cpu, figure.cpu));
            REQUIRE(is_memory(points[i].memory, figure.memory));
            REQUIRE(points[i].started == figure.started);
            REQUIRE(points[i].cpu_seconds ==
                    Approx(totals.seconds[at]).epsilon(0.001).margin(totals.margin[at]));
            ++compared_;
        }
    }

    // CPU seconds of the life at each figure, and what rounding may make of them; how many ticks each counts
    // for.
    struct Totals {
        std::vector<double> seconds{}, margin{};
        std::vector<std::int64_t> ticks{};
    };
    Totals totals_of(const std::vector<Figure>& figures) const {
        Totals totals;
        double seconds = 0, margin = 0;
        for (std::size_t i = 0; i < figures.size(); ++i) {
            const bool goes_on = i > 0 && figures[i - 1].started == figures[i].started;
            if (!goes_on) seconds = margin = 0;
            const std::int64_t since =
                goes_on ? ticks_.ends[figures[i].tick] - ticks_.ends[figures[i - 1].tick] : kTick;
            seconds += static_cast<double>(figures[i].cpu) / 1e9 * static_cast<double>(since);
            margin += 1e-5 * static_cast<double>(since);
            totals.seconds.push_back(seconds);
            totals.margin.push_back(margin);
            totals.ticks.push_back(since / kTick);
        }
        return totals;
    }

    void check_longer(const history::Subject& subject, const std::vector<Figure>& figures) {
        std::vector<history::LongPoint> points;
        history_.read(subject, {}, points);
        const Totals totals = totals_of(figures);
        std::size_t next = 0;
        for (std::size_t i = 0; i < figures.size();) {
            const std::size_t bucket = bucket_of_[figures[i].tick];
            std::uint64_t memory = 0, memory_max = 0, cpu_max = 0, rows = 0;
            double growth = 0, covered = 0;
            for (; i < figures.size() && bucket_of_[figures[i].tick] == bucket; ++i, ++rows) {
                if (i > 0 && figures[i].started != figures[i - 1].started) growth = covered = 0;
                growth += static_cast<double>(figures[i].cpu) * static_cast<double>(totals.ticks[i]);
                covered += static_cast<double>(totals.ticks[i]);
                memory += figures[i].memory;
                memory_max = std::max(memory_max, figures[i].memory);
                cpu_max = std::max(cpu_max, figures[i].cpu);
            }
            // The last bucket may not be over.
            if (next == points.size() && bucket + 1 == buckets_.ends.size()) break;
            REQUIRE(next < points.size());
            const history::LongPoint& point = points[next++];
            REQUIRE(point.at == buckets_.ends[bucket]);
            REQUIRE(is_cpu(point.cpu, static_cast<std::uint64_t>(growth / covered)));
            REQUIRE(is_cpu(point.cpu_max, cpu_max));
            REQUIRE(is_memory(point.memory, memory / rows));
            REQUIRE(is_memory(point.memory_max, memory_max));
            REQUIRE(point.started == figures[i - 1].started);
            REQUIRE(point.cpu_seconds ==
                    Approx(totals.seconds[i - 1]).epsilon(0.001).margin(totals.margin[i - 1]));
            ++compared_;
        }
        REQUIRE(next == points.size());
    }

    history::History history_;
    Store store_;
    std::mt19937_64 random_{2};
    // Milliseconds; seconds.
    std::int64_t now_ = 100'000, world_ = 1'800'000'000;
    int serial_ = 0;
    std::vector<Container> alive_;
    std::map<int, std::int64_t> silent_until_;
    std::map<Key, Watched> watched_;
    std::map<std::string, Watched> watched_nodes_;
    Times ticks_{kTick};
    Times buckets_{kBucket};
    // Of each tick.
    std::vector<std::size_t> bucket_of_;
    std::map<Key, std::vector<Figure>> containers_;
    std::map<std::string, std::vector<Figure>> nodes_, namespaces_;
    std::vector<Figure> cluster_;
    std::size_t compared_ = 0;
};

}  // namespace
}  // namespace storage::two_hours

TEST_CASE("two hours of a hundred nodes are kept as they were served") {
    storage::two_hours::World world;
    const auto live = [&](int ticks) {
        for (int i = 0; i < ticks; ++i) world.live(0);
    };
    live(160);
    world.live(47);
    live(79);
    CHECK(world.check() > 150'000);
    live(79);
    world.live(-200);
    live(160);
    CHECK(world.check() > 150'000);
}

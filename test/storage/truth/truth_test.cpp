// SPDX-License-Identifier: Apache-2.0
// What is served, against what truly happened: nodes whose clocks are set and drift, kubelets that sample now
// and then and answer now and then, pods that burn what they like. No rule of the store is told again here.
#include "storage/store.hpp"
#include "test/storage/pages.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace storage;

namespace {

constexpr double kEpoch = 1'790'000'000;
constexpr double kResolution = 15;
constexpr double kBound = 40;

struct Sample {
    // Truly, and by the node's clock.
    double taken = 0;
    Nanos stamp = 0;
    double cpu = 0;
};

// A container of one node, or the node itself.
struct Process {
    double sample_every = 10;
    double next_sample = 0;
    double cores = 0.5;
    double cpu = 1000;
    double burned_until = 0;
    std::vector<Sample> samples{};

    void burn(double until) {
        cpu += cores * (until - burned_until);
        burned_until = until;
    }
};

// A node's clock: set now and then, by no less than 4 s (less is not told from what a Date leaves open), and
// at a pace of its own.
struct NodeClock {
    double ahead = 0;
    double drift = 0;
    double at(double truly) const { return kEpoch + truly * (1 + drift) + ahead; }
};

class Truth {
  public:
    explicit Truth(unsigned seed) : random_{seed} {
        store_.put_node("a", {}, {"uid", 64'000'000'000});
        for (const char* pod : {"p", "q"}) store_.put_pod("n", pod, {});
        for (const char* name : {"", "p", "q"}) {
            processes_[name].sample_every = between(10, 29);
            processes_[name].next_sample = between(0, 10);
        }
        clock_.drift = between(-0.002, 0.002);
        clock_.ahead = between(-5000, 5000);
    }

    void live(double until);
    std::size_t served() const { return served_; }

  private:
    double between(double from, double to) { return std::uniform_real_distribution<>{from, to}(random_); }
    bool chance(int percent) { return between(0, 100) < percent; }
    void sample(double until);
    void set_clock();
    void answer(double now);
    void check(double now);
    void check(const Process& process, const Usage& usage);

    std::mt19937 random_;
    Store store_{{}};
    NodeClock clock_;
    std::map<std::string, Process> processes_;
    std::size_t served_ = 0;
};

void Truth::sample(double until) {
    for (auto& [name, process] : processes_) {
        while (process.next_sample <= until) {
            process.burn(process.next_sample);
            // Lines carry milliseconds.
            const double stamp = std::floor(clock_.at(process.next_sample) * 1000) / 1000;
            process.samples.push_back({process.next_sample, nanos(stamp), process.cpu});
            process.cores = between(0, 2);
            process.next_sample += between(1.5, process.sample_every);
        }
    }
}

void Truth::set_clock() {
    const double by = between(4, chance(50) ? 30 : 4000);
    clock_.ahead += chance(50) ? by : -by;
}

void Truth::answer(double now) {
    NodePage page;
    const double took = between(0.005, 0.5);
    page.kubelet_time = nanos(std::floor(clock_.at(now - took)));
    page.request_time = std::chrono::nanoseconds{nanos(took)};
    for (const auto& [name, process] : processes_) {
        if (process.samples.empty()) continue;
        const Sample& last = process.samples.back();
        const double stamp = static_cast<double>(last.stamp) / 1e9;
        PageRow line = name.empty() ? node_row(stamp, last.cpu) : row("n", name, "c", stamp, last.cpu);
        line.cpu->at = line.memory->at = last.stamp;
        if (name.empty())
            page.node = line;
        else
            page.containers.push_back(line);
    }
    store_.commit("a", page, at(now));
}

void Truth::check(const Process& process, const Usage& usage) {
    ++served_;
    // A time may come twice when the clock goes back: one of them is meant.
    const double begin =
        static_cast<double>((std::chrono::nanoseconds{usage.timestamp} - usage.window).count());
    const auto is_right = [&](const Sample& from, const Sample& to) {
        if (std::abs(static_cast<double>(from.stamp) - begin) > 1 || to.stamp != usage.timestamp)
            return false;
        const double cores = (to.cpu - from.cpu) / (to.taken - from.taken);
        const double told = static_cast<double>(usage.cpu) / 1e9;
        return std::abs(told - cores) <= cores / 100 + 0.001;
    };
    const auto& samples = process.samples;
    bool right = false;
    for (std::size_t to = 1; to < samples.size(); ++to)
        for (std::size_t from = to >= 16 ? to - 16 : 0; from < to; ++from)
            right = right || is_right(samples[from], samples[to]);
    CHECK(right);
    CHECK(usage.window >= std::chrono::milliseconds{1500});
    CHECK(usage.window <= std::chrono::seconds{120});
}

void Truth::check(double now) {
    const auto node = store_.node("a", at(now));
    if (node->usage) check(processes_[""], *node->usage);
    PodView view;
    for (const char* pod : {"p", "q"}) {
        REQUIRE(store_.pod("n", pod, at(now), view));
        for (const ContainerView& container : view.containers) check(processes_[pod], container.usage);
    }
}

void Truth::live(double until) {
    double now = 0;
    while (now < until) {
        const double next = now + kResolution * between(0.95, 1.05) * (chance(10) ? 3 : 1);
        // Before the first page nobody knows what the clock was.
        const double set_at = now > 0 && chance(10) ? between(now, next) : next;
        sample(set_at);
        if (set_at < next) set_clock();
        sample(next);
        now = next;
        answer(now);
        CAPTURE(now);
        check(now);
    }
}

}  // namespace

TEST_CASE("what is served is within a hundredth of what was burned, whatever becomes of the clock") {
    std::size_t served = 0;
    for (unsigned seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        Truth truth{seed};
        truth.live(1500);
        served += truth.served();
    }
    // Of 12,000 that could be; a clock that is set costs two.
    CHECK(served > 6000);
}

TEST_CASE("while clocks are well no figure goes, however kubelets sample") {
    for (unsigned seed = 1; seed <= 50; ++seed) {
        std::mt19937 random{seed};
        Store store{{}};
        store.put_node("a", {});
        store.put_pod("n", "p", {});
        bool was_there = false;
        double sampled = 0, next = 1;
        for (int i = 0; i < 300; ++i) {
            const double now = 15.0 * i + 3;
            // Gaps as they were seen on kubelets.
            for (; next < now; next += std::uniform_real_distribution<>{1.5, 29}(random)) sampled = next;
            NodePage answer = page({row("n", "p", "c", kEpoch + sampled, sampled / 2 + 1)});
            answer.kubelet_time = nanos(std::floor(kEpoch + now));
            const CommitResult result = store.commit("a", answer, at(now));
            CAPTURE(seed, i);
            CHECK(result.clock_set == 0);
            const bool is_there = served(store, "n", "p", now) != "-";
            CHECK((is_there || !was_there));
            was_there = is_there;
            CHECK((was_there || i < 3));
            CHECK((served(store, "n", "p", now + kBound) != "-") == is_there);
        }
    }
}

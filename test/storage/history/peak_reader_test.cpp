// SPDX-License-Identifier: Apache-2.0
// The highest of each step: of one thing, of a sum, in both tiers, beside what History::read() tells.
#include "storage/history/peak_reader.hpp"

#include "storage/history/feed.hpp"
#include "storage/history/history.hpp"

#include <algorithm>
#include <vector>

#include <catch2/catch.hpp>

using namespace storage::history;

namespace {

constexpr Seconds kBegin = 1'800'000'000;
constexpr std::uint64_t kMillicore = 1'000'000;
constexpr std::uint64_t kPage = 4096;

// A pod of two containers, each told by its own millicores; 0: it has no figure.
class TwoContainers {
  public:
    TwoContainers() {
        node_ = history.feed().link_node("n1");
        pod_ = history.feed().link_pod("shop", "web-0");
    }
    void tick(Seconds now, std::uint64_t app, std::uint64_t proxy) {
        history.feed().begin_tick(now);
        std::vector<ContainerFigures> figures;
        if (app > 0) figures.push_back({"app", {app * kMillicore, app * kPage, std::nullopt}, {1, 7}});
        if (proxy > 0)
            figures.push_back({"proxy", {proxy * kMillicore, proxy * kPage, std::nullopt}, {1, 7}});
        if (!figures.empty()) {
            history.feed().put_pod(pod_, "shop", node_, figures);
            history.feed().put_node(node_, figures.front().figures, {});
        }
        history.feed().end_tick();
        history.tend();
    }
    // Millicores of each step; -1: no point.
    std::vector<int> peaks(const Steps& steps, const std::vector<Subject>& subjects) const {
        PeakReader reader{history, steps};
        std::vector<Peak> peaks;
        // What was read before is forgotten.
        reader.add(OfCluster{});
        reader.take(peaks);
        for (const Subject& subject : subjects) reader.add(subject);
        reader.take(peaks);
        std::vector<int> out;
        for (const Peak& peak : peaks) {
            // CPU is kept to 0.1 %, memory exactly.
            const std::uint64_t millicores = (peak.cpu + kMillicore / 2) / kMillicore;
            CHECK(peak.memory == millicores * kPage);
            out.push_back(peak.any ? static_cast<int>(millicores) : -1);
        }
        return out;
    }

    History history{{}};

  private:
    Link node_ = kNowhere;
    Link pod_ = kNowhere;
};

using Levels = std::vector<int>;

}  // namespace

TEST_CASE("the highest of each step is kept, and gaps are gaps") {
    TwoContainers world;
    const std::vector<std::pair<std::uint64_t, std::uint64_t>> ticks{
        {10, 1}, {90, 2}, {20, 3}, {30, 4}, {0, 5}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {40, 6}, {0, 0}, {50, 7}};
    for (std::size_t i = 0; i < ticks.size(); ++i)
        world.tick(kBegin + 15 * static_cast<Seconds>(i), ticks[i].first, ticks[i].second);
    // Steps of a minute: ticks that end behind -15, 45, 105.
    const Steps steps{Tier::recent, kBegin - 15, 60, 3};
    CHECK(world.peaks(steps, {OfContainer{"shop", "web-0", "app"}}) == Levels{90, -1, 50});
    CHECK(world.peaks(steps, {OfContainer{"shop", "web-0", "proxy"}}) == Levels{4, 5, 7});
    // Sums of ticks, and then the highest: not the sum of the highest.
    CHECK(world.peaks(steps, {OfPod{"shop", "web-0"}}) == Levels{92, 5, 57});
    CHECK(world.peaks(steps, {OfNamespace{"shop"}}) == Levels{92, 5, 57});
    CHECK(world.peaks(steps, {OfNode{"n1"}, OfCluster{}}) == Levels{182, 10, 107});
    CHECK(world.peaks(steps, {OfNode{"n2"}, OfPod{"shop", "web-1"}, OfContainer{"shop", "web-0", "x"},
                              OfNamespace{"x"}}) == Levels{-1, -1, -1});
    // What is older or newer than the steps is not in them.
    CHECK(world.peaks({Tier::recent, kBegin, 15, 3}, {OfPod{"shop", "web-0"}}) == Levels{92, 23, 34});
    CHECK(world.peaks({Tier::recent, kBegin - 300, 100, 2}, {OfPod{"shop", "web-0"}}) == Levels{-1, -1});
    CHECK(world.peaks({Tier::recent, kBegin + 3600, 100, 2}, {OfPod{"shop", "web-0"}}) == Levels{-1, -1});
    CHECK(world.peaks({Tier::recent, kBegin, 15, 0}, {OfPod{"shop", "web-0"}}).empty());
}

TEST_CASE("the bucket that is not over counts with what it has") {
    TwoContainers world;
    // Buckets end at whole multiples of 300 s, as kBegin is.
    for (int i = 1; i <= 45; ++i) world.tick(kBegin + 15 * i, i == 7 ? 500 : 10, 0);
    const Steps steps{Tier::longer, kBegin, 300, 3};
    CHECK(world.peaks(steps, {OfPod{"shop", "web-0"}}) == Levels{500, 10, 10});
    CHECK(world.peaks({Tier::longer, kBegin, 900, 1}, {OfPod{"shop", "web-0"}}) == Levels{500});
    TwoContainers empty;
    CHECK(empty.peaks(steps, {OfPod{"shop", "web-0"}}) == Levels{-1, -1, -1});
}

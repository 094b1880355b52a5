// SPDX-License-Identifier: Apache-2.0
#include "scraper/node/first_figures.hpp"

#include "scraper/node/scraped_node.hpp"
#include "storage/store.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using scraper::NodeHealth;
using scraper::Reason;
using scraper::ScrapedNode;
using storage::NodePage;
using storage::PageRow;

namespace {

constexpr storage::Nanos kSecond = 1'000'000'000;
constexpr storage::Nanos kBegin = 1'700'000'000 * kSecond;

PageRow row(std::string_view pod, std::string_view container, storage::Nanos at) {
    PageRow row;
    row.name_space = "default";
    row.pod = pod;
    row.container = container;
    row.cpu = storage::Reading{static_cast<std::uint64_t>(at - kBegin + kSecond), at};
    row.memory = storage::Reading{1, at};
    // Longer ago than a window may be.
    row.started = kBegin - 3600 * kSecond;
    return row;
}

// One node, on which "a" and "b" run.
struct Scene {
    Scene() {
        store.put_node("n1", {});
        for (const char* pod : {"a", "b"}) store.put_pod("default", pod, {});
    }
    // Commits the rows; whether a second sample of one is lacking.
    bool lacks(std::vector<PageRow> rows) {
        now += 10s;
        NodePage page;
        page.containers = std::move(rows);
        store.commit("n1", page, now);
        return scraper::lacks_second_sample(store, page, now);
    }

    storage::Store store{{}};
    storage::Monotonic now = storage::Monotonic{} + 1h;
};

PageRow young(PageRow row) {
    row.started = row.cpu->at - kSecond - kSecond / 4;
    return row;
}

PageRow unmeasured(PageRow row) {
    row.memory.reset();
    return row;
}

}  // namespace

TEST_CASE("a page lacks second samples until all of its pods have figures") {
    const storage::Nanos later = kBegin + 10 * kSecond;
    Scene scene;
    CHECK(scene.lacks({row("a", "main", kBegin), row("b", "main", kBegin)}));
    SECTION("one repeats its sample") {
        CHECK(scene.lacks({row("a", "main", later), row("b", "main", kBegin)}));
        CHECK_FALSE(scene.lacks({row("a", "main", later), row("b", "main", later)}));
    }
    SECTION("both have a new one") {
        CHECK_FALSE(scene.lacks({row("a", "main", later), row("b", "main", later)}));
    }
}

TEST_CASE("what a second sample would not help is not waited for") {
    Scene scene;
    SECTION("a pod that the watch does not show") {
        CHECK_FALSE(scene.lacks({row("unknown", "main", kBegin)}));
    }
    SECTION("a container too young for figures") {
        CHECK_FALSE(scene.lacks({young(row("a", "main", kBegin))}));
        CHECK(scene.lacks({young(row("a", "main", kBegin)), row("b", "main", kBegin)}));
    }
    SECTION("a pod with a container that is not measured") {
        CHECK_FALSE(scene.lacks({row("a", "main", kBegin), unmeasured(row("a", "side", kBegin))}));
        CHECK(scene.lacks({row("b", "main", kBegin), unmeasured(row("a", "side", kBegin))}));
    }
}

TEST_CASE("the next sample is as far away as the newest on the page is young") {
    NodePage page;
    const std::chrono::system_clock::time_point wall{std::chrono::nanoseconds{kBegin + 20 * kSecond}};
    page.node = row("", "", kBegin + 11 * kSecond);
    CHECK(scraper::to_next_sample(page, wall) == 1'250ms);
    page.containers = {row("a", "main", kBegin + 13 * kSecond), row("b", "main", kBegin)};
    CHECK(scraper::to_next_sample(page, wall) == 3'250ms);
    // The kubelet's clock is ahead.
    page.containers = {row("a", "main", kBegin + 23 * kSecond)};
    CHECK(scraper::to_next_sample(page, wall) == 13'250ms);
}

TEST_CASE("a node that does not answer is not waited for") {
    struct Case {
        const char* name;
        std::vector<Reason> scrapes;
        bool ready;
        bool timed_out;
        bool awaited;
    };
    for (const Case& c : {
             Case{"not asked yet", {}, true, false, true},
             Case{"one page", {Reason::ok}, true, false, true},
             Case{"failed once", {Reason::connect}, true, false, true},
             Case{"failed once, not Ready", {Reason::connect}, false, false, false},
             Case{"failed after all the time", {Reason::timeout}, true, true, false},
             Case{"failed twice", {Reason::connect, Reason::connect}, true, false, false},
             Case{"answers at last", {Reason::connect, Reason::connect, Reason::ok}, true, false, true},
             Case{"has no such page", {Reason::unsupported}, true, false, false},
         }) {
        DYNAMIC_SECTION(c.name) {
            ScrapedNode node;
            node.ready = c.ready;
            for (const Reason reason : c.scrapes) {
                NodeHealth::Attempt attempt;
                attempt.reason = reason;
                attempt.timed_out = c.timed_out;
                node.health.record(attempt, c.ready);
            }
            CHECK(is_awaited(node) == c.awaited);
            scraper::FirstFigures figures;
            figures.add(node);
            CHECK(figures.awaited == (c.awaited ? 1 : 0));
            CHECK(figures.complete == 0);
            node.has_first_figures = true;
            CHECK_FALSE(is_awaited(node));
            figures.add(node);
            CHECK(figures.nodes == 2);
            CHECK(figures.complete == 1);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// Pages of real kubelets through parser and store: after each page every figure is compared with
// UsageHistory's, and some with figures worked out by hand.
#include "storage/store.hpp"
#include "test/checkout.hpp"
#include "test/scraper/page_text.hpp"
#include "test/scraper/usage_history.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

namespace {

using scraper::read_file;
using scraper::UsageHistory;
namespace fs = std::filesystem;

struct Page {
    int second;
    std::string text;
};

// t00.txt, t05.txt, ...
std::vector<Page> sequence(const std::string& kubelet, int last_second) {
    std::vector<Page> pages;
    for (int second = 0; second <= last_second; second += 5) {
        char name[16];
        std::snprintf(name, sizeof name, "t%02d.txt", second);
        pages.push_back({second, read_file(checkout::fixtures() / kubelet / "sequence" / name)});
    }
    return pages;
}

std::vector<Page> pair(const std::string& folder) {
    return {{0, read_file(checkout::fixtures() / folder / "metrics_resource.txt")},
            {15, read_file(checkout::fixtures() / folder / "metrics_resource.15s-later.txt")}};
}

std::vector<Page> every(int seconds, const std::vector<Page>& pages) {
    std::vector<Page> some;
    for (const Page& page : pages) {
        if (page.second % seconds == 0) some.push_back(page);
    }
    return some;
}

std::string text(const storage::Usage& usage) {
    std::string out = std::to_string(usage.timestamp) + "/" + std::to_string(usage.window.count()) +
                      " cpu=" + std::to_string(usage.cpu) + " memory=" + std::to_string(usage.memory);
    if (usage.swap) out += " swap=" + std::to_string(*usage.swap);
    return out;
}

// A store and a history that are shown the same pages.
class Replay {
  public:
    // Knows the pods of all pages from the start, as the watch does.
    explicit Replay(const std::vector<Page>& pages) {
        store_.put_node("node", {});
        UsageHistory all;
        for (const Page& page : pages) all.add(page.second, page.text);
        for (const std::string& pod : all.pods()) {
            const std::size_t slash = pod.find('/');
            store_.put_pod(pod.substr(0, slash), pod.substr(slash + 1), {});
        }
    }

    void commit(const Page& page) {
        commit_only(page);
        history_.add(page.second, page.text);
    }

    // Not for the history, which knows good pages only.
    void commit_only(const Page& page) {
        parser_.restart(page_, scraper::kRequestedAt);
        parser_.feed(page.text);
        parser_.finish();
        store_.commit("node", page_, at(page.second));
    }

    void expire(int second) { store_.expire(at(second)); }

    // Of the pods that pages have named so far, in UsageHistory's words.
    std::string served(int second) const {
        const auto node = store_.node("node", at(second));
        std::string out = "node " + (node && node->usage ? text(*node->usage) : "-") + "\n";
        for (const std::string& name : history_.pods()) {
            const std::size_t slash = name.find('/');
            storage::PodView pod;
            REQUIRE(store_.pod(name.substr(0, slash), name.substr(slash + 1), at(second), pod));
            out += name;
            if (pod.containers.empty()) {
                out += " -\n";
                continue;
            }
            out += " " + std::to_string(pod.timestamp) + "/" + std::to_string(pod.window.count()) + "\n";
            for (const storage::ContainerView& container : pod.containers) {
                out += "  " + std::string{container.name} + " " + text(container.usage) + "\n";
            }
        }
        return out;
    }

    std::string expected(int second) const { return history_.served(second); }

  private:
    static storage::Monotonic at(int second) {
        return storage::Monotonic{std::chrono::hours{1}} + std::chrono::seconds{second};
    }

    storage::Store store_{storage::StoreOptions{}};
    storage::NodePage page_;
    scraper::PageParser parser_{page_, scraper::kRequestedAt};
    UsageHistory history_;
};

// Compares every 5 seconds, whether a page came or not, until nothing is served any more.
void check_every_tick(const std::vector<Page>& pages) {
    Replay replay{pages};
    int second = 0;
    for (const Page& page : pages) {
        for (; second < page.second; second += 5) CHECK(replay.served(second) == replay.expected(second));
        replay.commit(page);
    }
    for (const int last = second; second <= last + 45; second += 5) {
        CAPTURE(second);
        CHECK(replay.served(second) == replay.expected(second));
    }
    CHECK(replay.served(second).find("cpu=") == std::string::npos);
}

}  // namespace

TEST_CASE("Pages of real kubelets give the figures of an independent calculation") {
    const auto pages = GENERATE(
        sequence("kubelet-1.37", 60), sequence("kubelet-1.34", 30), every(15, sequence("kubelet-1.37", 60)),
        every(15, sequence("kubelet-1.34", 30)), every(10, sequence("kubelet-1.37", 60)),
        pair("kubelet-1.37/cri-only"), pair("kubelet-1.37"), pair("kubelet-1.34"));
    check_every_tick(pages);
}

TEST_CASE("Expiring between pages changes nothing that is served") {
    const auto pages = GENERATE(sequence("kubelet-1.37", 60), every(15, sequence("kubelet-1.37", 60)));
    Replay replay{pages};
    for (const Page& page : pages) {
        replay.expire(page.second);
        replay.commit(page);
        replay.expire(page.second);
        CHECK(replay.served(page.second) == replay.expected(page.second));
    }
}

TEST_CASE("Figures stay right whichever pages are missed") {
    struct Case {
        const char* kubelet;
        int last_second;
    };
    const auto c = GENERATE(Case{"kubelet-1.34", 30}, Case{"kubelet-1.37", 60});
    const auto all = sequence(c.kubelet, c.last_second);
    std::mt19937 random{20261123};
    for (int round = 0; round < 100; ++round) {
        std::vector<Page> some;
        for (const Page& page : all) {
            if (random() % 2 == 0) some.push_back(page);
        }
        if (!some.empty()) check_every_tick(some);
    }
}

TEST_CASE("Figures worked out by hand from the text of the pages") {
    struct Case {
        int step;
        int second;
        const char* served;
    };
    const Case cases[] = {
        // One sample of a node and of old containers is no rate. flappy/main ran 15.2 s of its life, but
        // steady is old.
        {5, 0, "node -\ndefault/burn-127.0.2.1 -\ndefault/flappy-127.0.2.1 -\ndefault/idle-127.0.2.1 -\n"},
        // (3430.785250788 - 3423.97030803) s / (143.889 - 133.863) s
        {5, 5, "node 1795408143889000000/10026000000 cpu=679726985 memory="},
        // The page of t10 repeats the node's sample.
        {5, 10, "node 1795408143889000000/10026000000 cpu=679726985 memory="},
        // burn's second sample is on the page of t20: (40.880794198 - 36.462133387) s / (157.575 - 141.511) s
        {5, 15, "default/burn-127.0.2.1 -\n"},
        {5, 20,
         "default/burn-127.0.2.1 1795408157575000000/16064000000\n"
         "  main 1795408157575000000/16064000000 cpu=275066036 memory=217088 swap=0\n"},
        // main's last sample was 1.4 s after its start: (1.139372141 - 0.166758882) s / (157.085 - 151.970)
        // s. steady
        // used nothing in (156.520 - 129.165) s, and its sample is the older one.
        {5, 15,
         "default/flappy-127.0.2.1 1795408156520000000/27355000000\n"
         "  main 1795408157085000000/5115000000 cpu=190149219 memory=471040 swap=0\n"
         "  steady 1795408156520000000/27355000000 cpu=0 memory=225280 swap=0\n"},
        // Without the page of t10, since the start: 1.139372141 s / (157.085 - 150.5507782) s
        {15, 15, "  main 1795408157085000000/6534221800 cpu=174369982 memory=471040 swap=0\n"},
        // main has ended: the pod is served without it.
        {5, 30,
         "default/flappy-127.0.2.1 1795408170730000000/14210000000\n"
         "  steady 1795408170730000000/14210000000 cpu=0 memory=225280 swap=0\n"
         "default/idle-127.0.2.1 "},
    };
    const auto pages = sequence("kubelet-1.37", 60);
    for (const Case& c : cases) {
        Replay replay{pages};
        for (const Page& page : every(c.step, pages)) {
            if (page.second <= c.second) replay.commit(page);
        }
        CAPTURE(c.step, c.second);
        CHECK_THAT(replay.served(c.second), Catch::Contains(c.served));
    }
}

TEST_CASE("Figures worked out by hand from pages whose containers the runtime sampled at the request") {
    const auto pages = pair("kubelet-1.37/cri-only");
    Replay replay{pages};
    replay.commit(pages[0]);
    replay.commit(pages[1]);
    // (16.884627713 - 12.742320669) s / (573.976 - 558.897) s
    CHECK_THAT(replay.served(15), Catch::Contains("default/burn-127.0.2.1 1795407573976000000/15079000000\n"
                                                  "  main 1795407573976000000/15079000000 cpu=274707012 "
                                                  "memory=204800 swap=0\n"));
    // (2900.445481964 - 2883.503207468) s / (573.641 - 553.582) s
    CHECK_THAT(replay.served(15), Catch::Contains("node 1795407573641000000/20059000000 cpu=844622089 "
                                                  "memory=4073697280 swap=0\n"));
}

TEST_CASE("Broken lines take nothing away that was served") {
    const auto pages = sequence("kubelet-1.37", 20);
    const std::string burn =
        "default/burn-127.0.2.1 1795408157575000000/16064000000\n"
        "  main 1795408157575000000/16064000000 cpu=275066036 memory=217088 swap=0\n";
    Replay replay{pages};
    for (const Page& page : pages) replay.commit(page);
    const std::string before = replay.served(20);
    REQUIRE_THAT(before, Catch::Contains(burn));

    SECTION("a container's CPU has a senseless time") {
        Page broken = pages.back();
        const std::string time = "40.880794198 1795408157575";
        const std::size_t at = broken.text.find(time);
        REQUIRE(at != std::string::npos);
        broken.text.replace(at, time.size(), "40.880794198 -62135596800000");
        replay.commit_only({25, broken.text});
        CHECK(replay.served(25) == before);
    }
    SECTION("the page ends in the middle") {
        const std::string& text = pages.back().text;
        replay.commit_only({25, text.substr(0, text.find("pod=\"burn") + 5)});
        CHECK(replay.served(25) == before);
    }
    SECTION("the kubelet reports an error instead of containers") {
        replay.commit_only({25, "resource_scrape_error 1\n"});
        CHECK(replay.served(25) == before);
    }
    SECTION("a page without the containers and without an error ends them") {
        replay.commit_only({25, "resource_scrape_error 0\n"});
        CHECK_THAT(replay.served(25), Catch::Contains("default/burn-127.0.2.1 -\n"));
    }
}

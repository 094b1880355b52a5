// SPDX-License-Identifier: Apache-2.0
// Each reason why there are no figures, and what tells it.
#include "storage/explain.hpp"

#include "test/storage/pages.hpp"

#include <functional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace storage;

namespace {

std::string word(Lack lack) {
    const char* words[] = {"ok",    "ended", "young",      "no page",   "unmeasured",
                           "twice", "stale", "one sample", "clock set", "impossible"};
    return words[static_cast<std::size_t>(lack)];
}

std::string word(PodExplanation::Verdict verdict) {
    const char* words[] = {"served", "unknown", "no line", "no container", "container", "zeros"};
    return words[static_cast<std::size_t>(verdict)];
}

// "container: c one sample, d ok; on a, also on b"
std::string explained(const Store& store, double now) {
    const PodExplanation pod = store.explain_pod("n", "p", at(now));
    std::string out = word(pod.verdict);
    const char* separator = ": ";
    for (const ContainerExplanation& container : pod.containers) {
        out += std::exchange(separator, ", ") + std::string{container.name} + " " + word(container.lack);
        CHECK(container.usage.has_value() == (container.lack == Lack::none));
    }
    if (!pod.node.empty()) out += "; on " + std::string{pod.node};
    if (pod.rival) out += ", also on " + std::string{pod.rival->node};
    return out;
}

PageRow line(const char* container, double sampled, double cpu, double started = 0) {
    return row("n", "p", container, sampled, cpu, started);
}

PageRow zeros(const char* container) {
    return row("n", "p", container, 1000, 0, 990, 0);
}

struct Case {
    const char* name;
    std::function<void(Store&)> play;
    double now;
    const char* expected;
};

void play(const std::vector<Case>& cases) {
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            Store store{{}};
            store.put_node("a", {});
            store.put_node("b", {});
            store.put_pod("n", "p", {});
            c.play(store);
            CHECK(explained(store, c.now) == c.expected);
            // What is explained is what is served.
            CHECK((served(store, "n", "p", c.now) != "-" && served(store, "n", "p", c.now) != "?") ==
                  (store.explain_pod("n", "p", at(c.now)).verdict == PodExplanation::Verdict::served));
        }
}

}  // namespace

TEST_CASE("a pod's containers say why it is not served") {
    play({
        {"nothing is known", [](Store& s) { s.remove_pod("n", "p"); }, 0, "unknown"},
        {"no page names it", [](Store& s) { s.commit("a", page({}), at(0)); }, 0, "no line"},
        {"the watch does not show it but pages do",
         [](Store& s) {
             s.remove_pod("n", "p");
             s.commit("a", page({line("c", 1000, 1, 990)}), at(0));
         },
         0, "unknown: c ok; on a"},
        {"two samples",
         [](Store& s) {
             s.commit("a", page({line("c", 1000, 1)}), at(0));
             s.commit("a", page({line("c", 1010, 2)}), at(10));
         },
         10, "served: c ok; on a"},
        {"one sample without a start", [](Store& s) { s.commit("a", page({line("c", 1000, 1)}), at(0)); }, 0,
         "container: c one sample; on a"},
        {"one sample long after its start",
         [](Store& s) { s.commit("a", page({line("c", 1000, 1, 900)}), at(0)); }, 0,
         "container: c one sample; on a"},
        {"one sample soon after its start",
         [](Store& s) { s.commit("a", page({line("c", 1000, 1, 990)}), at(0)); }, 0, "served: c ok; on a"},
        {"one sample at its start", [](Store& s) { s.commit("a", page({line("c", 1000, 1, 999.5)}), at(0)); },
         0, "no container: c young; on a"},
        {"a counter that fell",
         [](Store& s) {
             s.commit("a", page({line("c", 1000, 5, 990)}), at(0));
             s.commit("a", page({line("c", 1010, 2, 990)}), at(10));
         },
         10, "container: c one sample; on a"},
        {"never measured", [](Store& s) { s.commit("a", page({line("c", 1000, 0)}), at(0)); }, 0,
         "container: c unmeasured; on a"},
        {"no longer measured",
         [](Store& s) {
             s.commit("a", page({line("c", 1000, 1, 990)}), at(0));
             s.commit("a", page({line("c", 1041, 0, 990)}), at(41));
         },
         41, "container: c unmeasured; on a"},
        {"the node is silent", [](Store& s) { s.commit("a", page({line("c", 1000, 1, 990)}), at(0)); }, 41,
         "container: c stale; on a"},
        {"one of two is measured",
         [](Store& s) {
             s.commit("a", page({line("c", 1000, 1, 990), line("d", 1000, 0)}), at(0));
         },
         0, "container: c ok, d unmeasured; on a"},
        {"one of two has ended",
         [](Store& s) {
             s.commit("a", page({line("c", 1000, 1, 990), line("d", 1000, 1)}), at(0));
             s.commit("a", page({line("c", 1010, 2, 990)}), at(10));
         },
         10, "served: c ok, d ended; on a"},
        {"nothing but zeros",
         [](Store& s) {
             s.commit("a", page({zeros("c"), zeros("d")}), at(0));
         },
         40, "zeros; on a"},
        {"nothing but zeros, long ago", [](Store& s) { s.commit("a", page({zeros("c")}), at(0)); }, 40.5,
         "no line"},
        {"zeros where there were figures",
         [](Store& s) {
             s.commit("a", page({line("c", 1000, 1, 990)}), at(0));
             s.commit("a", page({zeros("c")}), at(41));
             s.commit("a", page({zeros("c")}), at(51));
         },
         51, "zeros; on a"},
        {"a start alone is none",
         [](Store& s) {
             PageRow ended = zeros("c");
             ended.cpu = ended.memory = {};
             s.commit("a", page({ended}), at(0));
         },
         0, "no line"},
        {"zeros of an init container that ended",
         [](Store& s) {
             for (double t = 0; t < 20; t += 10)
                 s.commit("a", page({line("c", 1000 + t, 1 + t), zeros("init")}), at(t));
         },
         10, "served: c ok; on a"},
        {"zeros of one where another one has just ended",
         [](Store& s) {
             s.commit("a", page({line("c", 1000, 1, 990)}), at(0));
             s.commit("a", page({zeros("init")}), at(10));
         },
         10, "no container: c ended; on a"},
        {"zeros of a pod that the watch does not show",
         [](Store& s) {
             s.remove_pod("n", "p");
             s.commit("a", page({zeros("c")}), at(0));
         },
         0, "unknown"},
        {"all have ended",
         [](Store& s) {
             s.commit("a", page({line("c", 1000, 1, 990)}), at(0));
             s.commit("a", page({}), at(10));
         },
         10, "no container: c ended; on a"},
        {"all have ended long ago",
         [](Store& s) {
             s.commit("a", page({line("c", 1000, 1, 990)}), at(0));
             s.commit("a", page({}), at(1));
         },
         41, "no line; on a"},
        {"its node has left the cluster",
         [](Store& s) {
             s.commit("a", page({line("c", 1000, 1, 990)}), at(0));
             s.remove_node("a");
         },
         40.5, "container: c stale"},
    });
}

TEST_CASE("of a pod on two nodes both are named") {
    play({
        {"the one that came second",
         [](Store& s) {
             s.commit("a", page({line("c", 1000, 1, 990)}), at(0));
             s.commit("b", page({line("c", 1001, 1, 991)}), at(1));
         },
         1, "served: c ok; on a, also on b"},
        {"the one that it was taken from",
         [](Store& s) {
             s.commit("a", page({line("c", 1000, 1, 990)}), at(0));
             s.commit("b", page({line("c", 1001, 1, 991)}), at(1));
             s.settle({"n", "p"}, "", "b");
             s.commit("b", page({line("c", 1001, 1, 991)}), at(2));
             s.commit("a", page({line("c", 1000, 1, 990)}), at(3));
         },
         3, "served: c ok; on b, also on a"},
        {"until it has been silent for the bound",
         [](Store& s) {
             s.commit("a", page({line("c", 1000, 1, 990)}), at(0));
             s.commit("b", page({line("c", 1000, 1, 980)}), at(1));
             s.commit("a", page({line("c", 1041, 2, 990)}), at(41));
         },
         41.5, "served: c ok; on a"},
        {"not one that was silent before it lost",
         [](Store& s) {
             s.commit("a", page({line("c", 1000, 1, 990)}), at(0));
             s.commit("b", page({line("c", 1050, 1, 1040)}), at(50));
         },
         50, "served: c ok; on b"},
    });
}

TEST_CASE("figures that cannot be are said to be such") {
    play({
        {"lines that contradict each other",
         [](Store& s) {
             PageRow twice = line("c", 1000, 1, 990);
             twice.twice = true;
             s.commit("a", page({twice}), at(0));
         },
         0, "container: c twice; on a"},
        {"what was measured before them is served for the bound",
         [](Store& s) {
             PageRow twice = line("c", 1010, 1, 990);
             twice.twice = true;
             s.commit("a", page({line("c", 1000, 1, 990)}), at(0));
             s.commit("a", page({twice}), at(10));
         },
         40, "served: c ok; on a"},
        {"a clock that was set",
         [](Store& s) {
             s.commit("a", page({line("c", 1000, 1, 500)}), at(0));
             s.commit("a", page({line("c", 5000, 2, 500)}), at(10));
         },
         10, "container: c clock set; on a"},
        {"more than the node has",
         [](Store& s) {
             s.put_node("a", {}, {"", 1'000'000'000});
             s.commit("a", page({line("c", 1000, 1, 500)}), at(0));
             s.commit("a", page({line("c", 1010, 22, 500)}), at(10));
         },
         10, "container: c impossible; on a"},
    });
}

TEST_CASE("a node says why it is not served") {
    struct NodeCase {
        const char* name;
        std::vector<std::pair<double, PageRow>> pages;
        double now;
        const char* expected;
    };
    PageRow twice = node_row(1000, 1);
    twice.twice = true;
    const NodeCase cases[] = {
        {"lines that contradict each other", {{0, twice}}, 0, "twice"},
        {"no page", {}, 0, "no page"},
        {"one page", {{0, node_row(1000, 1)}}, 0, "one sample"},
        {"two", {{0, node_row(1000, 1)}, {10, node_row(1010, 2)}}, 10, "ok"},
        {"a page that repeats", {{0, node_row(1000, 1)}, {10, node_row(1000, 1)}}, 10, "one sample"},
        {"pages without the node", {{0, {}}}, 0, "unmeasured"},
        {"silence", {{0, node_row(1000, 1)}, {10, node_row(1010, 2)}}, 50.5, "stale"},
    };
    for (const NodeCase& c : cases) DYNAMIC_SECTION(c.name) {
            Store store{{}};
            store.put_node("a", {});
            // Time 0 is never.
            for (const auto& [now, node] : c.pages) store.commit("a", page({}, node), at(1 + now));
            const auto node = store.explain_node("a", at(1 + c.now));
            REQUIRE(node.has_value());
            CHECK(word(node->lack) == c.expected);
            CHECK(node->usage.has_value() == (node->lack == Lack::none));
        }
    Store store{{}};
    CHECK_FALSE(store.explain_node("a", at(0)).has_value());
}

TEST_CASE("an explanation holds the points and the times of the pages") {
    Store store{{}};
    store.put_node("a", {});
    store.put_pod("n", "p", {});
    store.commit("a", page({line("c", 1000, 1, 990)}, node_row(1000, 1)), at(0));
    store.commit("a", page({line("c", 1010, 2, 990)}, node_row(1010, 3)), at(10));
    const PodExplanation pod = store.explain_pod("n", "p", at(12));
    CHECK(pod.page_at == at(10));
    REQUIRE(pod.containers.size() == 1);
    CHECK(pod.containers[0].points.previous.at == nanos(1000));
    CHECK(pod.containers[0].points.last.at == nanos(1010));
    CHECK(pod.containers[0].points.started == nanos(990));
    CHECK(pod.containers[0].points.seen_at == at(10));
    CHECK(pod.containers[0].usage->cpu == 100'000'000);
    const auto node = store.explain_node("a", at(12));
    CHECK(node->page_at == at(10));
    CHECK(node->pods == 1);
    CHECK(node->usage->window == std::chrono::seconds{10});
    CHECK(store.bound() == std::chrono::seconds{40});
}

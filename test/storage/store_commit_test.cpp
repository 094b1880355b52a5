// SPDX-License-Identifier: Apache-2.0
// What pages make of the pods and nodes the watches show.
#include "storage/store.hpp"
#include "test/storage/pages.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace storage;

namespace {

// One node "node" and one pod n/p, whose containers' lines are shortly written.
struct OnePod {
    explicit OnePod(StoreOptions options = {}) : store{options} {
        store.put_node("node", {});
        store.put_pod("n", "p", {});
    }
    static PageRow line(const char* container, double sampled, double cpu, double started = 100) {
        return row("n", "p", container, sampled, cpu, started);
    }
    static PageRow unmeasured(const char* container, double sampled) {
        PageRow out = line(container, sampled, 0);
        return out;
    }
    CommitResult commit(double now, std::vector<PageRow> rows) {
        return store.commit("node", page(rows), at(now));
    }
    std::string served(double now) const { return storage::served(store, "n", "p", now); }

    Store store;
};

}  // namespace

TEST_CASE("a pod is served when each present container has a rate") {
    OnePod it;
    it.commit(0, {it.line("a", 1000, 1), it.line("b", 1003, 1)});
    CHECK(it.served(0) == "-");
    CHECK(it.store.container_count() == 0);
    it.commit(15, {it.line("a", 1015, 4), it.line("b", 1003, 1)});
    CHECK(it.served(15) == "-");
    CHECK_FALSE(it.store.has_pod_usage());
    CHECK(it.store.container_count() == 1);
    const CommitResult result = it.commit(30, {it.line("a", 1030, 7), it.line("b", 1023, 2)});
    CHECK(it.served(30) == "a=200m/15s@1030 b=50m/20s@1023");
    CHECK(it.store.has_pod_usage());
    CHECK(it.store.container_count() == 2);
    CHECK(result.containers == 2);
    CHECK(result.foreign + result.over_limit + result.nameless == 0);
    CHECK_FALSE(result.node_has_usage);
}

TEST_CASE("a commit tells of containers that are too young for figures") {
    OnePod it;
    it.commit(0, {it.line("a", 1000, 1, 900)});
    CHECK(it.commit(15, {it.line("a", 1015, 2, 900), it.line("b", 1015, 0.1, 1014.5)}).unborn == 1);
    // The same sample again, then the next one.
    CHECK(it.commit(19, {it.line("a", 1015, 2, 900), it.line("b", 1015, 0.1, 1014.5)}).unborn == 1);
    CHECK(it.commit(23, {it.line("a", 1015, 2, 900), it.line("b", 1022, 1, 1014.5)}).unborn == 0);
}

TEST_CASE("a pod has the time of its earliest container") {
    OnePod it;
    it.commit(0, {it.line("a", 1000, 1), it.line("b", 1003, 1), it.line("c", 1003, 1)});
    it.commit(15, {it.line("a", 1015, 4), it.line("b", 1013, 2), it.line("c", 1013, 2)});
    PodView view;
    view.containers.resize(7);
    REQUIRE(it.store.pod("n", "p", at(15), view));
    CHECK(view.timestamp == nanos(1013));
    CHECK(view.window == std::chrono::seconds{10});
    CHECK(view.containers.size() == 3);
    REQUIRE(it.store.pod("n", "p", at(100), view));
    CHECK(view.containers.empty());
    CHECK(view.timestamp == 0);
    CHECK(view.window.count() == 0);
}

TEST_CASE("containers are sorted by name whatever the page's order") {
    OnePod it;
    it.commit(0, {it.line("m", 1000, 1, 990), it.line("b", 1000, 1, 990)});
    CHECK(it.served(0) == "b=100m/10s@1000 m=100m/10s@1000");
    it.commit(1, {it.line("z", 1000, 1, 990), it.line("m", 1000, 1, 990), it.line("a", 1000, 1, 990),
                  it.line("b", 1000, 1, 990), it.line("c", 1000, 1, 990)});
    CHECK(it.served(1) == "a=100m/10s@1000 b=100m/10s@1000 c=100m/10s@1000 m=100m/10s@1000 z=100m/10s@1000");
    // Two rows of one container are two samples, in page order.
    it.commit(2, {it.line("a", 1010, 2, 990), it.line("a", 1020, 4, 990)});
    CHECK(it.served(2) == "a=200m/10s@1020");
}

TEST_CASE("a container between two lives does not void its pod") {
    OnePod it;
    it.commit(0, {it.line("a", 1000, 10), it.line("b", 1000, 10)});
    it.commit(10, {it.line("a", 1010, 11), it.line("b", 1010, 11)});
    CHECK(it.served(10) == "a=100m/10s@1010 b=100m/10s@1010");
    it.commit(20, {it.line("b", 1020, 12)});
    CHECK(it.served(20) == "b=100m/10s@1020");

    SECTION("a repeated sample of the old life brings it back") {
        it.commit(30, {it.line("a", 1010, 11), it.line("b", 1030, 13)});
        CHECK(it.served(30) == "a=100m/10s@1010 b=100m/10s@1030");
    }
    SECTION("it is away until it is a second old") {
        it.commit(30, {it.line("a", 1029.5, 0.1, 1029), it.line("b", 1030, 13)});
        CHECK(it.served(30) == "b=100m/10s@1030");
        it.commit(40, {it.line("a", 1039.5, 2.1, 1029), it.line("b", 1030, 13)});
        CHECK(it.served(40) == "a=200m/10s@1039.5 b=100m/10s@1030");
    }
    SECTION("it counts from its new start") {
        it.commit(30, {it.line("a", 1030, 1, 1025), it.line("b", 1030, 13)});
        CHECK(it.served(30) == "a=200m/5s@1030 b=100m/10s@1030");
    }
    SECTION("its points are forgotten after the bound") {
        it.commit(50, {it.line("b", 1050, 15)});
        it.commit(51, {it.line("a", 1010, 11), it.line("b", 1050, 15)});
        CHECK(it.served(51) == "-");
    }
    SECTION("a line with nothing but its start leaves it away") {
        PageRow start_only = it.line("a", 0, 0);
        start_only.cpu.reset();
        start_only.memory.reset();
        it.commit(30, {start_only, it.line("b", 1030, 13)});
        CHECK(it.served(30) == "b=100m/10s@1030");
    }
}

TEST_CASE("a pod whose containers are all away has no usage") {
    OnePod it;
    it.commit(0, {it.line("a", 1000, 1, 990)});
    CHECK(it.served(0) == "a=100m/10s@1000");
    it.commit(10, {});
    CHECK(it.served(10) == "-");
    CHECK_FALSE(it.store.has_pod_usage());
    it.commit(20, {it.line("a", 1000, 1, 990)});
    CHECK(it.served(20) == "a=100m/10s@1000");
}

TEST_CASE("a partial page takes nothing away") {
    OnePod it;
    it.commit(0, {it.line("a", 1000, 1, 990), it.line("b", 1000, 1, 990)});
    it.store.commit("node", partial({it.line("b", 1010, 3, 990)}), at(10));
    CHECK(it.served(10) == "a=100m/10s@1000 b=200m/10s@1010");
    it.store.commit("node", partial({}), at(30));
    CHECK(it.served(40) == "a=100m/10s@1000 b=200m/10s@1010");
    CHECK(it.served(40.001) == "-");
    // A pod with a container that ran out is not served by its others.
    it.store.commit("node", partial({it.line("b", 1045, 4, 990)}), at(45));
    CHECK(it.served(45) == "-");
}

TEST_CASE("an incomplete line changes nothing but is present") {
    OnePod it;
    it.commit(0, {it.line("a", 1000, 1, 990), it.line("b", 1000, 1, 990)});
    it.commit(10, {it.line("a", 1010, 2, 990), it.unmeasured("b", 1010)});
    CHECK(it.served(10) == "a=100m/10s@1010 b=100m/10s@1000");
    it.commit(40, {it.line("a", 1040, 5, 990), it.unmeasured("b", 1040)});
    CHECK(it.served(40) == "a=100m/30s@1040 b=100m/10s@1000");
    CHECK(it.served(41) == "-");
    // A new one with such a line voids the pod at once.
    it.commit(50, {it.line("a", 1050, 6, 990), it.unmeasured("c", 1050)});
    CHECK(it.served(50) == "-");
    CHECK(it.commit(50, {it.unmeasured("c", 1050)}).containers == 0);
}

TEST_CASE("the window survives missed pages") {
    OnePod it;
    it.commit(0, {it.line("a", 1000, 10)});
    it.commit(15, {it.line("a", 1015, 25)});
    CHECK(it.served(55) == "a=1000m/15s@1015");
    CHECK(it.served(55.001) == "-");
    it.store.expire(at(60));
    CHECK_FALSE(it.store.has_pod_usage());
    CHECK(it.store.container_count() == 0);
    it.commit(90, {it.line("a", 1090, 40)});
    CHECK(it.served(90) == "a=200m/75s@1090");
    CHECK(it.store.has_pod_usage());
}

TEST_CASE("without bridging a missed or partial page leaves nothing behind") {
    StoreOptions options;
    options.bridge = false;
    OnePod it{options};
    it.commit(0, {it.line("a", 1000, 10), it.line("b", 1000, 10)});
    it.commit(15, {it.line("a", 1015, 25), it.line("b", 1015, 25)});
    CHECK(it.served(35) == "a=1000m/15s@1015 b=1000m/15s@1015");
    CHECK(it.served(35.001) == "-");

    SECTION("the page after a miss gives no rate") {
        it.commit(45, {it.line("a", 1045, 30), it.line("b", 1045, 30)});
        CHECK(it.served(45) == "-");
        it.commit(60, {it.line("a", 1060, 45), it.line("b", 1060, 45)});
        CHECK(it.served(60) == "a=1000m/15s@1060 b=1000m/15s@1060");
    }
    SECTION("a partial page serves what it holds") {
        it.store.commit("node", partial({it.line("a", 1030, 40)}), at(30));
        CHECK(it.served(30) == "a=1000m/15s@1030");
    }
    SECTION("a line that is incomplete voids the pod") {
        it.commit(30, {it.line("a", 1030, 40), it.unmeasured("b", 1030)});
        CHECK(it.served(30) == "-");
    }
    SECTION("the node follows the same rule") {
        it.store.commit("node", page({}, node_row(1030, 10)), at(30));
        it.store.commit("node", page({}, node_row(1045, 11)), at(45));
        CHECK(it.store.node("node", at(45))->usage);
        it.store.commit("node", page({}), at(60));
        CHECK_FALSE(it.store.node("node", at(60))->usage);
        it.store.commit("node", page({}, node_row(1075, 12)), at(75));
        it.store.commit("node", page({}, node_row(1105, 13)), at(105));
        CHECK_FALSE(it.store.node("node", at(105))->usage);
    }
}

TEST_CASE("a node has the usage of its own line") {
    Store store{{}};
    store.put_node("node", {});
    CHECK_FALSE(store.commit("node", page({}, node_row(1000, 100)), at(0)).node_has_usage);
    PageRow line = node_row(1010, 105, 777);
    line.swap = Reading{88, nanos(1010)};
    CHECK(store.commit("node", page({}, line), at(10)).node_has_usage);
    const auto usage = store.node("node", at(10))->usage;
    REQUIRE(usage);
    CHECK(usage->cpu == 500'000'000);
    CHECK(usage->memory == 777);
    CHECK(usage->swap == 88U);
    CHECK(usage->timestamp == nanos(1010));
    CHECK(usage->window == std::chrono::seconds{10});

    // A page without it is no reason to stop, but it does not prolong either.
    CHECK(store.commit("node", page({}), at(30)).node_has_usage);
    CHECK(store.node("node", at(50))->usage);
    CHECK_FALSE(store.node("node", at(50.001))->usage);
    CHECK(store.has_node_usage());
    CHECK(store.rated_node_count() == 1);
    store.expire(at(71));
    CHECK_FALSE(store.has_node_usage());
    CHECK(store.rated_node_count() == 0);

    // A reboot.
    CHECK_FALSE(store.commit("node", page({}, node_row(1080, 2)), at(80)).node_has_usage);
}

TEST_CASE("a page of an unknown node is dropped") {
    OnePod it;
    const CommitResult result = it.store.commit("other", page({it.line("a", 1000, 1, 990)}), at(0));
    CHECK(result.containers == 0);
    CHECK(it.served(0) == "-");
}

TEST_CASE("a removed node's pods are served until the bound") {
    OnePod it;
    it.commit(0, {it.line("a", 1000, 1, 990)});
    it.store.remove_node("node");
    CHECK(it.served(40) == "a=100m/10s@1000");
    CHECK(it.served(40.001) == "-");
    CHECK(it.store.has_pod_usage());
    it.store.expire(at(41));
    CHECK_FALSE(it.store.has_pod_usage());

    // A node of the same name may be another machine.
    it.store.put_node("node", {});
    it.commit(45, {it.line("a", 1010, 2, 900)});
    CHECK(it.served(45) == "-");
}

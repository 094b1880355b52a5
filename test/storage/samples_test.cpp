// SPDX-License-Identifier: Apache-2.0
// The samples behind what is served.
#include "storage/store.hpp"
#include "test/storage/two_nodes.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace storage;

namespace {

std::string text_of(const SampleView& sample) {
    std::string out = std::to_string(sample.cpu.value) + "@" + std::to_string(sample.cpu.at) + " " +
                      std::to_string(sample.memory.value) + "@" + std::to_string(sample.memory.at);
    if (sample.swap)
        out += " swap " + std::to_string(sample.swap->value) + "@" + std::to_string(sample.swap->at);
    if (sample.started != 0) out += " since " + std::to_string(sample.started);
    return out;
}

// A line a pod, and one more a container.
std::string pod_samples(const Store& store, double now, PodKey after = {}, std::size_t most = 1000) {
    std::string out;
    std::size_t seen = 0;
    store.walk_pod_samples(after, at(now), [&](const PodSamplesView& pod) {
        out.append(pod.name_space).append("/").append(pod.name).append(" on ").append(pod.node) += '\n';
        for (const ContainerSampleView& each : pod.containers)
            out.append("  ").append(each.name).append(" ").append(text_of(each.sample)) += '\n';
        return ++seen < most;
    });
    return out;
}

std::string node_samples(const Store& store, double now, std::string_view after = {},
                         std::size_t most = 1000) {
    std::string out;
    std::size_t seen = 0;
    store.walk_node_samples(after, at(now), [&](const NodeSampleView& node) {
        out.append(node.name).append(" ").append(node.sample ? text_of(*node.sample) : "-") += '\n';
        return ++seen < most;
    });
    return out;
}

}  // namespace

TEST_CASE("samples are those of the newest page, each with its own time") {
    TwoNodes it;
    it.store.put_pod("n", "p", {});
    PageRow c = line(1000, 1, 500);
    PageRow node = node_row(1000, 10);
    it.store.commit("a", page({c}, node), at(0));
    CHECK(pod_samples(it.store, 0) == "n/p on a\n");
    CHECK(node_samples(it.store, 0) == "a -\nb -\n");

    c = line(1010, 2.25, 500);
    c.memory = Reading{4096, nanos(1009.5)};
    c.swap = Reading{7, nanos(1009.25)};
    it.store.commit("a", page({c}, node_row(1010.125, 12.000000001)), at(10));
    const std::string served =
        "n/p on a\n  c 2250000000@1010000000000 4096@1009500000000 swap 7@1009250000000 since 500000000000\n";
    CHECK(pod_samples(it.store, 10) == served);
    CHECK(node_samples(it.store, 10) == "a 12000000001@1010125000000 5000@1010125000000\nb -\n");
    SECTION("a line that is repeated with a newer figure of memory shows that") {
        c.memory = Reading{8192, nanos(1018)};
        it.store.commit("a", page({c}, node), at(20));
        CHECK(pod_samples(it.store, 20).find(" 2250000000@1010000000000 8192@1018000000000 ") !=
              std::string::npos);
    }
    SECTION("they are not told longer than they are served") {
        CHECK(pod_samples(it.store, 50) == served);
        CHECK(pod_samples(it.store, 50.001) == "n/p on a\n");
        CHECK(node_samples(it.store, 50.001) == "a -\nb -\n");
    }
    SECTION("a node that is gone is not named") {
        it.store.remove_node("a");
        CHECK(pod_samples(it.store, 10).substr(0, 10) == "n/p on \n  ");
    }
}

TEST_CASE("samples are of the containers that are served") {
    TwoNodes it;
    for (const char* pod : {"whole", "new", "part"}) it.store.put_pod("n", pod, {});
    const auto rows = [](double now, bool born) {
        std::vector<PageRow> out{
            row("n", "whole", "b", now, now - 990), row("n", "whole", "a", now, now - 990),
            row("n", "part", "a", now, now - 990), row("n", "unknown", "a", now, now - 990)};
        if (!born) return out;
        // The only sample of one is too near to its start to count, that of the other tells no rate.
        out.push_back(row("n", "whole", "unborn", now, 0.1, now - 0.5));
        out.push_back(row("n", "part", "unrated", now, 1));
        return out;
    };
    it.commit("a", 0, rows(1000, false));
    it.commit("a", 10, rows(1010, true));
    CHECK(pod_samples(it.store, 10) ==
          "n/new on \nn/part on a\nn/whole on a\n"
          "  a 20000000000@1010000000000 1000@1010000000000\n"
          "  b 20000000000@1010000000000 1000@1010000000000\n");
}

TEST_CASE("walks over samples resume after a key") {
    TwoNodes it;
    for (const char* name_space : {"m", "n"})
        for (const char* pod : {"p", "q"}) it.store.put_pod(name_space, pod, {});
    CHECK(pod_samples(it.store, 0, {}, 2) == "m/p on \nm/q on \n");
    CHECK(pod_samples(it.store, 0, {"m", "p"}, 2) == "m/q on \nn/p on \n");
    CHECK(pod_samples(it.store, 0, {"n", "o"}) == "n/p on \nn/q on \n");
    CHECK(pod_samples(it.store, 0, {"n", "q"}).empty());
    CHECK(node_samples(it.store, 0, {}, 1) == "a -\n");
    CHECK(node_samples(it.store, 0, "a") == "b -\n");
    CHECK(node_samples(it.store, 0, "b").empty());
}

// SPDX-License-Identifier: Apache-2.0
// Random histories, checked after each step against the reference model.
#include "test/storage/truth/random_history.hpp"

#include <catch2/catch.hpp>

namespace storage::reference {
namespace {

Used used_of(const Usage& usage) {
    return {usage.timestamp / 1'000'000, usage.window.count() / 1'000'000,
            static_cast<std::int64_t>(usage.cpu), static_cast<Ms>(usage.memory),
            usage.swap ? static_cast<Ms>(*usage.swap) : -1};
}

}  // namespace

void History::check() {
    std::set<std::string> nodes;
    bool node_usage = false;
    store_.walk_nodes({}, at_ms(now_), [&](const NodeView& view) {
        nodes.emplace(view.name);
        const auto expected = model_.node(std::string{view.name}, now_);
        REQUIRE(view.usage.has_value() == expected.has_value());
        if (expected) REQUIRE(used_of(*view.usage) == *expected);
        REQUIRE(store_.labels(view.labels) == Labels{{"name", std::string{view.name}}});
        node_usage |= view.usage.has_value();
        return true;
    });
    REQUIRE(nodes == model_.nodes());
    REQUIRE((!node_usage || store_.has_node_usage()));

    // In runs of two, resumed by key.
    std::vector<Name> pods;
    std::size_t rated = 0;
    for (std::size_t before = 1; before != 0;) {
        before = 0;
        const Name after = pods.empty() ? Name{} : pods.back();
        store_.walk_pods({}, {after.first, after.second}, at_ms(now_), [&](const PodView& view) {
            pods.emplace_back(view.name_space, view.name);
            rated += view.containers.size();
            check_pod(view);
            return ++before < 2;
        });
    }
    const std::set<Name> expected = model_.pods();
    REQUIRE(pods == std::vector<Name>(expected.begin(), expected.end()));
    REQUIRE(store_.pod_count() == pods.size());
    REQUIRE(store_.container_count() >= rated);
    REQUIRE((rated == 0 || store_.has_pod_usage()));
    served_ += rated;
}

void History::check_pod(const PodView& view) {
    const Name name{view.name_space, view.name};
    std::map<std::string, Used> got;
    Ms earliest = 0;
    for (const ContainerView& container : view.containers) {
        got[std::string{container.name}] = used_of(container.usage);
        if (earliest == 0 || container.usage.timestamp < earliest) earliest = container.usage.timestamp;
    }
    CAPTURE(name);
    REQUIRE(got == model_.pod(name, now_));
    REQUIRE(view.timestamp == earliest);
    REQUIRE(store_.labels(view.labels) == Labels{{"name", name.second}});
}

}  // namespace storage::reference

using namespace storage;

namespace {

struct Lived {
    std::size_t served = 0;
    std::size_t told = 0;
};

Lived live_through(unsigned seed, reference::Options options, int steps) {
    reference::History history{seed, options};
    for (int step = 0; step < steps; ++step) {
        CAPTURE(seed, step);
        history.step();
        history.check();
    }
    history.check_history();
    return {history.served(), history.told()};
}

}  // namespace

TEST_CASE("random histories agree with the reference model") {
    std::size_t served = 0, told = 0;
    for (unsigned seed = 1; seed <= 30; ++seed) {
        const Lived lived = live_through(seed, {}, 150);
        served += lived.served;
        told += lived.told;
    }
    // Enough of it is about usage, and history.
    CHECK(served > 4'500);
    CHECK(told > 2'000);
}

TEST_CASE("random histories without bridging agree with the reference model") {
    reference::Options options;
    options.bridge = false;
    std::size_t served = 0;
    for (unsigned seed = 101; seed <= 110; ++seed) served += live_through(seed, options, 150).served;
    CHECK(served > 500);
}

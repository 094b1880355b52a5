// SPDX-License-Identifier: Apache-2.0
#include "test/sim/kubelet/pages/summary.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace sim;

TEST_CASE("A summary tells what a test can know of a node and its pods") {
    const Nanos started = 1'767'607'200 * kSecond;
    const Model model{{1, 4, 1}, started};
    const Node& node = model.nodes()[0];
    const Nanos now = started + 90 * kSecond + 5;
    const auto page = nlohmann::json::parse(summary_text(node, now));
    CHECK(page["node"]["nodeName"] == node.name);
    CHECK(page["node"]["network"]["time"] == "2026-01-05T10:01:30Z");
    const auto up = static_cast<std::uint64_t>(now / kSecond - node.booted / kSecond);
    CHECK(page["node"]["network"]["rxBytes"] == up * kNodeRx);
    REQUIRE(page["pods"].size() == node.pods.size());
    const auto& pod = page["pods"][0];
    CHECK(pod["podRef"]["name"] == node.pods[0]->name);
    const auto age = static_cast<std::uint64_t>(now / kSecond - node.pods[0]->started / kSecond);
    CHECK(pod["network"]["rxBytes"] == age * kPodRx);
    CHECK(pod["network"]["interfaces"][1]["rxBytes"] == age * kPodOtherRx);
    CHECK(pod["containers"].size() == node.pods[0]->containers.size());
    CHECK(pod["containers"][0]["memory"]["rssBytes"] == kContainerRss);
    CHECK(pod["volume"][0]["pvcRef"]["name"] == "data-" + node.pods[0]->name);
    CHECK(pod["volume"][0]["availableBytes"] == kVolumeCapacity - kVolumeUsed);
}

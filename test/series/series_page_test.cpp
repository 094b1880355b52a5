// SPDX-License-Identifier: Apache-2.0
#include "series/catalog.hpp"
#include "series/demanded.hpp"
#include "test/checkout.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <catch2/catch.hpp>

using series::Family;
using series::Kind;
using series::Origin;

namespace {

std::string labels_of(const Family& family) {
    switch (family.shape) {
        case series::Shape::container_requests:
        case series::Shape::container_limits:
            return "namespace, pod, container, uid, resource, unit";
        case series::Shape::container_restarts:
            return "namespace, pod, container, uid";
        case series::Shape::pod_info:
            return "namespace, pod, uid, host_ip, pod_ip, created_by_kind, created_by_name";
        case series::Shape::volumes:
            return "namespace, persistentvolumeclaim";
        case series::Shape::node_capacity:
        case series::Shape::node_allocatable:
            return "resource, unit";
        default:
            break;
    }
    if (family.kind == Kind::container) return "namespace, pod, container, image";
    return family.kind == Kind::pod ? "namespace, pod" : "";
}

std::string origin_of(const Family& family) {
    const std::string also = family.node_exporter ? ", `--node-exporter-series`" : "";
    if (family.origin == Origin::summary) return "`--kubelet-summary`" + also;
    return (family.origin == Origin::kubelet ? "`/metrics/resource`" : "`--watch-objects`") + also;
}

std::string page() {
    std::string text =
        "# Series\n\n"
        "What the query API has (docs/graphs.md), from the figures that history keeps. All have the labels "
        "`node`, the\n"
        "same as `instance`, and `job=\"topd\"`. A series whose source is off is absent, not zero.\n\n"
        "A counter is the integral of the usage served, at the ticks of history; it begins anew with its "
        "container.\n"
        "Beyond `--history-window` there is a point each five minutes: memory is its mean there. `image` is "
        "`-` unless\n"
        "`--watch-objects` is given. A pod's `node` is that of its last figures. What the watches tell "
        "(`kube_*`,\n"
        "`kubelet_running_pods`, capacity) has the value of now at all times at which there are figures of "
        "the node or pod.\n\n"
        "| name | type | unit | labels besides | from | who asks it | what "
        "|\n|---|---|---|---|---|---|---|\n";
    for (const Family& family : series::families()) {
        text += "| `" + std::string{family.name} + "` | " + std::string{family.type} + " | " +
                std::string{family.unit} + " | " + labels_of(family) + " | " + origin_of(family) + " | " +
                std::string{family.asked_by} + " | " + std::string{family.help} + " |\n";
    }
    text +=
        "\n## Pods' own metrics\n\n"
        "With `--custom-metrics` (docs/custom-metrics.md) what autoscalers ask of pods has history too, each "
        "by the "
        "name by\n"
        "which it was asked for, as a " +
        std::string{series::kDemandedType} +
        " with the labels `namespace` and `pod`: what was served at the end of each tick, for\n"
        "`--history-window`. A counter is a rate per second there, so draw it as it is. A tick without a "
        "figure ends "
        "the\n"
        "value. What selects series has the selector as the label `selector` (`selector=\"code=500\"`). The "
        "names "
        "above win:\n"
        "`up` is the node's. Nothing of it goes to sinks, or into the state file.\n";
    return text;
}

std::string content(const std::filesystem::path& file) {
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

TEST_CASE("docs/series.md is what the table of series gives") {
    const auto docs = checkout::docs() / "series.md";
    const bool same = std::filesystem::exists(docs) && content(docs) == page();
    const auto fresh = std::filesystem::current_path() / "series.md";
    if (!same) std::ofstream{fresh} << page();
    INFO("to make it anew: cp " << fresh.string() << " docs/series.md");
    CHECK(same);
}

TEST_CASE("series are named once, by name, with what Prometheus needs to know") {
    const auto families = series::families();
    CHECK(std::is_sorted(families.begin(), families.end(),
                         [](const Family& a, const Family& b) { return a.name < b.name; }));
    for (const Family& family : families) {
        CAPTURE(family.name);
        CHECK((family.type == "counter") == family.name.ends_with("_total"));
        CHECK_FALSE(family.help.empty());
    }
}

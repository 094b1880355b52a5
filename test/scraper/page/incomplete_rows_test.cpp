// SPDX-License-Identifier: Apache-2.0
#include "scraper/page/incomplete_rows.hpp"

#include "test/topd/captured_log.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using scraper::IncompleteRows;
using Lines = std::vector<std::string>;

namespace {

storage::PageRow row(std::string_view pod, std::string_view container, std::uint64_t cpu,
                     std::uint64_t memory) {
    storage::PageRow out;
    out.name_space = pod.empty() ? "" : "shop";
    out.pod = pod;
    out.container = container;
    out.cpu = storage::Reading{cpu, 1};
    out.memory = storage::Reading{memory, 1};
    return out;
}

storage::NodePage page(std::vector<storage::PageRow> containers) {
    storage::NodePage out;
    out.node = row("", "", 1, 1);
    out.containers = std::move(containers);
    return out;
}

}  // namespace

TEST_CASE("a container without a whole measurement is said once until it has one") {
    test::CapturedLog log{1};
    IncompleteRows rows;
    storage::PageRow started_only;
    started_only.name_space = "shop";
    started_only.pod = "init";
    started_only.container = "c";
    started_only.started = 1;
    for (int i = 0; i < 3; ++i)
        rows.say("n1", page({row("web", "app", 0, 4096), row("web", "proxy", 1, 1), started_only}));
    rows.say("n2", page({row("web", "app", 7, 0)}));
    rows.say("n1", page({row("web", "app", 1, 4096)}));
    rows.say("n1", page({row("web", "app", 0, 4096)}));
    storage::NodePage bare;
    rows.say("n3", bare);
    rows.say("n3", bare);
    CHECK(
        log.lines() ==
        Lines{
            R"("Failed getting complete container metric" containerName="app" pod="shop/web" node="n1" cpuNanoseconds=0 memoryBytes=4096)",
            R"("Failed getting complete container metric" containerName="app" pod="shop/web" node="n2" cpuNanoseconds=7 memoryBytes=0)",
            R"("Failed getting complete container metric" containerName="app" pod="shop/web" node="n1" cpuNanoseconds=0 memoryBytes=4096)",
            R"("Failed getting complete node metric" node="n3" cpuNanoseconds=0 memoryBytes=0)"});
}

TEST_CASE("without -v=1 no container is said") {
    test::CapturedLog log;
    IncompleteRows rows;
    rows.say("n1", page({row("web", "app", 0, 4096)}));
    CHECK(log.lines().empty());
}

TEST_CASE("what is said of incomplete containers is bounded") {
    test::CapturedLog log{1};
    IncompleteRows rows;
    std::vector<std::string> names;
    for (int i = 0; i < 200; ++i) names.push_back(std::to_string(i));
    std::vector<storage::PageRow> many;
    for (const std::string& name : names) many.push_back(row("web", name, 0, 1));
    rows.say("n1", page(many));
    for (std::size_t i = 0; i < 2 * IncompleteRows::kMostNodes; ++i)
        rows.say("node" + std::to_string(i), page({row("web", "app", 0, 1)}));
    CHECK(log.lines().size() == IncompleteRows::kMostOfANode + IncompleteRows::kMostNodes - 1);
}

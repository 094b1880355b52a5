// SPDX-License-Identifier: Apache-2.0
// What is said of a page that was taken.
#include "scraper/node/scraped_node.hpp"

#include "test/topd/captured_log.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using scraper::ScrapedNode;
using storage::CommitResult;
using Lines = std::vector<std::string>;

namespace {

// After commits of one node with these results, and pages without a bad line.
Lines said_after(const std::vector<CommitResult>& commits) {
    test::CapturedLog log;
    const scraper::ParsedPage page;
    ScrapedNode node;
    node.id.name = "n1";
    for (const CommitResult& committed : commits) node.say(page, committed);
    return log.lines();
}

}  // namespace

TEST_CASE("rates that are left out are said with how many there were and why") {
    CommitResult too_great;
    too_great.impossible = 3;
    too_great.first_impossible.name_space = "shop";
    too_great.first_impossible.pod = "web";
    too_great.first_impossible.container = "app";
    CommitResult of_the_node;
    of_the_node.impossible = 1;
    CommitResult clock_set;
    clock_set.clock_set = 2;
    CHECK(
        said_after({too_great, of_the_node, clock_set, {}}) ==
        Lines{
            R"("Left out rates of more than twice the node's capacity" node="n1" count=3 first="shop/web/app")",
            R"("Left out rates of more than twice the node's capacity" node="n1" count=1 first="the node")",
            R"("Left out rates across a setting of the node's clock" node="n1" count=2)"});
}

TEST_CASE("a kubelet that repeats its samples is said once, and once that they move again") {
    CommitResult repeating;
    repeating.repeating = true;
    CHECK(said_after({{}, repeating, repeating, {}, {}, repeating}) ==
          Lines{R"("Kubelet repeats its samples" node="n1")", R"("Kubelet's samples move again" node="n1")",
                R"("Kubelet repeats its samples" node="n1")"});
}

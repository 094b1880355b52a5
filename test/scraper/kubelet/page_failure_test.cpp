// SPDX-License-Identifier: Apache-2.0
// Answers of status 200 that are no page: what is said of each.
#include "test/scraper/fake_kubelet.hpp"

#include <string>

#include <catch2/catch.hpp>

using scraper::Reason;
using scraper::test::Cluster;
using scraper::test::FakeKubelet;

TEST_CASE("an answer that is no page is told by what it holds") {
    struct Case {
        const char* name;
        FakeKubelet::Answer answer;
        std::string says;
    };
    const Case cases[] = {
        {"an HTML page", [](int) { return FakeKubelet::page("<!DOCTYPE html>\n<html>hello</html>\n"); },
         "no line of resource metrics: 2 lines of Content-Type text/plain; the first: \"<!DOCTYPE html>\""},
        {"JSON", [](int) { return FakeKubelet::page("{\"kind\":\"Status\"}"); },
         "1 line of Content-Type text/plain; the first: \"{\"kind\":\"Status\"}\""},
        {"another exporter's page",
         [](int) { return FakeKubelet::page("# HELP go_threads x\ngo_threads 12\nup 1\n"); },
         "; the first: \"go_threads 12\""},
        {"binary garbage", [](int) { return FakeKubelet::page(std::string("\x00\xff\x01\n{\"", 6)); },
         "no line of resource metrics: 2 lines of Content-Type text/plain; the first: \"???\""},
        {"one endless line", [](int) { return FakeKubelet::page("<html>" + std::string(20'000, 'x')); },
         "1 line of Content-Type text/plain; the first: \"<html>" + std::string(114, 'x') + "...\""},
        {"an empty page", [](int) { return FakeKubelet::page(""); },
         "the page is empty: 0 bytes of Content-Type text/plain, and no line of metrics"},
        {"a page of comments", [](int) { return FakeKubelet::page("# EOF\n\n"); },
         "the page is empty: 7 bytes of Content-Type text/plain, and no line of metrics"},
        {"times in seconds",
         [](int) {
             return FakeKubelet::page(
                 "node_cpu_usage_seconds_total 5000.25 1790000000.123\n"
                 "container_cpu_usage_seconds_total{container=\"c\",namespace=\"d\",pod=\"p\"} 1 "
                 "1790000000.1\n"
                 "container_start_time_seconds{container=\"c\",namespace=\"d\",pod=\"p\"} 1780000000.5\n");
         },
         "none of the page's figures can be read: 2 lines of resource metrics cannot be read; the first, "
         "\"node_cpu_usage_seconds_total 5000.25 1790000000.123\": its time stamp is not a positive whole "
         "number "
         "of milliseconds"},
        {"a kubelet that failed", [](int) { return FakeKubelet::page("resource_scrape_error 1\n"); },
         "the kubelet says by resource_scrape_error that it could not get them"},
        {"nothing but starts",
         [](int) {
             return FakeKubelet::page(
                 "container_start_time_seconds{container=\"c\",namespace=\"d\",pod=\"p\"} 1780000000.5\n");
         },
         "of 1 container it tells at most the start and the swap"},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            Cluster cluster;
            FakeKubelet& kubelet = cluster.kubelet();
            kubelet.answer = c.answer;
            cluster.start(cluster.options());
            cluster.put_node("n1", kubelet.port());
            REQUIRE(cluster.until([&] { return cluster.health("n1").has_value(); }));
            CHECK(cluster.health("n1")->reason() == Reason::malformed);
            CHECK_THAT(cluster.health("n1")->error(), Catch::Contains(c.says));
            CHECK_FALSE(cluster.health("n1")->hint().empty());
            CHECK(cluster.scrapes(Reason::malformed) == 1);
            CHECK(cluster.store.container_count() == 0);
        }
}

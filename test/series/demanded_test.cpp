// SPDX-License-Identifier: Apache-2.0
// Series of what pods say of themselves, by the names by which it was asked for.
#include "series/demanded.hpp"

#include "test/series/cluster.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using query::Advance;
using query::Matcher;
using series_test::Cluster;
using series_test::kStart;

namespace {

struct TickOf {
    std::string pod;
    std::string metric;
    std::int64_t milli = 0;
    std::string selector = {};
};

// Pods of shop on n1.
void put_figures(Cluster& cluster, std::int64_t second, const std::vector<TickOf>& ticks) {
    cluster.figures.begin_tick(kStart + second);
    for (const TickOf& each : ticks)
        cluster.figures.put({"shop", each.pod}, {each.metric, each.selector}, each.milli);
}

std::string series_of(const std::string& metric, const std::string& more, const std::string& pod = "web-0") {
    return "{__name__=\"" + metric +
           "\", instance=\"n1\", job=\"topd\", namespace=\"shop\", node=\"n1\", pod=\"" + pod + "\"" + more +
           "} ";
}

Cluster& with_pods(Cluster& cluster) {
    cluster.figures_on = true;
    cluster.put_node("n1");
    for (const char* const pod : {"web-0", "web-1"}) cluster.put_pod("shop", pod);
    cluster.begin(15);
    for (const char* const pod : {"web-0", "web-1"}) cluster.pod("n1", "shop", pod, {{"main", 100, 64}});
    cluster.end();
    return cluster;
}

}  // namespace

TEST_CASE("a metric in demand is a gauge of its pod, with its node") {
    Cluster cluster;
    with_pods(cluster);
    for (std::int64_t second = 15; second <= 60; second += 15)
        put_figures(cluster, second,
                    {{"web-0", "http_requests_per_second", second * 100}, {"web-1", "jobs", -500}});
    CHECK(cluster.ask("http_requests_per_second", 60) == series_of("http_requests_per_second", "") + "6\n");
    CHECK(cluster.ask("jobs{namespace='shop',pod=~'web-1|web-2'}", 60) ==
          series_of("jobs", "", "web-1") + "-0.5\n");
    CHECK(cluster.range("http_requests_per_second", 15, 60, 15) ==
          series_of("http_requests_per_second", "") +
              "1.5@1800000015 3@1800000030 4.5@1800000045 6@1800000060\n");
    for (const char* const none :
         {"jobs{namespace='other'}", "jobs{pod='web-0'}", "jobs{node='n2'}", "jobs{job='other'}", "nothing",
          "jobs{instance!='n1'}", "jobs{namespace='',pod='web-1'}", "jobs{selector!=''}"}) {
        CAPTURE(none);
        CHECK(cluster.ask(none, 60).empty());
    }
    CHECK(cluster.ask("count({__name__=~'jobs|http.*',node='n1',pod=~'web-.'})", 60) == "{} 2\n");
    cluster.figures_on = false;
    CHECK(cluster.ask("http_requests_per_second", 60).empty());
}

TEST_CASE("a tick without a figure ends its value, until there is one again") {
    Cluster cluster;
    with_pods(cluster);
    for (std::int64_t second = 15; second <= 120; second += 15) {
        const bool is_there = second <= 45 || second == 90;
        put_figures(cluster, second,
                    is_there ? std::vector<TickOf>{{"web-0", "jobs", second}} : std::vector<TickOf>{});
    }
    CHECK(cluster.range("jobs * 1000", 15, 120, 15) ==
          "{instance=\"n1\", job=\"topd\", namespace=\"shop\", node=\"n1\", pod=\"web-0\"} "
          "15@1800000015 30@1800000030 45@1800000045 90@1800000090\n");
    CHECK_FALSE(cluster.ask("jobs", 59).empty());
    CHECK(cluster.ask("jobs", 60).empty());
    CHECK(cluster.ask("max_over_time(jobs[2m])", 120).ends_with("} 0.09\n"));
}

TEST_CASE("demands of other series are other series, by their selector") {
    Cluster cluster;
    with_pods(cluster);
    put_figures(cluster, 15,
                {{"web-0", "requests", 7000},
                 {"web-0", "requests", 2000, "code=500"},
                 {"web-0", "requests", 3000, "verb in (GET,PUT)"}});
    CHECK(cluster.ask("requests{selector='code=500'}", 15) ==
          series_of("requests", ", selector=\"code=500\"") + "2\n");
    CHECK(cluster.ask("requests{selector=''}", 15) == series_of("requests", "") + "7\n");
    CHECK(cluster.ask("count(requests)", 15) == "{} 3\n");
}

TEST_CASE("topd's own names win over those of pods, and what is no name of Prometheus is left out") {
    Cluster cluster;
    with_pods(cluster);
    const std::vector<std::string> hidden{"up",
                                          "container_memory_working_set_bytes",
                                          "node_boot_time_seconds",
                                          "kube_pod_info",
                                          "http-requests",
                                          "9lives",
                                          "größe",
                                          "a.b"};
    const std::vector<std::string> shown{"http_requests", "job:requests:rate1m", "_x", "upper", "u"};
    std::vector<TickOf> all;
    for (const auto* const names : {&hidden, &shown})
        for (const std::string& name : *names) all.push_back({"web-1", name, 42'000});
    put_figures(cluster, 15, all);
    for (const std::string& name : hidden) {
        CAPTURE(name);
        CHECK_FALSE(series::is_shown(name));
        CHECK(cluster.ask("{__name__='" + name + "'} == 42", 15).empty());
    }
    CHECK_FALSE(series::is_shown(""));
    for (const std::string& name : shown)
        CHECK(cluster.ask(name, 15) == series_of(name, "", "web-1") + "42\n");
    CHECK(series::demanded_names(cluster.figures) ==
          std::vector<std::string>{"_x", "http_requests", "job:requests:rate1m", "u", "upper"});
    CHECK(cluster.ask("count({__name__=~'.+',pod='web-1'} == 42)", 15) == "{} 5\n");
}

TEST_CASE("a pod that history has no room for has its metrics, without a node") {
    Cluster cluster;
    cluster.figures_on = true;
    put_figures(cluster, 15, {{"web-7", "jobs", 1000}});
    CHECK(cluster.ask("jobs", 15) ==
          "{__name__=\"jobs\", job=\"topd\", namespace=\"shop\", pod=\"web-7\"} 1\n");
}

TEST_CASE("a walk over many pods rests, and what a namespace and a pod name is looked up alone") {
    Cluster cluster;
    cluster.figures_on = true;
    cluster.figures.begin_tick(kStart + 15);
    for (int i = 0; i < 1000; ++i)
        for (const char* const name_space : {"shop", "bank"})
            cluster.figures.put({name_space, "web-" + std::to_string(i)}, {i == 999 ? "late" : "jobs", {}},
                                1000);
    struct Walked {
        int series = 0;
        int pauses = 0;
    };
    const auto walk = [&](std::vector<std::pair<std::string, std::string>> labels) {
        std::vector<Matcher> matchers;
        for (const auto& [label, value] : labels) matchers.push_back(Matcher::equal(label, value));
        const auto cursor =
            series::select_demanded(cluster.figures, cluster.history, matchers, {0, (kStart + 60) * 1000});
        Walked walked;
        for (Advance advance = cursor->next(); advance != Advance::end; advance = cursor->next())
            ++(advance == Advance::series ? walked.series : walked.pauses);
        return walked;
    };
    CHECK(walk({{"__name__", "late"}}).series == 2);
    CHECK(walk({{"__name__", "late"}}).pauses > 4);
    CHECK(walk({{"__name__", "late"}, {"namespace", "shop"}}).series == 1);
    CHECK(walk({{"__name__", "late"}, {"namespace", "shop"}, {"pod", "web-999"}}).series == 1);
    CHECK(walk({{"__name__", "late"}, {"namespace", "shop"}, {"pod", "web-999"}}).pauses == 0);
    CHECK(walk({{"__name__", "none"}}).pauses == 0);
    CHECK(walk({{"__name__", "jobs"}}).series == 1998);
}

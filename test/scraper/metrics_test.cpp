// SPDX-License-Identifier: Apache-2.0
#include "scraper/metrics.hpp"

#include "scraper/node/request_durations.hpp"
#include "test/scraper/fake_kubelet.hpp"

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using scraper::Reason;
using scraper::test::Cluster;
using scraper::test::FakeKubelet;

namespace {

std::string page_of(const scraper::Scraper& scraper) {
    telemetry::MetricsPage page;
    add_metrics(page, scraper);
    telemetry::MetricsPage::Reader reader{page};
    std::string text;
    while (reader.next(text, 1)) {
    }
    return text;
}

std::size_t count(std::string_view text, std::string_view part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

// A node whose scrapes fail at once: it has no address.
void put_bad_node(Cluster& cluster, const std::string& name) {
    kube::Node node;
    node.name = name;
    cluster.scraper->nodes().put(node);
}

bool all_asked(Cluster& cluster, std::size_t nodes) {
    return cluster.until([&] { return cluster.scraper->stats().failing == nodes; });
}

constexpr std::string_view kLast = "metrics_server_kubelet_last_request_time_seconds{node=\"";

}  // namespace

TEST_CASE("the scraper's page before anything was scraped") {
    Cluster cluster;
    auto options = cluster.options();
    options.resolution = 15s;
    cluster.scraper =
        std::make_unique<scraper::Scraper>(cluster.context.get_executor(), options, cluster.store);
    cluster.put_node("n1", 1);
    CHECK(
        page_of(*cluster.scraper) ==
        R"(# HELP metrics_server_manager_tick_duration_seconds [ALPHA] The total time spent collecting and storing metrics in seconds.
# TYPE metrics_server_manager_tick_duration_seconds histogram
metrics_server_manager_tick_duration_seconds_bucket{le="0.005"} 0
metrics_server_manager_tick_duration_seconds_bucket{le="0.01"} 0
metrics_server_manager_tick_duration_seconds_bucket{le="0.025"} 0
metrics_server_manager_tick_duration_seconds_bucket{le="0.05"} 0
metrics_server_manager_tick_duration_seconds_bucket{le="0.1"} 0
metrics_server_manager_tick_duration_seconds_bucket{le="0.25"} 0
metrics_server_manager_tick_duration_seconds_bucket{le="0.5"} 0
metrics_server_manager_tick_duration_seconds_bucket{le="1"} 0
metrics_server_manager_tick_duration_seconds_bucket{le="2.5"} 0
metrics_server_manager_tick_duration_seconds_bucket{le="5"} 0
metrics_server_manager_tick_duration_seconds_bucket{le="10"} 0
metrics_server_manager_tick_duration_seconds_bucket{le="12.5"} 0
metrics_server_manager_tick_duration_seconds_bucket{le="15"} 0
metrics_server_manager_tick_duration_seconds_bucket{le="22.5"} 0
metrics_server_manager_tick_duration_seconds_bucket{le="30"} 0
metrics_server_manager_tick_duration_seconds_bucket{le="+Inf"} 0
metrics_server_manager_tick_duration_seconds_sum 0
metrics_server_manager_tick_duration_seconds_count 0
# HELP metrics_server_kubelet_request_total [ALPHA] Number of requests sent to Kubelet API
# TYPE metrics_server_kubelet_request_total counter
metrics_server_kubelet_request_total{success="false"} 0
metrics_server_kubelet_request_total{success="true"} 0
# HELP topd_kubelet_scrape_errors_total Scrapes that gave no page, by reason: target is an unusable address, unsupported a kubelet without the page.
# TYPE topd_kubelet_scrape_errors_total counter
topd_kubelet_scrape_errors_total{reason="target"} 0
topd_kubelet_scrape_errors_total{reason="resolve"} 0
topd_kubelet_scrape_errors_total{reason="connect"} 0
topd_kubelet_scrape_errors_total{reason="tls"} 0
topd_kubelet_scrape_errors_total{reason="certificate_authority"} 0
topd_kubelet_scrape_errors_total{reason="certificate_expired"} 0
topd_kubelet_scrape_errors_total{reason="certificate_name"} 0
topd_kubelet_scrape_errors_total{reason="certificate_usage"} 0
topd_kubelet_scrape_errors_total{reason="certificate_pin"} 0
topd_kubelet_scrape_errors_total{reason="timeout"} 0
topd_kubelet_scrape_errors_total{reason="http_status"} 0
topd_kubelet_scrape_errors_total{reason="unsupported"} 0
topd_kubelet_scrape_errors_total{reason="too_large"} 0
topd_kubelet_scrape_errors_total{reason="malformed"} 0
# HELP topd_kubelet_bad_lines_total Lines of kubelets' pages that could not be read and were skipped.
# TYPE topd_kubelet_bad_lines_total counter
topd_kubelet_bad_lines_total 0
# HELP topd_kubelet_rows_left_out_total Containers on kubelets' pages that were not taken: foreign belongs to another node's pod, over_limit to one of too many unknown pods, nameless has no full name, twice has lines that contradict each other (the node's own, too).
# TYPE topd_kubelet_rows_left_out_total counter
topd_kubelet_rows_left_out_total{reason="foreign"} 0
topd_kubelet_rows_left_out_total{reason="nameless"} 0
topd_kubelet_rows_left_out_total{reason="over_limit"} 0
topd_kubelet_rows_left_out_total{reason="twice"} 0
# HELP topd_rates_left_out_total Rates that are not served: clock_set is across a setting of the node's clock, impossible more than twice the node's capacity.
# TYPE topd_rates_left_out_total counter
topd_rates_left_out_total{reason="clock_set"} 0
topd_rates_left_out_total{reason="impossible"} 0
# HELP topd_nodes_repeating_samples Nodes whose pages come and have shown nothing new for a long time.
# TYPE topd_nodes_repeating_samples gauge
topd_nodes_repeating_samples 0
# HELP topd_kubelet_scrapes_late_total Scrapes that were sent more than 100 ms after they were due.
# TYPE topd_kubelet_scrapes_late_total counter
topd_kubelet_scrapes_late_total 0
# HELP topd_kubelet_scrape_worst_delay_seconds The longest time by which a scrape was sent too late, since the start.
# TYPE topd_kubelet_scrape_worst_delay_seconds gauge
topd_kubelet_scrape_worst_delay_seconds 0
# HELP topd_kubelet_scrapes_skipped_total Scrapes that were not sent because the node's last one was still running.
# TYPE topd_kubelet_scrapes_skipped_total counter
topd_kubelet_scrapes_skipped_total 0
# HELP topd_kubelet_scrapes_extra_total Scrapes that were sent before their time, to nodes with new containers.
# TYPE topd_kubelet_scrapes_extra_total counter
topd_kubelet_scrapes_extra_total 0
# HELP topd_kubelet_scrapes_running Scrapes under way.
# TYPE topd_kubelet_scrapes_running gauge
topd_kubelet_scrapes_running 0
# HELP topd_nodes Nodes by what came of their last scrape; pending: there was none yet.
# TYPE topd_nodes gauge
topd_nodes{state="failing"} 0
topd_nodes{state="ok"} 0
topd_nodes{state="pending"} 1
topd_nodes{state="unsupported"} 0
# HELP metrics_server_kubelet_request_duration_seconds [ALPHA] Duration of requests to Kubelet API in seconds
# TYPE metrics_server_kubelet_request_duration_seconds histogram
# HELP metrics_server_kubelet_last_request_time_seconds [ALPHA] Time of last request performed to Kubelet API since unix epoch in seconds
# TYPE metrics_server_kubelet_last_request_time_seconds gauge
)");
}

TEST_CASE("requests to kubelets are counted by success and by node") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    kubelet.answer = [](int n) {
        return n == 1 ? FakeKubelet::status(500, "no") : FakeKubelet::page(scraper::test::page_text(n));
    };
    cluster.start(cluster.options());
    cluster.put_node("n1", kubelet.port());
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::ok) == 2; }));
    const std::string page = page_of(*cluster.scraper);
    CHECK(count(page, "metrics_server_kubelet_request_total{success=\"false\"} 1\n") == 1);
    CHECK(count(page, "metrics_server_kubelet_request_total{success=\"true\"} 2\n") == 1);
    CHECK(count(page, "topd_kubelet_scrape_errors_total{reason=\"http_status\"} 1\n") == 1);
    CHECK(count(page, "topd_nodes{state=\"ok\"} 1\n") == 1);
    CHECK(count(page, "metrics_server_kubelet_request_duration_seconds_bucket{node=\"n1\",le=\"") == 12);
    CHECK(count(page,
                "metrics_server_kubelet_request_duration_seconds_bucket{node=\"n1\",le=\"+Inf\"} 3\n") == 1);
    CHECK(count(page, "metrics_server_kubelet_request_duration_seconds_count{node=\"n1\"} 3\n") == 1);
    CHECK(count(page, std::string{kLast} + "n1\"} 1") == 1);
}

TEST_CASE("durations fall into the buckets of Go's clients") {
    scraper::RequestDurations requests;
    const std::chrono::system_clock::time_point at{1'795'361'486'900ms};
    for (const auto took : {5'000'000ns, 5'000'001ns, 10'000'000'000ns, 10'000'000'001ns})
        requests.add(took, at);
    CHECK(requests.counts == std::array<std::uint32_t, 12>{1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1});
    CHECK(requests.sum == Approx(20.010000002));
    CHECK(requests.last == 1'795'361'486);
}

TEST_CASE("a node's series go with the node and its state with it") {
    Cluster cluster;
    cluster.start(cluster.options());
    put_bad_node(cluster, "n1");
    put_bad_node(cluster, "n2");
    REQUIRE(all_asked(cluster, 2));
    CHECK(count(page_of(*cluster.scraper), "node=\"n1\"") == 15);
    cluster.remove_node("n1");
    const std::string page = page_of(*cluster.scraper);
    CHECK(count(page, "node=\"n1\"") == 0);
    CHECK(count(page, "node=\"n2\"") == 15);
    CHECK(count(page, "topd_nodes{state=\"failing\"} 1\n") == 1);
    cluster.put_node("n2", 1);
    CHECK(count(page_of(*cluster.scraper), "topd_nodes{state=\"pending\"} 1\n") == 1);
}

TEST_CASE("a page that is read while nodes come and go has each series at most once") {
    Cluster cluster;
    cluster.start(cluster.options());
    for (const char* name : {"b", "c", "d", "f"}) put_bad_node(cluster, name);
    REQUIRE(all_asked(cluster, 4));
    telemetry::MetricsPage page;
    add_metrics(page, *cluster.scraper);
    telemetry::MetricsPage::Reader reader{page};
    std::string text;
    const auto read_until = [&](std::string_view part) {
        while (text.find(part) == std::string::npos) REQUIRE(reader.next(text, 1));
    };
    read_until(std::string{kLast} + "c\"}");
    // The one that was read last, and the next.
    cluster.remove_node("c");
    cluster.remove_node("d");
    put_bad_node(cluster, "a");
    put_bad_node(cluster, "e");
    REQUIRE(all_asked(cluster, 4));
    while (reader.next(text, 1)) {
    }
    std::string order;
    for (std::size_t at = text.find(kLast); at != std::string::npos; at = text.find(kLast, at + 1))
        order += text.at(at + kLast.size());
    CHECK(order == "bcef");
    CHECK(count(text, "# TYPE metrics_server_kubelet_last_request_time_seconds gauge\n") == 1);
}

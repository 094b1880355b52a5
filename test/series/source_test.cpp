// SPDX-License-Identifier: Apache-2.0
// Series of a history told by hand. Values are worked out by hand.
#include "test/series/cluster.hpp"

#include <sstream>
#include <vector>

#include <catch2/catch.hpp>

using series_test::Cluster;
using series_test::kStart;

namespace {

// A pod with two containers on n1, from tick 15 to `last`, 100 and 200 millicores; `main` begins anew at
// `again`.
void live(Cluster& cluster, std::int64_t last, std::int64_t again = INT64_MAX) {
    cluster.put_node("n1");
    cluster.put_pod("shop", "web-0");
    for (std::int64_t second = 15; second <= last; second += 15) {
        cluster.begin(second);
        const std::uint8_t life = second < again ? 1 : 2;
        cluster.pod("n1", "shop", "web-0", {{"main", 100, 64, life}, {"proxy", 200, 32}});
        cluster.node("n1", 1000, 4096);
        cluster.end();
    }
}

// The values of the only series in an answer over a range.
std::vector<double> values(const std::string& answer) {
    std::istringstream words{answer.substr(answer.find('}') + 1)};
    std::vector<double> all;
    for (std::string word; words >> word;) all.push_back(std::stod(word));
    return all;
}

// The value of an answer of one series, whose labels are these.
double value_of(const std::string& answer, const std::string& labels) {
    INFO(answer);
    REQUIRE(answer.substr(0, answer.find('}') + 1) == labels);
    const auto all = values(answer);
    REQUIRE(all.size() == 1);
    return all[0];
}

}  // namespace

TEST_CASE("a container's series have the labels that tools ask for") {
    Cluster cluster;
    live(cluster, 60);
    CHECK(
        cluster.ask("container_memory_working_set_bytes{container='main'}", 60) ==
        "{__name__=\"container_memory_working_set_bytes\", container=\"main\", image=\"-\", instance=\"n1\", "
        "job=\"topd\", namespace=\"shop\", node=\"n1\", pod=\"web-0\"} 67108864\n");
    CHECK(cluster.ask("container_start_time_seconds{container='main'} - " + std::to_string(kStart), 60) ==
          "{container=\"main\", image=\"-\", instance=\"n1\", job=\"topd\", namespace=\"shop\", node=\"n1\", "
          "pod=\"web-0\"} 1\n");
    CHECK(cluster.ask("pod_memory_working_set_bytes", 60) ==
          "{__name__=\"pod_memory_working_set_bytes\", instance=\"n1\", job=\"topd\", namespace=\"shop\", "
          "node=\"n1\", pod=\"web-0\"} 100663296\n");
    CHECK(cluster.ask("node_memory_working_set_bytes", 60) ==
          "{__name__=\"node_memory_working_set_bytes\", instance=\"n1\", job=\"topd\", node=\"n1\"} "
          "4294967296\n");
    CHECK(cluster.ask("container_swap_usage_bytes", 60).empty());
    CHECK(cluster.ask("up{job='other'}", 60).empty());
    CHECK(cluster.ask("count({__name__=~'.+'})", 60) == "{} 11\n");
}

TEST_CASE("what Headlamp asks of a pod is what the pod used") {
    Cluster cluster;
    live(cluster, 300);
    const std::string cpu =
        "sum(rate(container_cpu_usage_seconds_total{container!='',namespace='shop',pod='web-0'}[1m])) by "
        "(pod,namespace)";
    CHECK(value_of(cluster.ask(cpu, 302), "{namespace=\"shop\", pod=\"web-0\"}") == Approx(0.3));
    CHECK(cluster.ask(
              "sum(container_memory_working_set_bytes{namespace='shop',pod=~'web-.*'}) by (pod, namespace)",
              302) == "{namespace=\"shop\", pod=\"web-0\"} 100663296\n");
}

TEST_CASE("a counter falls with its container's life, and a pod's does not") {
    Cluster cluster;
    live(cluster, 300, 150);
    const auto main =
        values(cluster.range("container_cpu_usage_seconds_total{container='main'}", 120, 180, 15));
    CHECK_THAT(main, Catch::Approx(std::vector<double>{12, 13.5, 1.5, 3, 4.5}));
    const auto pod = values(cluster.range("pod_cpu_usage_seconds_total", 120, 180, 15));
    REQUIRE(pod.size() == 5);
    for (std::size_t i = 1; i < pod.size(); ++i) CHECK(pod[i] - pod[i - 1] == Approx(4.5));
    CHECK(value_of(cluster.ask("rate(pod_cpu_usage_seconds_total[2m])", 200),
                   "{instance=\"n1\", job=\"topd\", namespace=\"shop\", node=\"n1\", pod=\"web-0\"}") ==
          Approx(0.3));
}

TEST_CASE("a container that comes later does not lift its pod's counter at once") {
    Cluster cluster;
    cluster.put_node("n1");
    cluster.put_pod("shop", "web-0");
    for (std::int64_t second = 15; second <= 300; second += 15) {
        cluster.begin(second);
        // proxy is away for five ticks.
        const bool both = second <= 120 || second > 195;
        if (both)
            cluster.pod("n1", "shop", "web-0", {{"main", 100, 64}, {"proxy", 200, 32}});
        else
            cluster.pod("n1", "shop", "web-0", {{"main", 100, 64}});
        cluster.end();
    }
    const auto pod = values(cluster.range("pod_cpu_usage_seconds_total", 105, 225, 15));
    REQUIRE(pod.size() == 9);
    for (std::size_t i = 1; i < pod.size(); ++i) CHECK(pod[i] >= pod[i - 1]);
    CHECK(pod[2] - pod[1] == Approx(1.5));
    CHECK(pod[8] - pod[7] == Approx(4.5));
    // What proxy used while it was away counts with its next point, as in its own counter.
    CHECK(pod[7] - pod[6] == Approx(1.5 + 6 * 3));
    CHECK(cluster.ask("pod_memory_working_set_bytes", 150).find("} 67108864\n") != std::string::npos);
}

TEST_CASE("a value ends at the tick at which nothing is served any more") {
    Cluster cluster;
    live(cluster, 60);
    for (std::int64_t second = 75; second <= 120; second += 15) {
        cluster.begin(second);
        cluster.node("n1", 1000, 4096);
        cluster.end();
    }
    CHECK_FALSE(cluster.ask("container_memory_working_set_bytes", 74).empty());
    CHECK(cluster.ask("container_memory_working_set_bytes", 76).empty());
    CHECK(cluster.ask("pod_cpu_usage_seconds_total", 76).empty());
    // The marks of an end are no samples.
    CHECK(cluster.ask("count(rate(container_cpu_usage_seconds_total[2m]))", 130) == "{} 2\n");
}

TEST_CASE("a figure that is told no more ends, though its container goes on") {
    Cluster cluster;
    cluster.put_node("n1");
    cluster.put_pod("shop", "web-0");
    for (std::int64_t second = 15; second <= 120; second += 15) {
        cluster.begin(second);
        const auto swap = second <= 60 ? std::optional<std::uint64_t>{8192} : std::nullopt;
        cluster.pod("n1", "shop", "web-0", {{"main", 100, 64, 1, swap}});
        cluster.end();
    }
    CHECK(values(cluster.ask("container_swap_usage_bytes", 74)) == std::vector<double>{8192});
    CHECK(cluster.ask("container_swap_usage_bytes", 75).empty());
    CHECK(values(cluster.ask("container_memory_working_set_bytes", 120)).size() == 1);
}

TEST_CASE("up is 1 with figures, 0 without them, and ends with the node") {
    Cluster cluster;
    cluster.put_node("n1");
    cluster.put_node("n2");
    for (std::int64_t second = 15; second <= 120; second += 15) {
        cluster.begin(second);
        if (second <= 45 || second > 75) cluster.node("n1", 1, 1);
        if (second <= 75) cluster.node("n2", 1, 1);
        cluster.end();
    }
    CHECK(values(cluster.range("up{node='n1'}", 15, 120, 15)) == std::vector<double>{1, 1, 1, 0, 0, 1, 1, 1});
    CHECK(values(cluster.range("up{node='n2'}", 15, 120, 15)) == std::vector<double>{1, 1, 1, 1, 1, 0, 0, 0});
    cluster.store.remove_node("n2");
    CHECK(values(cluster.range("up{node='n2'}", 15, 120, 15)) == std::vector<double>{1, 1, 1, 1, 1});
}

TEST_CASE("up stays 0 for as long as a node is silent, also beyond the lookback") {
    Cluster cluster;
    cluster.put_node("n1");
    cluster.put_node("n2");
    for (std::int64_t second = 15; second <= 1800; second += 15) {
        cluster.begin(second);
        cluster.node("n1", 1, 1);
        if (second <= 45) cluster.node("n2", 1, 1);
        cluster.end();
    }
    CHECK(values(cluster.ask("up{node='n2'}", 1800)) == std::vector<double>{0});
    CHECK(values(cluster.range("up{node='n2'}", 1740, 1800, 15)) == std::vector<double>{0, 0, 0, 0, 0});
    CHECK(values(cluster.ask("up{node='n1'}", 1800)) == std::vector<double>{1});
    cluster.store.remove_node("n2");
    CHECK(cluster.ask("up{node='n2'}", 1800).empty());
}

TEST_CASE("both tiers are one series, the older part at five minutes") {
    storage::history::HistoryOptions options;
    options.recent_window = std::chrono::minutes{10};
    Cluster cluster{options};
    live(cluster, 7200);
    const series::Source source{cluster.history, cluster.store, {}};
    std::vector<query::Matcher> matchers;
    matchers.push_back(query::Matcher::equal("__name__", "container_cpu_usage_seconds_total"));
    matchers.push_back(query::Matcher::equal("pod", "web-0"));
    const auto cursor = source.select(matchers, {0, (kStart + 7200) * 1000});
    std::vector<query::Sample> samples;
    REQUIRE(cursor->next() == query::Advance::series);
    cursor->samples(samples);
    // 22 buckets, then 40 ticks.
    REQUIRE(samples.size() == 62);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto second = static_cast<double>(samples[i].at) / 1000 - static_cast<double>(kStart);
        CHECK(samples[i].value == Approx(0.1 * second));
        if (i > 0) CHECK(samples[i].at - samples[i - 1].at == (i < 22 ? 300'000 : 15'000));
    }
    CHECK(
        values(cluster.range("rate(container_cpu_usage_seconds_total{container='main'}[1m])", 600, 7200, 345))
            .size() == 20);
}

TEST_CASE("objects that are watched have kube-state-metrics' series, and there are none when they are not") {
    Cluster cluster;
    live(cluster, 60);
    const std::vector<storage::Quantity> requests{{"cpu", 250}, {"memory", 1024}, {"nvidia.com/gpu", 2}};
    const std::vector<storage::Quantity> capacity{{"cpu", 4000}, {"ephemeral-storage", 99}};
    const std::vector<storage::ContainerObject> containers{{"main", "registry/web:1", false, requests, {}}};
    storage::PodObject pod;
    pod.name_space = "shop";
    pod.name = "web-0";
    pod.uid = "u-1";
    pod.node = "n1";
    pod.pod_ip = "10.0.0.7";
    pod.created_by_kind = "ReplicaSet";
    pod.containers = containers;
    cluster.objects.put_pod(pod);
    cluster.objects.put_node({"n1", capacity, capacity});
    CHECK(cluster.ask("{__name__=~'kube.*'}", 60).empty());
    const auto ask = [&](const std::string& query) { return cluster.ask(query, 60, true); };
    CHECK(ask("kube_pod_container_resource_requests{resource='cpu'}") ==
          "{__name__=\"kube_pod_container_resource_requests\", container=\"main\", instance=\"n1\", "
          "job=\"topd\", "
          "namespace=\"shop\", node=\"n1\", pod=\"web-0\", resource=\"cpu\", uid=\"u-1\", unit=\"core\"} "
          "0.25\n");
    CHECK(
        ask("kube_pod_container_resource_requests{resource='memory',unit='byte'} + 1").ends_with("} 1025\n"));
    CHECK(ask("kube_pod_container_resource_requests{resource='nvidia_com_gpu',unit='integer'} + 1")
              .ends_with("} 3\n"));
    CHECK(ask("kube_pod_container_resource_limits").empty());
    CHECK(ask("kube_node_status_capacity{resource='ephemeral_storage'}") ==
          "{__name__=\"kube_node_status_capacity\", instance=\"n1\", job=\"topd\", node=\"n1\", "
          "resource=\"ephemeral_storage\", unit=\"byte\"} 99\n");
    CHECK(ask("kube_node_status_allocatable{resource='cpu'} * 2").find("} 8\n") != std::string::npos);
    CHECK(ask("kube_pod_info") ==
          "{__name__=\"kube_pod_info\", created_by_kind=\"ReplicaSet\", instance=\"n1\", job=\"topd\", "
          "namespace=\"shop\", node=\"n1\", pod=\"web-0\", pod_ip=\"10.0.0.7\", uid=\"u-1\"} 1\n");
    CHECK(ask("kubelet_running_pods").find("} 1\n") != std::string::npos);
    CHECK(ask("container_cpu_usage_seconds_total{container='main'}").find("image=\"registry/web:1\"") !=
          std::string::npos);
    CHECK(ask("container_cpu_usage_seconds_total{container='proxy'}").find("image=\"-\"") !=
          std::string::npos);
    CHECK(ask("count(container_cpu_usage_seconds_total{image!=''})") == "{} 2\n");
}

TEST_CASE("what summaries told has cAdvisor's names, and is not there without them") {
    using namespace storage::stats;
    Cluster cluster;
    live(cluster, 900);
    for (std::int64_t second = 60; second <= 960; second += 60) {
        const auto used = static_cast<std::uint64_t>(second);
        StatsPage page;
        page.kubelet_time = kStart + second;
        Pod pod;
        pod.name_space = "shop";
        pod.name = "web-0";
        pod.started = kStart;
        pod.network = {kStart + second, used * 1000, used * 100, 0, 0};
        Container main;
        main.name = "main";
        main.started = kStart;
        main.memory = {kStart + second, 8192, 4096, 0, 0};
        main.rootfs_used = 40'960;
        main.logs_used = 8192;
        pod.containers = {main};
        Volume data;
        data.name = "data";
        data.claim = "claim-0";
        data.filesystem = {81'920, 819'200, 737'280, 10, 5};
        pod.volumes = {data};
        page.pods = {pod};
        cluster.stats.commit("n1", page, kStart + second, [](auto, auto) { return true; });
    }
    CHECK(cluster.ask("container_memory_rss", 900).empty());
    cluster.stats_on = true;
    const std::string rate = cluster.ask(
        "sum(rate(container_network_receive_bytes_total{namespace='shop',pod='web-0'}[5m]))"
        " by (pod,namespace)",
        895);
    CHECK(value_of(rate, "{namespace=\"shop\", pod=\"web-0\"}") == Approx(1000));
    CHECK(value_of(cluster.ask("rate(container_network_transmit_bytes_total[5m])", 895),
                   "{instance=\"n1\", job=\"topd\", namespace=\"shop\", node=\"n1\", pod=\"web-0\"}") ==
          Approx(100));
    const auto value = [&](const std::string& query) { return values(cluster.ask(query, 895)); };
    CHECK(value("container_memory_rss") == std::vector<double>{4096});
    CHECK(value("container_memory_usage_bytes{image!='',container!=''}") == std::vector<double>{8192});
    CHECK(value("container_fs_usage_bytes") == std::vector<double>{49'152});
    CHECK(value_of(cluster.ask("kubelet_volume_stats_used_bytes", 895),
                   "{__name__=\"kubelet_volume_stats_used_bytes\", instance=\"n1\", job=\"topd\", "
                   "namespace=\"shop\", node=\"n1\", persistentvolumeclaim=\"claim-0\"}") == 81'920);
    CHECK(value("kubelet_volume_stats_capacity_bytes") == std::vector<double>{819'200});
}

TEST_CASE("a claim goes from one pod to the next as one series, whoever's name comes first") {
    using namespace storage::stats;
    Cluster cluster;
    cluster.stats_on = true;
    cluster.put_node("n1");
    cluster.put_pod("shop", "db-a");
    cluster.put_pod("shop", "db-b");
    const auto told_by = [](const std::string& name, std::uint64_t used) {
        Pod pod;
        pod.name_space = "shop";
        pod.name = name;
        pod.started = kStart;
        Volume data;
        data.name = "data";
        data.claim = "claim-0";
        data.filesystem = {used, 819'200, 737'280, 10, 5};
        pod.volumes = {data};
        return pod;
    };
    for (std::int64_t second = 15; second <= 1800; second += 15) {
        // For some minutes both are there.
        const bool has_old = second <= 900, has_new = second > 600;
        cluster.begin(second);
        if (has_old) cluster.pod("n1", "shop", "db-a", {{"main", 1, 1}});
        if (has_new) cluster.pod("n1", "shop", "db-b", {{"main", 1, 1}});
        cluster.end();
        if (second % 60 != 0) continue;
        StatsPage page;
        page.kubelet_time = kStart + second;
        if (has_old) page.pods.push_back(told_by("db-a", 40'960));
        if (has_new) page.pods.push_back(told_by("db-b", 81'920));
        cluster.stats.commit("n1", page, kStart + second, [](auto, auto) { return true; });
    }
    const std::string used = "kubelet_volume_stats_used_bytes";
    CHECK(values(cluster.ask(used, 540)) == std::vector<double>{40'960});
    // Of two that tell of a time the one counts that tells longer.
    CHECK(values(cluster.ask("min_over_time(" + used + "[5m])", 1080)) == std::vector<double>{81'920});
    CHECK(values(cluster.ask(used, 1740)) == std::vector<double>{81'920});
    CHECK(values(cluster.ask("count(" + used + ")", 960)) == std::vector<double>{1});
    // It has no label `pod`: a matcher of it sees an empty one.
    CHECK(values(cluster.ask(used + "{pod!='db-b'}", 1740)) == std::vector<double>{81'920});
    CHECK(values(cluster.ask(used + "{pod=''}", 540)) == std::vector<double>{40'960});
    CHECK(cluster.ask(used + "{pod='db-b'}", 1740).empty());
    CHECK(values(cluster.ask(used + "{namespace='shop'}", 1740)) == std::vector<double>{81'920});
}

TEST_CASE("names of node-exporter are there by their flag alone, where their source is") {
    Cluster cluster;
    live(cluster, 960);
    const std::vector<storage::Quantity> capacity{{"cpu", 4000}, {"memory", 6ULL << 30}};
    const std::vector<storage::Quantity> allocatable{{"memory", 5ULL << 30}};
    cluster.objects.put_node({"n1", capacity, allocatable});
    storage::stats::StatsPage page;
    for (std::int64_t second = 840; second <= 960; second += 60) {
        page.kubelet_time = kStart + second;
        page.node.started = kStart - 86'400;
        page.node.memory = {kStart + second, 8192, 4096, 0, 0};
        cluster.stats.commit("n1", page, kStart + second, [](auto, auto) { return true; });
    }
    const std::string ours = "{__name__=~'node_(boot_time|memory_Mem|cpu_seconds).*'}";
    cluster.stats_on = true;
    CHECK(cluster.ask(ours, 900, true).empty());
    cluster.node_exporter = true;
    const std::string labels = "instance=\"n1\", job=\"topd\", node=\"n1\"}";
    // Of 6 GiB 4 are working set.
    CHECK(cluster.ask("node_memory_MemAvailable_bytes", 900, true) ==
          "{__name__=\"node_memory_MemAvailable_bytes\", " + labels + " 2147483648\n");
    CHECK(cluster.ask("node_memory_MemTotal_bytes", 900, true) ==
          "{__name__=\"node_memory_MemTotal_bytes\", " + labels + " 6442450944\n");
    CHECK(value_of(cluster.ask("1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes", 900, true),
                   "{" + labels) == Approx(4.0 / 6));
    CHECK(value_of(cluster.ask("time() - node_boot_time_seconds", 900, true), "{" + labels) == 86'400 + 900);
    // No share of modes is known, and none is made up.
    CHECK(cluster.ask("count(" + ours + ")", 900, true) == "{} 3\n");
    CHECK(cluster.ask("count(" + ours + ")", 900) == "{} 1\n");
    cluster.stats_on = false;
    CHECK(cluster.ask(ours, 900).empty());
    CHECK(cluster.ask("count(" + ours + ")", 900, true) == "{} 2\n");
}

TEST_CASE("a node has no memory available where more was used than it has now, and none without a capacity") {
    Cluster cluster;
    live(cluster, 60);
    cluster.node_exporter = true;
    const std::vector<storage::Quantity> cpu{{"cpu", 4000}};
    cluster.objects.put_node({"n1", cpu, cpu});
    CHECK(cluster.ask("{__name__=~'node_memory_Mem.*'}", 60, true).empty());
    const std::vector<storage::Quantity> less{{"memory", 1ULL << 30}};
    cluster.objects.put_node({"n1", less, less});
    CHECK(cluster.ask("node_memory_MemAvailable_bytes", 60, true).empty());
    CHECK(cluster.ask("node_memory_MemTotal_bytes", 60, true).ends_with(" 1073741824\n"));
}

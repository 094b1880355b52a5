// SPDX-License-Identifier: Apache-2.0
// What the format writes, as a reader of its own sees it (decoded.hpp).
// First: Asio does not compile behind a namespace that is called query.
#include "sink/remote_write/format.hpp"

#include "net/task.hpp"
#include "sink/remote_write/snappy.hpp"
#include "sink/remote_write/write_request.hpp"
#include "storage/stats/stats_history.hpp"
#include "storage/watched/watched_objects.hpp"
#include "test/sink/remote_write/texts.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

// Sources of a folder are compiled together.
namespace remote_write_format_test {

using sink::Row;
using sink::TickSpan;
using sink::remote_write::FormatOptions;
using storage::history::RecentPoint;

namespace {

using sink_test::Texts;
using sink_test::texts_of;

constexpr std::int64_t kTick = 1'800'000'000;
constexpr std::int64_t kBefore = kTick - 60;
const std::string kAt = " @1800000000000";

RecentPoint point(double cpu_seconds, std::uint64_t memory, std::optional<std::uint64_t> swap = {}) {
    RecentPoint point;
    point.cpu = 250'000'000;
    point.memory = memory;
    point.swap = swap;
    point.cpu_seconds = cpu_seconds;
    return point;
}

RecentPoint started(RecentPoint point, std::int64_t nanoseconds) {
    point.started = nanoseconds;
    return point;
}

Row container_row(std::optional<RecentPoint> now, std::optional<RecentPoint> before) {
    return {Row::Of::container, "shop", "web-0", "main", "n1", now, before};
}
Row pod_row(std::optional<RecentPoint> now, std::optional<RecentPoint> before) {
    return {Row::Of::pod, "shop", "web-0", {}, "n1", now, before};
}
Row node_row(std::optional<RecentPoint> now, std::optional<RecentPoint> before) {
    return {Row::Of::node, {}, {}, {}, "n1", now, before};
}

// Of one tick.
Texts written(FormatOptions options, const std::vector<Row>& rows, TickSpan tick = {kTick, kBefore}) {
    const auto format = sink::remote_write::make_format(std::move(options));
    format->begin(tick);
    for (const Row& row : rows) format->add(row);
    return format->points() == 0 ? Texts{} : texts_of(format->take());
}

std::string hex(std::string_view bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        out += kDigits[static_cast<unsigned char>(c) >> 4];
        out += kDigits[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

}  // namespace

TEST_CASE("a request of two samples, byte by byte") {
    sink::remote_write::WriteRequest request{{}};
    using sink::remote_write::WriteRequest;
    request.use(query::Labels::of({{"__name__", "replaced"}, {"node", "n1"}}));
    request.add(WriteRequest::name_label("up"), {1'800'000'000'000, 1});
    request.add(WriteRequest::name_label("mem"), {1'800'000'000'000, query::kStale});
    // timeseries, 46 bytes: __name__="up", node="n1", sample of 16 bytes: 1.0 at the time as a varint.
    CHECK(hex(request.bytes()) ==
          "0a2e"
          "0a0e"
          "0a085f5f6e616d655f5f"
          "12027570"
          "0a0a"
          "0a046e6f6465"
          "12026e31"
          "1210"
          "09000000000000f03f"
          "1080a0f1c2b134"
          "0a2f"
          "0a0f"
          "0a085f5f6e616d655f5f"
          "12036d656d"
          "0a0a"
          "0a046e6f6465"
          "12026e31"
          "1210"
          "09020000000000f07f"
          "1080a0f1c2b134");
    CHECK(request.series() == 2);
    request.clear();
    CHECK(request.bytes().empty());
    CHECK(request.series() == 0);
}

TEST_CASE("a container is the series of the page of series, with what was served") {
    CHECK(
        written({}, {container_row(started(point(12.5, 67'108'864, 4096), 1'799'999'990'500'000'000), {})}) ==
        Texts{"container_cpu_usage_seconds_total{container=\"main\",image=\"-\",instance=\"n1\",job=\"topd\","
              "namespace=\"shop\",node=\"n1\",pod=\"web-0\"} 12.5" +
                  kAt,
              "container_memory_working_set_bytes{container=\"main\",image=\"-\",instance=\"n1\","
              "job=\"topd\",namespace=\"shop\",node=\"n1\",pod=\"web-0\"} 67108864" +
                  kAt,
              "container_start_time_seconds{container=\"main\",image=\"-\",instance=\"n1\",job=\"topd\","
              "namespace=\"shop\",node=\"n1\",pod=\"web-0\"} 1799999990.5" +
                  kAt,
              "container_swap_usage_bytes{container=\"main\",image=\"-\",instance=\"n1\",job=\"topd\","
              "namespace=\"shop\",node=\"n1\",pod=\"web-0\"} 4096" +
                  kAt});
}

TEST_CASE("a pod has no counter of its own, a node has one and up; sums of more have no series") {
    const std::string pod = "{instance=\"n1\",job=\"topd\",namespace=\"shop\",node=\"n1\",pod=\"web-0\"} ";
    const std::string node = "{instance=\"n1\",job=\"topd\",node=\"n1\"} ";
    Row cluster{Row::Of::cluster, {}, {}, {}, {}, point(1, 1), {}};
    Row name_space{Row::Of::name_space, "shop", {}, {}, {}, point(1, 1), {}};
    CHECK(written({}, {node_row(point(100, 8192), {}), pod_row(point(7, 4096), {}), name_space, cluster}) ==
          Texts{"node_cpu_usage_seconds_total" + node + "100" + kAt,
                "node_memory_working_set_bytes" + node + "8192" + kAt, "up" + node + "1" + kAt,
                "pod_memory_working_set_bytes" + pod + "4096" + kAt});
}

TEST_CASE("what had a value and has none ends with one marker, series by series") {
    const std::string pod = "{instance=\"n1\",job=\"topd\",namespace=\"shop\",node=\"n1\",pod=\"web-0\"} ";
    // All of it, and not its swap, which it never had.
    CHECK(written({}, {pod_row({}, point(7, 4096))}) ==
          Texts{"pod_memory_working_set_bytes" + pod + "stale" + kAt});
    // Its swap alone.
    CHECK(written({}, {pod_row(point(8, 8192), point(7, 4096, 1))}) ==
          Texts{"pod_memory_working_set_bytes" + pod + "8192" + kAt,
                "pod_swap_usage_bytes" + pod + "stale" + kAt});
    // What had nothing and has nothing.
    CHECK(written({}, {pod_row({}, {}), container_row({}, {})}).empty());
}

TEST_CASE("up is 0 for a node without figures, and ends with the node") {
    const std::string node = "{instance=\"n1\",job=\"topd\",node=\"n1\"} ";
    CHECK(written({}, {node_row({}, point(100, 8192))}) ==
          Texts{"node_cpu_usage_seconds_total" + node + "stale" + kAt,
                "node_memory_working_set_bytes" + node + "stale" + kAt, "up" + node + "0" + kAt});
    CHECK(written({}, {node_row({}, {})}) == Texts{"up" + node + "0" + kAt});
    Row gone = node_row({}, {});
    gone.is_known = false;
    CHECK(written({}, {gone}) == Texts{"up" + node + "stale" + kAt});
}

TEST_CASE("external labels stand in their place, where a series has none of that name") {
    const FormatOptions options{{},
                                {{"zone", "z1"},
                                 {"Cluster", "c1"},
                                 {"node", "other"},
                                 {"__name__", "other"},
                                 {"cluster", "first"},
                                 {"cluster", "second"},
                                 {"", "nameless"},
                                 {"empty", ""},
                                 {"_", "u"}}};
    const auto format = sink::remote_write::make_format(options);
    format->begin({kTick, 0});
    format->add(node_row(point(100, 8192), {}));
    const auto series = sink_test::read_body(format->take().body);
    REQUIRE(series);
    REQUIRE(series->size() == 3);
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    CHECK((*series)[2].labels == Pairs{{"Cluster", "c1"},
                                       {"_", "u"},
                                       {"__name__", "up"},
                                       {"cluster", "first"},
                                       {"instance", "n1"},
                                       {"job", "topd"},
                                       {"node", "n1"},
                                       {"zone", "z1"}});
}

namespace {

// The pod and its node as the watches show them.
void watch(storage::WatchedObjects& objects) {
    const std::vector<storage::Quantity> requests{{"cpu", 250}, {"nvidia.com/gpu", 1}};
    const std::vector<storage::Quantity> limits{{"memory", 1024}};
    const std::vector<storage::Quantity> capacity{{"cpu", 8000}};
    const std::vector<storage::Quantity> allocatable{{"cpu", 7500}};
    const std::vector<storage::ContainerObject> containers{{"main", "shop:1", false, requests, limits}};
    const std::vector<std::uint32_t> restarts{3};
    storage::PodObject pod;
    pod.name_space = "shop";
    pod.name = "web-0";
    pod.uid = "u-1";
    pod.node = "n1";
    pod.host_ip = "192.0.2.1";
    pod.pod_ip = "10.0.0.7";
    pod.created_by_kind = "StatefulSet";
    pod.created_by_name = "web";
    pod.containers = containers;
    pod.restarts = restarts;
    objects.put_pod(pod);
    objects.put_node({"n1", capacity, allocatable});
}

const std::string kWatched =
    "{container=\"main\",instance=\"n1\",job=\"topd\",namespace=\"shop\",node=\"n1\",pod=\"web-0\",";

Texts only(Texts all, std::string_view prefix) {
    std::erase_if(all, [&](const std::string& text) { return !text.starts_with(prefix); });
    return all;
}

}  // namespace

TEST_CASE("what the watches tell is told while there are figures, and ends with them") {
    storage::WatchedObjects objects;
    watch(objects);
    const FormatOptions options{{nullptr, &objects}};
    const auto kube = [&](const Row& row) { return only(written(options, {row}), "kube"); };
    const auto container = [&](const std::string& limit, const std::string& cpu, const std::string& gpu,
                               const std::string& restarts) {
        return Texts{
            "kube_pod_container_resource_limits" + kWatched +
                "resource=\"memory\",uid=\"u-1\",unit=\"byte\"} " + limit + kAt,
            "kube_pod_container_resource_requests" + kWatched +
                "resource=\"cpu\",uid=\"u-1\",unit=\"core\"} " + cpu + kAt,
            "kube_pod_container_resource_requests" + kWatched +
                "resource=\"nvidia_com_gpu\",uid=\"u-1\",unit=\"integer\"} " + gpu + kAt,
            "kube_pod_container_status_restarts_total" + kWatched + "uid=\"u-1\"} " + restarts + kAt};
    };
    CHECK(kube(container_row(point(1, 4096), {})) == container("1024", "0.25", "1", "3"));
    CHECK(kube(container_row({}, point(1, 4096))) == container("stale", "stale", "stale", "stale"));
    CHECK(kube(container_row({}, {})).empty());
    CHECK(
        kube(pod_row(point(1, 4096), {})) ==
        Texts{"kube_pod_info{created_by_kind=\"StatefulSet\",created_by_name=\"web\",host_ip=\"192.0.2.1\","
              "instance=\"n1\",job=\"topd\",namespace=\"shop\",node=\"n1\",pod=\"web-0\",pod_ip=\"10.0.0.7\","
              "uid=\"u-1\"} 1" +
              kAt});
    const std::string node = "{instance=\"n1\",job=\"topd\",node=\"n1\"";
    CHECK(kube(node_row(point(1, 4096), {})) ==
          Texts{"kube_node_status_allocatable" + node + ",resource=\"cpu\",unit=\"core\"} 7.5" + kAt,
                "kube_node_status_capacity" + node + ",resource=\"cpu\",unit=\"core\"} 8" + kAt,
                "kubelet_running_pods" + node + "} 1" + kAt});
    // Plain series that come behind those of the watches have the thing's labels again, and the image.
    CHECK(
        written(options, {container_row(point(1, 4096), {})})[0] ==
        "container_cpu_usage_seconds_total{container=\"main\",image=\"shop:1\",instance=\"n1\",job=\"topd\","
        "namespace=\"shop\",node=\"n1\",pod=\"web-0\"} 1" +
            kAt);
    CHECK(only(written(options, {pod_row(point(1, 4096), {})}), "pod") ==
          Texts{"pod_memory_working_set_bytes{instance=\"n1\",job=\"topd\",namespace=\"shop\",node=\"n1\","
                "pod=\"web-0\"} 4096" +
                kAt});
}

namespace {

// Pages of two pods that share a claim, each minute up to the tick: used bytes are the minutes.
void summarise(storage::stats::StatsHistory& stats) {
    using namespace storage::stats;
    for (std::int64_t minute = 1; minute <= 10; ++minute) {
        const std::int64_t at = kTick - 600 + minute * 60;
        const auto used = static_cast<std::uint64_t>(minute) * 4096;
        StatsPage page;
        page.kubelet_time = at;
        for (const char* name : {"web-0", "web-1"}) {
            Pod& pod = page.pods.emplace_back();
            pod.name_space = "shop";
            pod.name = name;
            pod.started = kTick - 600;
            const std::uint64_t times = name == std::string_view{"web-0"} ? 1 : 10;
            pod.network = {at, used * times, used * 2, 0, 0};
            Container& main = pod.containers.emplace_back();
            main.name = "main";
            main.started = kTick - 600;
            main.memory = {at, used * 4, used * 3, 0, 0};
            main.rootfs_used = used;
            main.logs_used = used;
            Volume& data = pod.volumes.emplace_back();
            data.name = "data";
            data.claim = "claim-0";
            data.filesystem = {used, used * 5, used * 4, 10, 5};
            pod.volumes.push_back({"scratch", {}, data.filesystem});
        }
        stats.commit("n1", page, at, [](auto, auto) { return true; });
    }
}

}  // namespace

TEST_CASE("what summaries told has the time of its newest point, a claim once") {
    storage::stats::StatsHistory stats{{}};
    summarise(stats);
    const FormatOptions options{{&stats, nullptr}};
    // The newest that is told is of the minute before the tick.
    const TickSpan tick{kTick, kBefore, {kTick - 180, kTick - 60}};
    const std::string at = " @1799999940000";
    const std::string pod = "{instance=\"n1\",job=\"topd\",namespace=\"shop\",node=\"n1\",pod=\"web-0\"} ";
    const std::string claim =
        "{instance=\"n1\",job=\"topd\",namespace=\"shop\",node=\"n1\",persistentvolumeclaim=\"claim-0\"} ";
    Row other = pod_row(point(1, 4096), {});
    other.pod = "web-1";
    CHECK(written(options, {pod_row(point(1, 4096), {})}, tick) ==
          Texts{"container_network_receive_bytes_total" + pod + "36864" + at,
                "container_network_transmit_bytes_total" + pod + "73728" + at,
                "kubelet_volume_stats_available_bytes" + claim + "147456" + at,
                "kubelet_volume_stats_capacity_bytes" + claim + "184320" + at,
                "kubelet_volume_stats_used_bytes" + claim + "36864" + at,
                "pod_memory_working_set_bytes" + pod + "4096" + kAt});
    const auto volumes = [&](const std::vector<Row>& rows) {
        return only(written(options, rows, tick), "kubelet").size();
    };
    CHECK(volumes({pod_row(point(1, 4096), {}), other}) == 3);
    // Each has its own figures.
    CHECK(only(written(options, {pod_row(point(1, 4096), {}), other}, tick), "container_network_receive") ==
          Texts{"container_network_receive_bytes_total" + pod + "36864" + at,
                "container_network_receive_bytes_total{instance=\"n1\",job=\"topd\",namespace=\"shop\","
                "node=\"n1\",pod=\"web-1\"} 368640" +
                    at});
    // One that has ended has no claim to it, and no summaries.
    CHECK(volumes({pod_row({}, point(1, 4096)), other}) == 3);
    CHECK(volumes({pod_row({}, point(1, 4096))}) == 0);
    other.node = "n2";
    CHECK(volumes({pod_row(point(1, 4096), {}), other}) == 6);

    const Texts container = written(options, {container_row(point(1, 4096), {})}, tick);
    REQUIRE(container.size() == 5);
    const std::string of =
        "{container=\"main\",image=\"-\",instance=\"n1\",job=\"topd\",namespace=\"shop\",node=\"n1\","
        "pod=\"web-0\"} ";
    CHECK(container[1] == "container_fs_usage_bytes" + of + "73728" + at);
    CHECK(container[2] == "container_memory_rss" + of + "110592" + at);
    CHECK(container[3] == "container_memory_usage_bytes" + of + "147456" + at);
    // No points in the span, and no span.
    CHECK(written(options, {container_row(point(1, 4096), {})}, {kTick, 0, {kTick - 59, kTick - 1}}).size() ==
          2);
    CHECK(written(options, {container_row(point(1, 4096), {})}, {kTick, 0}).size() == 2);
}

TEST_CASE("a tick is told in parts, and one that is begun anew is not told twice") {
    const auto format = sink::remote_write::make_format({});
    format->begin({kTick, 0});
    format->add(node_row(point(1, 4096), {}));
    CHECK(format->points() == 3);
    CHECK(format->bytes() > 100);
    format->begin({kTick + 60, 0});
    CHECK(format->points() == 0);
    CHECK(format->bytes() == 0);
    Texts names;
    for (const char* name : {"n1", "n2"}) {
        Row row = node_row(point(1, 4096), {});
        row.node = name;
        format->add(row);
        for (const std::string& text : only(texts_of(format->take()), "up")) names.push_back(text);
        CHECK(format->points() == 0);
    }
    CHECK(names == Texts{"up{instance=\"n1\",job=\"topd\",node=\"n1\"} 1 @1800000060000",
                         "up{instance=\"n2\",job=\"topd\",node=\"n2\"} 1 @1800000060000"});
}

}  // namespace remote_write_format_test

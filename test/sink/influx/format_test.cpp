// SPDX-License-Identifier: Apache-2.0
#include "sink/influx/format.hpp"

#include "storage/stats/stats_history.hpp"
#include "storage/watched/watched_objects.hpp"
#include "test/sink/influx/line_reader.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

namespace influx_format_test {

using sink::Row;
using sink::influx::FormatOptions;
using sink::influx::Schema;

// A whole minute, and a whole tick of summaries.
constexpr std::int64_t kAt = 1'767'607'320;

storage::history::RecentPoint point(std::uint64_t nanocores, std::uint64_t memory, double cpu_seconds = 0) {
    storage::history::RecentPoint out;
    out.at = kAt;
    out.cpu = nanocores;
    out.memory = memory;
    out.cpu_seconds = cpu_seconds;
    return out;
}

Row node_row() {
    Row row;
    row.of = Row::Of::node;
    row.node = "n1";
    row.now = point(1'000'000'001, 1 << 30, 12.5);
    row.now->swap = 0;
    return row;
}

Row pod_row() {
    Row row;
    row.of = Row::Of::pod;
    row.name_space = "shop";
    row.pod = "web-0";
    row.node = "n1";
    // Three containers' as it is, four when each is rounded.
    row.now = point(3'000'000, 12'288, 0.25);
    return row;
}

Row container_row(std::string_view name = "app", std::uint64_t nanocores = 1'500'000) {
    Row row = pod_row();
    row.of = Row::Of::container;
    row.container = name;
    row.now = point(nanocores, 8192, 0.125);
    return row;
}

Row sum_row(std::string_view name_space) {
    Row row;
    row.of = name_space.empty() ? Row::Of::cluster : Row::Of::name_space;
    row.name_space = name_space;
    row.now = point(2'000'001, 4096);
    row.now->swap = 4096;
    return row;
}

std::vector<Row> all_rows() {
    return {node_row(), pod_row(), container_row(), container_row("proxy"), sum_row("shop"), sum_row("")};
}

// Its lines. `before`: the range of summaries begins behind it.
std::string written(FormatOptions options, const std::vector<Row>& rows, std::int64_t before = 0) {
    const auto format = sink::influx::make_format(std::move(options));
    sink::TickSpan tick{kAt};
    if (before != 0) tick.summaries = {before + 1, kAt};
    format->begin(tick);
    for (const Row& row : rows) format->add(row);
    if (format->points() == 0) return {};
    const sink::Batch batch = format->take();
    const std::string text = test::influx::uncompressed(batch.body);
    CHECK(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) == batch.points);
    CHECK(format->points() == 0);
    return text;
}

TEST_CASE("each type has Heapster's tags and metrics") {
    CHECK(written({}, all_rows()) ==
          "cpu,cluster_name=default,nodename=n1,type=node usage=12500000000i,usage_rate=1001i 1767607320\n"
          "memory,cluster_name=default,nodename=n1,type=node "
          "usage=1073741824i,working_set=1073741824i,swap=0i 1767607320\n"
          "cpu,cluster_name=default,container_name=app,namespace_name=shop,nodename=n1,pod_name=web-0,"
          "type=pod_container usage=125000000i,usage_rate=2i 1767607320\n"
          "memory,cluster_name=default,container_name=app,namespace_name=shop,nodename=n1,pod_name=web-0,"
          "type=pod_container usage=8192i,working_set=8192i 1767607320\n"
          "cpu,cluster_name=default,container_name=proxy,namespace_name=shop,nodename=n1,pod_name=web-0,"
          "type=pod_container usage=125000000i,usage_rate=2i 1767607320\n"
          "memory,cluster_name=default,container_name=proxy,namespace_name=shop,nodename=n1,pod_name=web-0,"
          "type=pod_container usage=8192i,working_set=8192i 1767607320\n"
          // What its containers use, each rounded.
          "cpu,cluster_name=default,namespace_name=shop,nodename=n1,pod_name=web-0,type=pod "
          "usage=250000000i,usage_rate=4i 1767607320\n"
          "memory,cluster_name=default,namespace_name=shop,nodename=n1,pod_name=web-0,type=pod "
          "usage=12288i,working_set=12288i 1767607320\n"
          "cpu,cluster_name=default,namespace_name=shop,type=ns usage_rate=3i 1767607320\n"
          "memory,cluster_name=default,namespace_name=shop,type=ns usage=4096i 1767607320\n"
          "cpu,cluster_name=default,type=cluster usage_rate=3i 1767607320\n"
          "memory,cluster_name=default,type=cluster usage=4096i 1767607320\n");
}

TEST_CASE("Heapster's own names are measurements") {
    FormatOptions options;
    options.schema = Schema::measurements;
    options.cluster_name = "my cluster";
    CHECK(written(options, {container_row(), sum_row("shop")}) ==
          "cpu/usage,cluster_name=my\\ cluster,container_name=app,namespace_name=shop,nodename=n1,"
          "pod_name=web-0,type=pod_container value=125000000i 1767607320\n"
          "cpu/usage_rate,cluster_name=my\\ cluster,container_name=app,namespace_name=shop,nodename=n1,"
          "pod_name=web-0,type=pod_container value=2i 1767607320\n"
          "memory/usage,cluster_name=my\\ cluster,container_name=app,namespace_name=shop,nodename=n1,"
          "pod_name=web-0,type=pod_container value=8192i 1767607320\n"
          "memory/working_set,cluster_name=my\\ cluster,container_name=app,namespace_name=shop,nodename=n1,"
          "pod_name=web-0,type=pod_container value=8192i 1767607320\n"
          "cpu/usage_rate,cluster_name=my\\ cluster,namespace_name=shop,type=ns value=3i 1767607320\n"
          "memory/usage,cluster_name=my\\ cluster,namespace_name=shop,type=ns value=4096i 1767607320\n");
}

TEST_CASE("what has ended has no line, and what is begun anew none of before") {
    Row ended = pod_row();
    ended.before = std::exchange(ended.now, std::nullopt);
    CHECK(written({}, {ended}).empty());
    const auto format = sink::influx::make_format({});
    format->begin({kAt});
    format->add(node_row());
    format->add(pod_row());
    CHECK(format->points() > 2);
    CHECK(format->bytes() > 0);
    format->begin({kAt});
    CHECK(format->points() == 0);
    format->add(sum_row(""));
    CHECK(format->take().points == 2);
}

TEST_CASE("a pod is told with the last of its containers, also at the end of a batch") {
    const auto format = sink::influx::make_format({});
    format->begin({kAt});
    {
        // Its names are gone when its containers come.
        std::string name = "web-0";
        Row row = pod_row();
        row.pod = name;
        format->add(row);
        name.assign(5, 'x');
    }
    CHECK(format->points() == 1);
    format->add(container_row());
    const sink::Batch batch = format->take();
    CHECK(batch.points == 4);
    const auto lines = test::influx::read_text(test::influx::uncompressed(batch.body));
    REQUIRE(lines);
    CHECK(lines->at(2).tags.at("type") == "pod");
    CHECK(lines->at(2).tags.at("pod_name") == "web-0");
    CHECK(std::get<std::int64_t>(lines->at(2).fields.at("usage_rate")) == 2);
}

TEST_CASE("a pod whose containers are not told is rounded as it is") {
    const auto lines = test::influx::read_text(written({}, {pod_row(), sum_row("shop")}));
    REQUIRE(lines);
    CHECK(std::get<std::int64_t>(lines->front().fields.at("usage_rate")) == 3);
}

// n1 with shop/web-0.
struct Watched {
    Watched() {
        const std::vector<storage::Quantity> requests{{"cpu", 100}, {"memory", 4096}, {"nvidia.com/gpu", 1}};
        const std::vector<storage::Quantity> limits{{"cpu", 200}};
        const std::vector<storage::ContainerObject> containers{
            {"app", "registry.example/app:1, new", false, requests, limits}, {"proxy", "", false, {}, {}}};
        const std::vector<std::uint32_t> restarts{3, 1};
        storage::PodObject pod;
        pod.name_space = "shop";
        pod.name = "web-0";
        pod.node = "n1";
        pod.containers = containers;
        pod.restarts = restarts;
        pod.requests = requests;
        pod.limits = limits;
        objects.put_pod(pod);
        const std::vector<storage::Quantity> capacity{{"cpu", 8000}, {"memory", std::uint64_t{1} << 32}};
        const std::vector<storage::Quantity> allocatable{{"cpu", 8008}, {"memory", std::uint64_t{1} << 32}};
        objects.put_node({"n1", capacity, allocatable});
    }
    storage::WatchedObjects objects;
};

TEST_CASE("with watched objects there are requests, limits and shares, and the image") {
    Watched watched;
    FormatOptions options;
    options.extras.objects = &watched.objects;
    CHECK(written(options, {node_row()}) ==
          "cpu,cluster_name=default,nodename=n1,type=node usage=12500000000i,usage_rate=1001i,request=100i,"
          "limit=200i,node_capacity=8000,node_allocatable=8008,node_reservation=0.012487512487512488,"
          "node_utilization=0.125 1767607320\n"
          "memory,cluster_name=default,nodename=n1,type=node usage=1073741824i,working_set=1073741824i,"
          "swap=0i,request=4096i,limit=0i,node_capacity=4294967296,node_allocatable=4294967296,"
          "node_reservation=9.5367431640625e-07,node_utilization=0.25 1767607320\n"
          "ephemeral_storage,cluster_name=default,nodename=n1,type=node request=0i,limit=0i 1767607320\n");
    const std::string app =
        ",cluster_name=default,container_base_image=registry.example/app:1\\,\\ new,container_name=app,"
        "namespace_name=shop,nodename=n1,pod_name=web-0,type=pod_container ";
    CHECK(written(options, {container_row()}) ==
          "cpu" + app + "usage=125000000i,usage_rate=2i,request=100i,limit=200i 1767607320\n" +  //
              "memory" + app + "usage=8192i,working_set=8192i,request=4096i,limit=0i 1767607320\n" +
              "ephemeral_storage" + app + "request=0i,limit=0i 1767607320\n" +  //
              "nvidia.com" + app + "gpu/request=1i 1767607320\n" +              //
              "restart_count" + app + "value=3i 1767607320\n");
    // Its last figures may be told when the watch has dropped it.
    Watched ended;
    ended.objects.remove_pod("shop", "web-0");
    FormatOptions of_ended;
    of_ended.extras.objects = &ended.objects;
    CHECK(written(of_ended, {container_row()}) ==
          "cpu" + app + "usage=125000000i,usage_rate=2i 1767607320\n" +  //
              "memory" + app + "usage=8192i,working_set=8192i 1767607320\n");
    const auto proxy = test::influx::read_text(written(options, {container_row("proxy")}));
    REQUIRE(proxy);
    CHECK(proxy->front().tags.count("container_base_image") == 0);
    const auto pod = test::influx::read_text(written(options, {pod_row()}));
    REQUIRE(pod);
    CHECK(pod->back().measurement == "restart_count");
    CHECK(std::get<std::int64_t>(pod->back().fields.at("value")) == 4);
    CHECK(written(options, {sum_row("")}) ==
          "cpu,cluster_name=default,type=cluster usage_rate=3i,request=100i,limit=200i 1767607320\n"
          "memory,cluster_name=default,type=cluster usage=4096i,request=4096i,limit=0i 1767607320\n");
}

storage::stats::StatsPage stats_page(std::int64_t at) {
    const auto grown = static_cast<std::uint64_t>(at - kAt + 6000);
    storage::stats::StatsPage page;
    page.kubelet_time = at;
    page.node.started = kAt - 600;
    page.node.network = {at, grown * 1000, grown * 5 / 2, 7, grown};
    page.node.memory = {at, 8192, 4096, grown * 3, grown / 60};
    page.node.filesystem = {40'960, 409'600, 368'640, 100, 90};
    storage::stats::Container runtime;
    runtime.name = "runtime";
    runtime.started = kAt - 60;
    runtime.cpu = grown * 250'000'000;
    runtime.memory = {at, 12'288, 8192, 1, 0};
    page.node.system_containers.push_back(runtime);
    storage::stats::Pod& pod = page.pods.emplace_back();
    pod.name_space = "shop";
    pod.name = "web-0";
    pod.started = kAt - 120;
    pod.network = {at, grown * 60, grown * 50, 0, 0};
    pod.memory = {at, 20'480, 16'384, grown, 0};
    pod.ephemeral_storage_used = 24'576;
    storage::stats::Container& app = pod.containers.emplace_back();
    app.name = "app";
    app.started = kAt - 30;
    app.memory = {at, 16'384, 12'288, grown * 2, 0};
    app.rootfs_used = 8192;
    app.logs_used = 4096;
    pod.volumes.push_back({"data", "data-web-0", {4096, 8192, 4096, 10, 5}});
    return page;
}

// Told up to a minute before kAt.
struct Summaries {
    Summaries() {
        for (std::int64_t at = kAt - 330; at < kAt; at += 60)
            stats.commit("n1", stats_page(at), at, [](std::string_view, std::string_view) { return true; });
    }
    storage::stats::StatsHistory stats{{}};
};

// Lines of summaries alone: those of history have the time of the tick.
std::string told(FormatOptions options, const std::vector<Row>& rows, std::int64_t before = kAt - 120) {
    std::string out;
    const std::string text = written(std::move(options), rows, before);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at) + 1;
        const std::string line = text.substr(at, end - at);
        if (!line.ends_with(" 1767607320\n")) out += line;
        at = end;
    }
    return out;
}

TEST_CASE("with summaries there are network, file systems and more, at their own time") {
    Summaries summaries;
    FormatOptions options;
    options.extras.stats = &summaries.stats;
    CHECK(told(options, {node_row()}) ==
          "network,cluster_name=default,nodename=n1,type=node rx=5940000i,rx_errors=7i,rx_errors_rate=0,"
          "rx_rate=1000,tx=14850i,tx_errors=5940i,tx_errors_rate=1,tx_rate=2.5 1767607260\n"
          "memory,cluster_name=default,nodename=n1,type=node major_page_faults=98i,"
          "major_page_faults_rate=0.016666666666666666,page_faults=17820i,page_faults_rate=3,rss=4096i "
          "1767607260\n"
          "uptime,cluster_name=default,nodename=n1,type=node value=540000i 1767607260\n"
          "ephemeral_storage,cluster_name=default,nodename=n1,type=node usage=40960i 1767607260\n"
          "filesystem,cluster_name=default,nodename=n1,resource_id=/,type=node usage=40960i,limit=409600i,"
          "available=368640i,inodes=100i,inodes_free=90i 1767607260\n"
          "cpu,cluster_name=default,container_name=docker-daemon,nodename=n1,type=sys_container "
          "usage=1485000000000i,usage_rate=250i 1767607260\n"
          "memory,cluster_name=default,container_name=docker-daemon,nodename=n1,type=sys_container "
          "major_page_faults=0i,major_page_faults_rate=0,page_faults=1i,page_faults_rate=0,rss=8192i,"
          "usage=12288i 1767607260\n"
          "uptime,cluster_name=default,container_name=docker-daemon,nodename=n1,type=sys_container "
          "value=0i 1767607260\n");
    CHECK(told(options, {pod_row()}) ==
          "network,cluster_name=default,namespace_name=shop,nodename=n1,pod_name=web-0,type=pod rx=356400i,"
          "rx_errors=0i,rx_errors_rate=0,rx_rate=60,tx=297000i,tx_errors=0i,tx_errors_rate=0,tx_rate=50 "
          "1767607260\n"
          "ephemeral_storage,cluster_name=default,namespace_name=shop,nodename=n1,pod_name=web-0,type=pod "
          "usage=24576i 1767607260\n"
          "memory,cluster_name=default,namespace_name=shop,nodename=n1,pod_name=web-0,type=pod "
          "major_page_faults=0i,major_page_faults_rate=0,page_faults=5940i,page_faults_rate=1,rss=16384i "
          "1767607260\n"
          "uptime,cluster_name=default,namespace_name=shop,nodename=n1,pod_name=web-0,type=pod value=60000i "
          "1767607260\n"
          "filesystem,cluster_name=default,namespace_name=shop,nodename=n1,pod_name=web-0,"
          "resource_id=Volume:data,type=pod usage=4096i,limit=8192i,available=4096i,inodes=10i,"
          "inodes_free=5i 1767607260\n");
}

TEST_CASE("of a container there is what it uses of file systems") {
    Summaries summaries;
    FormatOptions options;
    options.extras.stats = &summaries.stats;
    const auto lines = test::influx::read_text(told(options, {container_row()}));
    REQUIRE(lines);
    std::map<std::string, std::int64_t> disks;
    for (const auto& line : *lines)
        if (line.measurement == "filesystem") {
            CHECK(line.fields.size() == 1);
            disks[line.tags.at("resource_id")] = std::get<std::int64_t>(line.fields.at("usage"));
        }
    CHECK(disks == std::map<std::string, std::int64_t>{{"/", 8192}, {"logs", 4096}});
}

TEST_CASE("what summaries told before is not told again") {
    Summaries summaries;
    FormatOptions options;
    options.extras.stats = &summaries.stats;
    // The newest point is of a minute before.
    CHECK(told(options, {node_row(), pod_row(), container_row()}, kAt - 60).empty());
    CHECK_FALSE(told(options, {node_row()}, kAt - 61).empty());
    // An empty range.
    CHECK(written(options, {node_row()}) == written({}, {node_row()}));
}

TEST_CASE("counters that have a rate may be left out") {
    Summaries summaries;
    FormatOptions options;
    options.extras.stats = &summaries.stats;
    options.disable_counter_metrics = true;
    const auto lines = test::influx::read_text(written(options, {node_row(), pod_row()}, kAt - 120));
    REQUIRE(lines);
    std::vector<std::string> fields;
    for (const auto& line : *lines)
        if (line.tags.at("type") == "node")
            for (const auto& [key, value] : line.fields) fields.push_back(line.measurement + "/" + key);
    CHECK(fields ==
          std::vector<std::string>{"cpu/usage_rate", "memory/swap", "memory/usage", "memory/working_set",
                                   "network/rx_errors_rate", "network/rx_rate", "network/tx_errors_rate",
                                   "network/tx_rate", "memory/major_page_faults_rate",
                                   "memory/page_faults_rate", "memory/rss", "uptime/value",
                                   "ephemeral_storage/usage", "filesystem/available", "filesystem/inodes",
                                   "filesystem/inodes_free", "filesystem/limit", "filesystem/usage"});
}

// Of each measurement and field the type, over all rows that there can be, of both schemas.
TEST_CASE("a field has one type, and no tag's name") {
    Watched watched;
    Summaries summaries;
    for (const Schema schema : {Schema::fields, Schema::measurements}) {
        FormatOptions options;
        options.extras = {&summaries.stats, &watched.objects};
        options.schema = schema;
        const auto lines = test::influx::read_text(written(options, all_rows(), kAt - 120));
        REQUIRE(lines);
        std::map<std::pair<std::string, std::string>, std::size_t> types;
        for (const auto& line : *lines) {
            CHECK(std::is_sorted(line.tag_keys.begin(), line.tag_keys.end()));
            for (const auto& [key, value] : line.fields) {
                INFO(line.measurement << " " << key);
                CHECK(line.tags.count(key) == 0);
                CHECK(types.try_emplace({line.measurement, key}, value.index()).first->second ==
                      value.index());
            }
        }
        CHECK(types.size() > 40);
    }
}

TEST_CASE("a large batch is read again whole") {
    const auto format = sink::influx::make_format({});
    format->begin({kAt});
    constexpr int kContainers = 2000;
    for (int i = 0; i < kContainers; ++i) {
        const std::string name = "c" + std::to_string(i);
        format->add(container_row(name, static_cast<std::uint64_t>(i) * 1'000'000));
    }
    CHECK(format->points() == 2 * kContainers);
    const auto lines = test::influx::read_text(test::influx::uncompressed(format->take().body));
    REQUIRE(lines);
    REQUIRE(lines->size() == 2 * kContainers);
    for (std::size_t i = 0; i < kContainers; ++i) {
        const auto& line = (*lines)[2 * i];
        CHECK(line.tags.at("container_name") == "c" + std::to_string(i));
        CHECK(std::get<std::int64_t>(line.fields.at("usage_rate")) == static_cast<std::int64_t>(i));
    }
}

}  // namespace influx_format_test

// SPDX-License-Identifier: Apache-2.0
// Which series the format ends when the watch has dropped a pod, or shows another of its name.
#include "sink/remote_write/format.hpp"
#include "storage/watched/watched_objects.hpp"
#include "test/sink/remote_write/texts.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

// Sources of a folder are compiled together.
namespace remote_write_ends_test {

using sink::Row;

namespace {

using sink_test::Texts;

constexpr std::int64_t kTick = 1'800'000'000;
constexpr std::int64_t kBefore = kTick - 60;
const std::string kAt = " @1800000000000";

void watch(storage::WatchedObjects& objects, std::string_view uid, std::string_view image = "shop:1",
           std::string_view node = "n1") {
    const std::vector<storage::Quantity> requests{{"cpu", 250}};
    const std::vector<storage::Quantity> limits{{"memory", 1024}};
    const std::vector<storage::ContainerObject> containers{{"main", image, false, requests, limits}};
    storage::PodObject pod;
    pod.name_space = "shop";
    pod.name = "web-0";
    pod.uid = uid;
    pod.node = node;
    pod.containers = containers;
    objects.put_pod(pod);
}

storage::history::RecentPoint point(double cpu_seconds, std::uint64_t memory) {
    storage::history::RecentPoint point;
    point.memory = memory;
    point.cpu_seconds = cpu_seconds;
    return point;
}

// The pod and its container, with figures of now, of before, or of both.
std::vector<Row> rows_of(bool now, bool before, std::string_view node = "n1") {
    std::vector<Row> rows{{Row::Of::pod, "shop", "web-0", {}, node, {}, {}},
                          {Row::Of::container, "shop", "web-0", "main", node, {}, {}}};
    for (Row& row : rows) {
        if (now) row.now = point(2, 8192);
        if (before) row.before = point(1, 4096);
    }
    return rows;
}

// What it writes as a tick.
Texts told(sink::Format& format, const std::vector<Row>& rows) {
    format.begin({kTick, kBefore});
    for (const Row& row : rows) format.add(row);
    return format.points() == 0 ? Texts{} : sink_test::texts_of(format.take());
}

Texts only(Texts all, std::string_view prefix) {
    std::erase_if(all, [&](const std::string& text) { return !text.starts_with(prefix); });
    return all;
}

// The same series with a marker each.
Texts ended(Texts all) {
    for (std::string& text : all) text = text.substr(0, text.find("} ") + 2) + "stale" + kAt;
    return all;
}

Texts joined(Texts first, const Texts& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

Texts sorted(Texts all) {
    std::sort(all.begin(), all.end());
    return all;
}

}  // namespace

TEST_CASE("a pod that moved under its name ends on its old node, also where no objects are watched") {
    const auto format = sink::remote_write::make_format({});
    const Texts first = told(*format, rows_of(true, false));
    REQUIRE(first.size() == 3);
    CHECK(told(*format, rows_of(true, true)) == first);
    const Texts moved = told(*format, rows_of(true, true, "n2"));
    CHECK(moved.size() == 6);
    Texts old = moved;
    std::erase_if(old, [](const std::string& text) { return text.find("node=\"n1\"") == std::string::npos; });
    CHECK(sorted(old) == sorted(ended(first)));
    CHECK(told(*format, rows_of(true, true, "n2")).size() == 3);
    // Its end is on the node that it had last.
    CHECK(told(*format, rows_of(false, true, "n2")).size() == 3);
}

TEST_CASE("a pod that the watch has dropped ends with the labels that it had") {
    storage::WatchedObjects objects;
    watch(objects, "u-1");
    const auto format = sink::remote_write::make_format({{nullptr, &objects}});
    const Texts alive = told(*format, rows_of(true, false));
    REQUIRE(alive.size() == 7);
    CHECK(std::count_if(alive.begin(), alive.end(), [](const std::string& text) {
              return text.find("uid=\"u-1\"") != std::string::npos ||
                     text.find("image=\"shop:1\"") != std::string::npos;
          }) == 6);
    // Before its last figures are told.
    objects.remove_pod("shop", "web-0");
    CHECK(told(*format, rows_of(true, true)) == alive);
    CHECK(told(*format, rows_of(false, true)) == ended(alive));
    CHECK(told(*format, rows_of(false, false)).empty());
    // Another that is watched already, and has no figures yet.
    watch(objects, "u-2");
    told(*format, rows_of(true, false));
    objects.remove_pod("shop", "web-0");
    watch(objects, "u-3", "shop:3");
    const Texts second = told(*format, rows_of(false, true));
    CHECK(only(second, "kube_pod_info").at(0).find("uid=\"u-2\"} stale") != std::string::npos);
    CHECK(only(second, "container_memory").at(0).find("image=\"shop:1\"") != std::string::npos);
    // One that is watched and has lost its figures is not the one that ended long before.
    told(*format, rows_of(true, false));
    CHECK(only(told(*format, rows_of(false, true)), "kube_pod_info").at(0).find("uid=\"u-3\"} stale") !=
          std::string::npos);
}

TEST_CASE("a pod whose name another took ends once, where the labels differ") {
    storage::WatchedObjects objects;
    watch(objects, "u-1");
    const auto format = sink::remote_write::make_format({{nullptr, &objects}});
    const auto kube = [](const Texts& all) { return only(all, "kube"); };
    const Texts first = told(*format, rows_of(true, false));
    watch(objects, "u-2");
    const Texts both = told(*format, rows_of(true, true));
    const Texts second = told(*format, rows_of(true, true));
    CHECK(second.size() == first.size());
    CHECK(sorted(both) == sorted(joined(second, ended(kube(first)))));
    // With another image.
    watch(objects, "u-3", "shop:3");
    const Texts updated = told(*format, rows_of(true, true));
    const Texts third = told(*format, rows_of(true, true));
    const Texts gone = ended(joined(kube(second), only(second, "container")));
    CHECK(sorted(updated) == sorted(joined(third, gone)));
    // On another node: all of it.
    watch(objects, "u-4", "shop:3", "n2");
    const Texts moved = told(*format, rows_of(true, true, "n2"));
    const Texts fourth = told(*format, rows_of(true, true, "n2"));
    CHECK(fourth.size() == first.size());
    CHECK(sorted(moved) == sorted(joined(fourth, ended(third))));
    // A container that the specification has not.
    watch(objects, "u-4", "shop:3", "n1");
    objects.remove_pod("shop", "web-0");
    watch(objects, "u-5", "shop:3", "n2");
    std::vector<Row> rows = rows_of(true, true, "n2");
    for (Row& row : rows) row.container = row.of == Row::Of::container ? "debug" : "";
    const Texts debug = only(told(*format, rows), "container_memory");
    REQUIRE(debug.size() == 2);
    CHECK(debug[0] == ended({debug[0]})[0]);
    CHECK(debug[0].find("node=\"n1\"") != std::string::npos);
    CHECK(debug[1].find("node=\"n2\",pod=\"web-0\"} 8192") != std::string::npos);
    // It had no figures.
    watch(objects, "u-6");
    CHECK(told(*format, rows_of(true, false)).size() == first.size());
}

}  // namespace remote_write_ends_test

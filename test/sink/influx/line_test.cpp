// SPDX-License-Identifier: Apache-2.0
#include "sink/influx/line.hpp"

#include "test/sink/influx/line_reader.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

namespace influx_line_test {

using heapster::Value;
using sink::influx::Lines;
using sink::influx::Schema;
using sink::influx::Tags;

std::string key(std::string_view name) {
    std::string out;
    sink::influx::append_key(out, name);
    return out;
}

std::string measurement(std::string_view name) {
    std::string out;
    sink::influx::append_measurement(out, name);
    return out;
}

TEST_CASE("names are escaped, and what cannot stand in one is replaced") {
    const std::pair<std::string, std::string> cases[] = {
        {"web-0", "web-0"},
        {"nginx:1.27", "nginx:1.27"},
        {"/", "/"},
        {"a b", R"(a\ b)"},
        {"a,b", R"(a\,b)"},
        {"a=b", R"(a\=b)"},
        {",= ", R"(\,\=\ )"},
        {R"(a\b)", R"(a\b)"},
        {R"(a\,b)", R"(a\\,b)"},
        {R"(a\)", "a_"},
        {R"(a\\)", R"(a\_)"},
        {R"(\)", "_"},
        {"a\nb", "a_b"},
        {std::string{"a\0b", 3}, "a_b"},
        {"a\tb\r\x7f", "a_b__"},
        {"b\xc3\xa9", "b\xc3\xa9"},
        {"b\xc3", "b_"},
        {"\xff\xfe", "__"},
        {"a\"b'", "a\"b'"},
        {"#a", "#a"},
    };
    for (const auto& [name, expected] : cases) {
        INFO(name);
        CHECK(key(name) == expected);
    }
    CHECK(measurement("cpu/usage_rate") == "cpu/usage_rate");
    CHECK(measurement("a b,c=d") == R"(a\ b\,c=d)");
    CHECK(measurement("#a#") == "_a#");
    CHECK(measurement(R"(a\)") == "a_");
}

TEST_CASE("tags stand by name, and those without a value not at all") {
    std::string out;
    sink::influx::append_tags(out, {"c 1", "i", "k", "n", "m", "p", "Volume:a", "pod"});
    CHECK(
        out ==
        R"(,cluster_name=c\ 1,container_base_image=i,container_name=k,namespace_name=n,nodename=m,pod_name=p)"
        ",resource_id=Volume:a,type=pod");
    out.clear();
    sink::influx::append_tags(out, Tags{"", "", "", "", "", "", "", "cluster"});
    CHECK(out == ",type=cluster");
}

std::string written(Schema schema, std::initializer_list<std::pair<std::string_view, Value>> figures) {
    Lines lines{schema};
    for (const auto& [metric, value] : figures) lines.add(metric, value);
    std::string out;
    lines.write(out, ",type=node", 1767607320);
    return out;
}

TEST_CASE("figures of one measurement are one line, or each its own") {
    const auto figures = {std::pair{std::string_view{"cpu/usage_rate"}, Value{std::uint64_t{12}}},
                          {"memory/usage", std::uint64_t{4096}},
                          {"cpu/node_capacity", 4000.0},
                          {"restart_count", std::uint64_t{0}},
                          {"nvidia.com/gpu/request", std::uint64_t{1}}};
    CHECK(written(Schema::fields, figures) ==
          "cpu,type=node usage_rate=12i,node_capacity=4000 1767607320\n"
          "memory,type=node usage=4096i 1767607320\n"
          "restart_count,type=node value=0i 1767607320\n"
          "nvidia.com,type=node gpu/request=1i 1767607320\n");
    CHECK(written(Schema::measurements, figures) ==
          "cpu/usage_rate,type=node value=12i 1767607320\n"
          "memory/usage,type=node value=4096i 1767607320\n"
          "cpu/node_capacity,type=node value=4000 1767607320\n"
          "restart_count,type=node value=0i 1767607320\n"
          "nvidia.com/gpu/request,type=node value=1i 1767607320\n");
}

TEST_CASE("numbers that InfluxDB has no way to hold cost their field") {
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    CHECK(written(Schema::fields, {{"a/b", kMost},
                                   {"a/c", kMost + 1},
                                   {"a/d", std::nan("")},
                                   {"a/e", HUGE_VAL},
                                   {"a/f", 0.5},
                                   {"a/g", 1e300}}) ==
          "a,type=node b=9223372036854775807i,f=0.5,g=1e+300 1767607320\n");
    CHECK(written(Schema::fields, {{"a/d", std::nan("")}}).empty());
}

TEST_CASE("lines that were written are forgotten") {
    Lines lines{Schema::fields};
    std::string out;
    lines.add("cpu/usage", std::uint64_t{1});
    lines.add("memory/usage", std::uint64_t{1});
    CHECK(lines.write(out, "", 1) == 2);
    CHECK(lines.write(out, "", 1) == 0);
    lines.add("memory/rss", std::uint64_t{2});
    out.clear();
    CHECK(lines.write(out, "", 2) == 1);
    CHECK(out == "memory rss=2i 2\n");
}

TEST_CASE("what is written is read again as it was") {
    const std::string names[] = {"a", "a b", "a,b=c", R"(a\,b)", R"(a\\b)", "=", "#", "\xc3\xa9 ,", R"(\ )"};
    for (const std::string& name : names) {
        std::string tags;
        sink::influx::append_tags(tags, {name, "", "", "", "", "", "", name});
        Lines lines{Schema::fields};
        lines.add("m" + name + "/f" + name, 1.25);
        std::string out;
        lines.write(out, tags, -5);
        INFO(out);
        const auto read = test::influx::read_text(out);
        REQUIRE(read);
        REQUIRE(read->size() == 1);
        CHECK(read->front().measurement == "m" + name);
        CHECK(read->front().tags.at("cluster_name") == name);
        CHECK(read->front().tags.at("type") == name);
        CHECK(std::get<double>(read->front().fields.at("f" + name)) == 1.25);
        CHECK(read->front().time == -5);
    }
}

}  // namespace influx_line_test

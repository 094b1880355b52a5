// SPDX-License-Identifier: Apache-2.0
#include "sink/stdout/json_format.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace json_format_test {

using sink::Row;

constexpr std::int64_t kAt = 1'767'607'320;

Row row(Row::Of of, std::uint64_t nanocores, std::uint64_t memory) {
    Row out;
    out.of = of;
    out.now.emplace();
    out.now->at = kAt;
    out.now->cpu = nanocores;
    out.now->memory = memory;
    return out;
}

TEST_CASE("a row is a line of JSON, what has ended is none") {
    const auto format = sink::make_json_format();
    format->begin({kAt});
    Row node = row(Row::Of::node, 1'000'000'000, 4096);
    node.node = "n1";
    node.now->started = 1'767'600'000'500'000'000;
    format->add(node);
    Row container = row(Row::Of::container, 12'500'000, 73'400'320);
    container.name_space = "shop";
    container.pod = "web-0";
    container.container = "a\"p\np";
    container.node = "n1";
    container.now->swap = 0;
    format->add(container);
    container.now.reset();
    format->add(container);
    Row pod = row(Row::Of::pod, 0, 0);
    pod.name_space = "shop";
    pod.pod = "web-0";
    format->add(pod);
    Row shop = row(Row::Of::name_space, 1, 1);
    shop.name_space = "shop";
    format->add(shop);
    format->add(row(Row::Of::cluster, 250'000'000, UINT64_MAX));
    CHECK(format->points() == 5);
    const sink::Batch batch = format->take();
    CHECK(batch.points == 5);
    CHECK(
        batch.body ==
        R"({"time":"2026-01-05T10:02:00Z","type":"node","node":"n1","cpu_cores":1,"memory_bytes":4096,"started":"2026-01-05T08:00:00Z"})"
        "\n"
        R"({"time":"2026-01-05T10:02:00Z","type":"container","namespace":"shop","pod":"web-0","container":"a\"p\np","node":"n1","cpu_cores":0.0125,"memory_bytes":73400320,"swap_bytes":0})"
        "\n"
        R"({"time":"2026-01-05T10:02:00Z","type":"pod","namespace":"shop","pod":"web-0","cpu_cores":0,"memory_bytes":0})"
        "\n"
        R"({"time":"2026-01-05T10:02:00Z","type":"namespace","namespace":"shop","cpu_cores":1e-09,"memory_bytes":1})"
        "\n"
        R"({"time":"2026-01-05T10:02:00Z","type":"cluster","cpu_cores":0.25,"memory_bytes":18446744073709551615})"
        "\n");
    CHECK(format->points() == 0);
    format->begin({kAt});
    CHECK(format->bytes() == 0);
}

}  // namespace json_format_test

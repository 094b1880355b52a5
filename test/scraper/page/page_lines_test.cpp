// SPDX-License-Identifier: Apache-2.0
// Which names a page's lines may hold, and what is kept of the first bad line.
#include "scraper/page/page_parser.hpp"
#include "test/scraper/page/cpu_line.hpp"
#include "test/scraper/page_text.hpp"

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

using scraper::cpu_line;
using scraper::describe;
using scraper::kBad;
using scraper::kCpuRow;
using scraper::kLabels;
using scraper::parse_page;
using scraper::rows;

TEST_CASE("A name is as long as Kubernetes lets it be, and of bytes that do harm nowhere") {
    const auto named = [](const std::string& container, const std::string& name_space,
                          const std::string& pod) {
        return rows(cpu_line("{container=\"" + container + "\",namespace=\"" + name_space + "\",pod=\"" +
                             pod + "\"}"));
    };
    const auto row = [](const std::string& container, const std::string& name_space, const std::string& pod) {
        return name_space + "/" + pod + "/" + container + " cpu=1500000000@7000000\n";
    };
    const auto x = [](std::size_t size) { return std::string(size, 'x'); };
    for (std::size_t size = 1; size <= 300; ++size) {
        CAPTURE(size);
        CHECK(named("c", "n", x(size)) == (size <= 253 ? row("c", "n", x(size)) : kBad));
        CHECK(named("c", x(size), "p") == (size <= 63 ? row("c", x(size), "p") : kBad));
        CHECK(named(x(size), "n", "p") == (size <= 63 ? row(x(size), "n", "p") : kBad));
    }
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        if (c == '\n') continue;
        const bool fits = byte > ' ' && byte < 0x7f && c != '"' && c != '/' && c != '\\';
        // Anywhere in a name, in short ones and in long ones.
        for (const std::size_t size : {1, 7, 8, 9, 30, 63})
            for (const std::size_t at : {std::size_t{0}, size / 2, size - 1}) {
                std::string name = x(size);
                name[at] = c;
                CAPTURE(byte, size, at);
                CHECK(named("c", "n", name) == (fits ? row("c", "n", name) : kBad));
                CHECK(named("c", name, "p") == (fits ? row("c", name, "p") : kBad));
                CHECK(named(name, "n", "p") == (fits ? row(name, "n", "p") : kBad));
            }
    }
}

TEST_CASE("No name has an escape, and other labels may have any") {
    const auto name = GENERATE(as<std::string>{}, R"(a\\b)", R"(a\"b)", R"(a\nb)", R"(\\)", R"(\")");
    CAPTURE(name);
    CHECK(rows(cpu_line("{container=\"" + name + R"(",namespace="n",pod="p"})")) == kBad);
    CHECK(rows(cpu_line(R"({container="c",namespace=")" + name + R"(",pod="p"})")) == kBad);
    CHECK(rows(cpu_line(R"({container="c",namespace="n",pod=")" + name + "\"}")) == kBad);
    CHECK(rows(cpu_line("{id=\"" + name + R"(",container="c",namespace="n",pod="p"})")) == kCpuRow);
}

TEST_CASE("The first bad line is kept with what is wrong with it") {
    struct Case {
        std::string line;
        scraper::Fault fault;
    };
    using scraper::Fault;
    const std::string cpu = "container_cpu_usage_seconds_total";
    const Case cases[] = {
        {cpu + kLabels + " 1 1790000000.123", Fault::time_stamp},
        {cpu + kLabels + " 1 0", Fault::time_stamp},
        {cpu + kLabels + " 1 7 8", Fault::time_stamp},
        {"node_cpu_usage_seconds_total 5000.25 1790000000.123", Fault::time_stamp},
        {cpu + kLabels + " NaN 7", Fault::value},
        {cpu + kLabels, Fault::value},
        {"container_start_time_seconds" + kLabels + " 9223372036.854775808", Fault::value},
        {cpu + "{container=\"c\"} 1 7", Fault::names},
        {cpu + R"({container="c",namespace="",pod="p"} 1 7)", Fault::names},
        {cpu + R"({container="c",namespace="n",pod="p",pod="p"} 1 7)", Fault::labels},
        {cpu + "{container=\"c\",namespace=\"" + std::string(64, 'x') + "\",pod=\"p\"} 1 7", Fault::labels},
        {"node_cpu_usage_seconds_total{x 1", Fault::labels},
        {cpu + "{id=\"" + std::string(20'000, 'x') + "\"} 1 7", Fault::too_long},
    };
    for (const Case& c : cases) {
        CAPTURE(c.line.substr(0, 300));
        storage::NodePage page;
        scraper::PageParser parser{page, scraper::kRequestedAt};
        parser.feed("up 1\n<html>\n" + cpu_line(kLabels) + c.line + "\n" + cpu_line(kLabels, "x"));
        parser.finish();
        CHECK(parser.unread().bad == 2);
        CHECK(parser.unread().fault == c.fault);
        CHECK(parser.unread().first_bad == c.line.substr(0, 200));
        CHECK(parser.unread().others == 2);
        CHECK(parser.unread().first_other == "up 1");
        parser.restart(page, 1);
        CHECK(parser.unread().bad == 0);
        CHECK(parser.unread().others == 0);
        CHECK(parser.unread().fault == Fault::none);
    }
}

TEST_CASE("A line of one container too many says so") {
    storage::NodePage page;
    scraper::PageParser parser{page, scraper::kRequestedAt, {.containers = 1}};
    parser.feed(cpu_line(kLabels) + cpu_line(R"({container="d",namespace="n",pod="p"})"));
    CHECK(parser.unread().fault == scraper::Fault::too_many);
    CHECK(page.containers.size() == 1);
}

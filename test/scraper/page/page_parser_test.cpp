// SPDX-License-Identifier: Apache-2.0
#include "scraper/page/page_parser.hpp"

#include "test/scraper/page/cpu_line.hpp"
#include "test/scraper/page_text.hpp"

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

using namespace std::string_literals;
using scraper::cpu_line;
using scraper::describe;
using scraper::kBad;
using scraper::kCpuRow;
using scraper::kLabels;
using scraper::parse_page;
using scraper::rows;

TEST_CASE("A container's labels are found however they are written") {
    const auto labels =
        GENERATE(as<std::string>{}, R"({container="c",namespace="n",pod="p"})",
                 R"({pod="p",namespace="n",container="c"})", R"({container="c",namespace="n",pod="p",})",
                 R"( {container="c",namespace="n",pod="p"})",
                 "\t{ container\t= \"c\" ,\tnamespace =\"n\", pod= \"p\" }",
                 R"({ container="c" , namespace="n" , pod="p" , })",
                 R"({id="/kubepods/x",container="c",image="a\"}{,=\\",namespace="n",name="",pod="p",_x="1"})",
                 R"({"container"="c","namespace"="n",pod="p","a.b"="x"})",
                 R"({xpod="q",pod_="q",container="c",namespace="n",pod="p"})");
    CAPTURE(labels);
    CHECK(rows(cpu_line(labels)) == kCpuRow);
}

TEST_CASE("A container's line without its three labels or with broken ones is bad") {
    const auto labels = GENERATE(
        as<std::string>{}, "", "{}", R"({container="c"})", R"({container="c",namespace="n"})",
        R"({namespace="n",pod="p"})", R"({container="c",pod="p"})",
        R"({container="c",namespace="n",pod="p",pod="p"})",
        R"({container="c",namespace="n",pod="p",container="d"})",
        R"({namespace="n",container="c",namespace="n",pod="p"})", R"({container="c",namespace="n",pod="p")",
        R"({container="c",namespace="n",pod="p)", R"({container="c",namespace="n",pod="p\"})",
        R"({container="c",namespace="n",pod=p})", R"({container="c" namespace="n",pod="p"})",
        R"({container="c",,namespace="n",pod="p"})", R"({,container="c",namespace="n",pod="p"})",
        R"({container="c",namespace="n",pod="p"}})", R"({container="c",namespace="n",pod="p\q"})",
        R"({container="c",namespace="n",1pod="x",pod="p"})", R"({container="c",namespace="n",pod:"p"})",
        R"({container="c",namespace="n",pod="p",a.b="x"})", R"({container="c",namespace="n","pod"})",
        R"({container="c",namespace="",pod="p"})", R"({container="c",namespace="n",pod=""})", "{", "{\"",
        "{container", "{container=", "{container=\"\\", "{container=\"c\xFF\",namespace=\"n\",pod=\"p\"}",
        "{container=\"c\xC0\x80\",namespace=\"n\",pod=\"p\"}",
        "{container=\"c\xED\xA0\x80\",namespace=\"n\",pod=\"p\"}",
        "{container=\"c\xE2\x82\",namespace=\"n\",pod=\"p\"}",
        "{container=\"c\xF4\x90\x80\x80\",namespace=\"n\",pod=\"p\"}");
    CAPTURE(labels);
    CHECK(rows(cpu_line(labels)) == kBad);
}

TEST_CASE("The pause container and a pod's own cgroup are left out and are not bad") {
    CHECK(rows(cpu_line(R"({container="POD",namespace="n",pod="p"})") +
               cpu_line(R"({container="",namespace="n",pod="p"})") +
               cpu_line(R"({container="",namespace="",pod=""})") + cpu_line(kLabels)) == kCpuRow);
    CHECK(rows(cpu_line(R"({container="POD",namespace="n",pod="p"})", "x")) == kBad);
}

TEST_CASE("A value and its time are read however they are spaced") {
    const auto end = GENERATE(as<std::string>{}, "1.5 7", " 1.5 7", "1.5\t7", "\t 1.5 \t 7 \t", "+1.5e0 +7",
                              "1.5 7\r", "15e-1 007", "1.50000000000000000000000000 7");
    CAPTURE(end);
    CHECK(rows(cpu_line(kLabels, end)) == kCpuRow);
    CHECK(rows("  " + cpu_line(kLabels, end)) == kCpuRow);
}

TEST_CASE("No blank is needed after the braces and no newline after the last line") {
    CHECK(rows("container_cpu_usage_seconds_total" + kLabels + "1.5 7") == kCpuRow);
}

TEST_CASE("A broken or senseless value or time makes the line bad") {
    const auto end = GENERATE(as<std::string>{}, "", " ", "x", "NaN", "NaN 7", "+Inf 7", "-Inf", "-1 7",
                              "-0.001 7", "0x1p3 7", "0x10", "1_0 7", "1,5 7", "1.5x 7", "1.5 x", "1.5 -7",
                              "1.5 0", "1.5 7x", "1.5 7.0", "1.5 7e3", "1.5 NaN", "1.5 7 8", "1.5 7 # x",
                              "1.5 +", "18446744074 7", "1e300 7", "1.5 -62135596800000", "1.5 9223372036855",
                              "1.5 253402300800000", "1.5 99999999999999999999999", "1.5\v7", "1.5\0 7"s);
    CAPTURE(end);
    CHECK(rows(cpu_line(kLabels, end)) == kBad);
}

TEST_CASE("The limits of values and times are exact") {
    CHECK(rows(cpu_line(kLabels, "18446744073.7095516159 9223372036854")) ==
          "n/p/c cpu=18446744073709551615@9223372036854000000\n");
    CHECK(rows("container_start_time_seconds" + kLabels + " 9223372036.854775807\n") ==
          "n/p/c started=9223372036854775807\n");
    CHECK(rows("container_start_time_seconds" + kLabels + " 9223372036.854775808\n") == kBad);
    CHECK(rows("container_start_time_seconds" + kLabels + " -6.7953645788713455e+09 -62135596800000\n") ==
          kBad);
}

TEST_CASE("A line without a time has the time of the request") {
    CHECK(rows(cpu_line(kLabels, "1.5")) == "n/p/c cpu=1500000000@1795408000123456789\n");
    CHECK(describe(parse_page("node_cpu_usage_seconds_total 2")) ==
          "node cpu=2000000000@1795408000123456789\n");
}

TEST_CASE("A bad line costs only itself") {
    const std::string bad = cpu_line(R"({container="d",namespace="n",pod="p"})", "1 -1");
    CHECK(rows(cpu_line(kLabels) + bad + cpu_line(R"({container="e",namespace="n",pod="p"})") + "}{\n" +
               "container_memory_working_set_bytes" + kLabels + " 3 9\n") ==
          "n/p/c cpu=1500000000@7000000 memory=3@9000000\nn/p/e cpu=1500000000@7000000\nbad=2\nincomplete\n");
    // The bad value takes nothing from what was good before.
    CHECK(rows(cpu_line(kLabels) + cpu_line(kLabels, "NaN 8")) == kCpuRow + kBad);
}

TEST_CASE("Two lines for one figure that differ make a row that contradicts itself") {
    struct Case {
        const char* name;
        std::string text;
        bool twice;
    };
    const std::string start = std::string{"container_start_time_seconds"} + kLabels;
    const Case cases[] = {
        {"one", cpu_line(kLabels), false},
        {"the same again", cpu_line(kLabels) + cpu_line(kLabels), false},
        {"another value", cpu_line(kLabels) + cpu_line(kLabels, "2.5 7"), true},
        {"another time", cpu_line(kLabels) + cpu_line(kLabels, "1.5 8"), true},
        {"another, then the first again", cpu_line(kLabels) + cpu_line(kLabels, "9 9") + cpu_line(kLabels),
         true},
        {"not side by side",
         cpu_line(kLabels) + "container_memory_working_set_bytes" + kLabels + " 3 9\n" +
             cpu_line(kLabels, "9 9"),
         true},
        {"the labels in another order",
         cpu_line(kLabels) + cpu_line(R"({pod="p",namespace="n",container="c"})", "9 9"), true},
        {"memory",
         "container_memory_working_set_bytes" + std::string{kLabels} + " 3 9\n" +
             "container_memory_working_set_bytes" + kLabels + " 4 9\n",
         true},
        {"a zero first, of one that ended", cpu_line(kLabels, "0 9") + cpu_line(kLabels), false},
        {"a zero last", cpu_line(kLabels) + cpu_line(kLabels, "0 9"), false},
        {"two starts: the newer counts", cpu_line(kLabels) + start + " 5\n" + start + " 4\n", false},
        {"another container", cpu_line(kLabels) + cpu_line(R"({container="d",namespace="n",pod="p"})", "9 9"),
         false},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            const auto page = parse_page(c.text);
            REQUIRE(!page.containers.empty());
            CHECK(page.containers.front().twice == c.twice);
            CHECK(page.complete);
            const auto& cpu = page.containers.front().cpu;
            if (cpu && !c.twice) CHECK(cpu->value == 1'500'000'000);
        }
    CHECK(rows(start + " 5\n" + start + " 4\n") == "n/p/c started=5000000000\n");
    CHECK(rows(start + " 4\n" + start + " 5\n") == "n/p/c started=5000000000\n");
    CHECK(parse_page("node_memory_working_set_bytes 5 1\nnode_memory_working_set_bytes 4 2\n").node.twice);
    CHECK_FALSE(
        parse_page("node_memory_working_set_bytes 5 1\nnode_memory_working_set_bytes 5 1\n").node.twice);
}

TEST_CASE("Rows are matched by name however the families order and interleave them") {
    const auto line = [](const char* family, const char* container, int value) {
        return std::string{family} + "{container=\"" + container + "\",namespace=\"n\",pod=\"p\"} " +
               std::to_string(value) + " 1\n";
    };
    const char* const cpu = "container_cpu_usage_seconds_total";
    const char* const memory = "container_memory_working_set_bytes";
    const char* const swap = "container_swap_usage_bytes";
    const std::string expected =
        "n/p/a cpu=1000000000@1000000 memory=4@1000000 swap=7@1000000\n"
        "n/p/ab cpu=2000000000@1000000 memory=5@1000000\n"
        "n/p/b cpu=3000000000@1000000 memory=6@1000000 swap=9@1000000\n";
    const std::string first = line(cpu, "a", 1) + line(cpu, "ab", 2) + line(cpu, "b", 3);
    SECTION("the usual order") {
        CHECK(rows(first + line(memory, "a", 4) + line(memory, "ab", 5) + line(memory, "b", 6) +
                   line(swap, "a", 7) + line(swap, "b", 9)) == expected);
    }
    SECTION("reversed") {
        CHECK(rows(first + line(memory, "b", 6) + line(memory, "ab", 5) + line(memory, "a", 4) +
                   line(swap, "b", 9) + line(swap, "a", 7)) == expected);
    }
    SECTION("mixed") {
        CHECK(rows(line(cpu, "a", 1) + line(memory, "a", 4) + line(cpu, "ab", 2) + line(memory, "ab", 5) +
                   line(swap, "a", 7) + line(memory, "b", 6) + line(swap, "b", 9) + line(cpu, "b", 3)) ==
              expected);
    }
}

TEST_CASE("Names that only begin like a known family are other families") {
    const auto line = GENERATE(
        as<std::string>{}, "container_cpu_usage_seconds_total_x 1", "container_cpu_usage_seconds_tota 1",
        "container_cpu_usage_seconds_total:x 1", "node_cpu 1", "node_cpu_usage_seconds_totals NaN",
        "scrape_errors 1", "up", "_ 1", ":x 1", "Z what",
        R"({"container_cpu_usage_seconds_total",container="c"} 1)", "# EOF", "#", "", " ", "\r", "\t\t",
        "# container_cpu_usage_seconds_total 1", "  # x", "pod_cpu_usage_seconds_total{} -1 -1");
    CAPTURE(line);
    CHECK(rows(line + "\n" + cpu_line(kLabels)) == kCpuRow);
}

TEST_CASE("A line that cannot begin with a name is bad") {
    const auto line = GENERATE(as<std::string>{}, "<html>", "1", "\"x\" 1", "}", "-", "\xFF", "\0"s, "%");
    CAPTURE(line);
    CHECK(rows(line + "\n" + cpu_line(kLabels)) == kCpuRow + kBad);
}

TEST_CASE("A known family's name needs something behind it") {
    const auto line =
        GENERATE(as<std::string>{}, "container_cpu_usage_seconds_total", "node_cpu_usage_seconds_total",
                 "node_cpu_usage_seconds_total ", "node_swap_usage_bytes{", "resource_scrape_error",
                 "node_cpu_usage_seconds_total{x=1} 1", "node_cpu_usage_seconds_total}1");
    CAPTURE(line);
    const bool other_family = line.ends_with("}1");
    CHECK(rows(line) == (other_family ? "" : kBad));
}

TEST_CASE("The node's labels are ignored") {
    CHECK(describe(parse_page("node_cpu_usage_seconds_total { node=\"x\", } 2 1\n")) ==
          "node cpu=2000000000@1000000\n");
}

TEST_CASE("A page is incomplete when the kubelet says so") {
    struct Case {
        const char* text;
        const char* expected;
    };
    const Case cases[] = {
        {"resource_scrape_error 0\n", ""},
        {"scrape_error 0\n", ""},
        {"resource_scrape_error 1\n", "incomplete\n"},
        {"scrape_error 1\n", "incomplete\n"},
        {"scrape_error{} 0.5\n", "incomplete\n"},
        {"resource_scrape_error 1\nresource_scrape_error 0\n", "incomplete\n"},
        {"resource_scrape_error NaN\n", "bad=1\nincomplete\n"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(rows(c.text) == c.expected);
    }
}

// SPDX-License-Identifier: Apache-2.0
// Whole pages: real ones, in pieces, over the limits, one after the other.
#include "scraper/page/page_parser.hpp"
#include "test/checkout.hpp"
#include "test/scraper/page/cpu_line.hpp"
#include "test/scraper/page_text.hpp"

#include <random>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

using scraper::cpu_line;
using scraper::describe;
using scraper::kBad;
using scraper::kCpuRow;
using scraper::kLabels;
using scraper::PageLimits;
using scraper::parse_page;

namespace {

const char* const kSmallPage =
    "# HELP container_cpu_usage_seconds_total [STABLE] Cumulative cpu time\n"
    "# TYPE container_cpu_usage_seconds_total counter\n"
    "container_cpu_usage_seconds_total{container=\"a\",namespace=\"n\",pod=\"p\"} 5.950146986 "
    "1795408141939\r\n"
    "container_cpu_usage_seconds_total{id=\"\\\"\\\\\\n\",container=\"b\",namespace=\"n\",pod=\"p\"} 0.5\n"
    "container_memory_working_set_bytes{container=\"a\",namespace=\"n\",pod=\"p\"} 5.0675712e+07 "
    "1795408141940\n"
    "container_start_time_seconds{container=\"a\",namespace=\"n\",pod=\"p\"} 1.7954080156584468e+09\n"
    "\n"
    "container_swap_limit_bytes{container=\"a\",namespace=\"n\",pod=\"p\"} what ever\n"
    "container_swap_usage_bytes{container=\"a\",namespace=\"n\",pod=\"p\"} 4096 1795408141941\n"
    "node_cpu_usage_seconds_total 3441.70196547 1795408153917\n"
    "node_memory_working_set_bytes{} 2.986852352e+09 1795408153918\n"
    "node_swap_usage_bytes 0 1795408153919\n"
    "a line that is not one of ours\n"
    "container_cpu_usage_seconds_total{container=\"a\"} 1\n"
    "resource_scrape_error 0";

const char* const kSmallPageMeans =
    "node cpu=3441701965470@1795408153917000000 memory=2986852352@1795408153918000000"
    " swap=0@1795408153919000000\n"
    "n/p/a cpu=5950146986@1795408141939000000 memory=50675712@1795408141940000000"
    " swap=4096@1795408141941000000 started=1795408015658446800\n"
    "n/p/b cpu=500000000@1795408000123456789\n"
    "bad=1\nincomplete\n";

}  // namespace

TEST_CASE("A page is read into the node's figures and a row per container") {
    CHECK(describe(parse_page(kSmallPage)) == kSmallPageMeans);
}

TEST_CASE("A page of a real kubelet is read whole") {
    const auto page = parse_page(scraper::read_file(checkout::fixtures() / "kubelet-1.37/sequence/t15.txt"));
    CHECK(
        describe(page) ==
        "node cpu=3441701965470@1795408153917000000 memory=2986852352@1795408153917000000"
        " swap=0@1795408153917000000\n"
        "kube-system/multi-127.0.2.1/cpu cpu=5950146986@1795408141939000000 memory=212992@1795408141939000000"
        " swap=0@1795408141939000000 started=1795408015658446800\n"
        "default/burn-127.0.2.1/main cpu=36462133387@1795408141511000000 memory=217088@1795408141511000000"
        " swap=0@1795408141511000000 started=1795408014082751500\n"
        "default/flappy-127.0.2.1/main cpu=1139372141@1795408157085000000 memory=471040@1795408157085000000"
        " swap=0@1795408157091000000 started=1795408150550778200\n"
        "default/idle-127.0.2.1/main cpu=12117577@1795408149756000000 memory=233472@1795408149756000000"
        " swap=0@1795408149756000000 started=1795408014199133200\n"
        "kube-system/multi-127.0.2.1/mem cpu=40767876@1795408141939000000 memory=50675712@1795408141939000000"
        " swap=0@1795408141939000000 started=1795408015726851700\n"
        "kube-system/multi-127.0.2.1/sidecar cpu=2590587029@1795408148882000000"
        " memory=225280@1795408148882000000 swap=0@1795408148882000000 started=1795408015567408800\n"
        "default/flappy-127.0.2.1/steady cpu=11254347@1795408156520000000 memory=225280@1795408156520000000"
        " swap=0@1795408156520000000 started=1795408014285643000\n");
}

TEST_CASE("Every kept page of a real kubelet has only good lines") {
    const auto pages = scraper::resource_pages();
    CHECK(pages.size() == 26);
    for (const auto& path : pages) {
        CAPTURE(path);
        const auto page = parse_page(scraper::read_file(path));
        CHECK(page.bad_lines == 0);
        CHECK(page.complete);
        CHECK(page.node.cpu.has_value());
        CHECK(page.containers.size() >= 6);
    }
}

TEST_CASE("The page is the same whatever pieces it comes in") {
    const std::string_view small = kSmallPage;
    SECTION("cut once at every place") {
        for (std::size_t cut = 0; cut <= small.size(); ++cut) {
            storage::NodePage page;
            scraper::PageParser parser{page, scraper::kRequestedAt};
            parser.feed(small.substr(0, cut));
            parser.feed(small.substr(cut));
            parser.finish();
            CAPTURE(cut);
            CHECK(describe(page) == kSmallPageMeans);
        }
    }
    SECTION("in pieces of one size") {
        for (std::size_t size = 1; size < 200; ++size) {
            CAPTURE(size);
            CHECK(describe(parse_page(small, size)) == kSmallPageMeans);
        }
    }
    SECTION("a real page at random places") {
        std::mt19937 random{20261123};
        for (const auto& path : scraper::resource_pages()) {
            const std::string text = scraper::read_file(path);
            const std::string expected = describe(parse_page(text));
            for (int round = 0; round < 20; ++round) {
                storage::NodePage page;
                scraper::PageParser parser{page, scraper::kRequestedAt};
                for (std::size_t at = 0; at < text.size();) {
                    const std::size_t size = random() % (round % 2 == 0 ? 40 : 3000);
                    parser.feed(std::string_view{text}.substr(at, size));
                    at += size;
                }
                parser.finish();
                CHECK(describe(page) == expected);
            }
        }
    }
}

TEST_CASE("A line over the limit is bad once and the next one is read") {
    const PageLimits limits{.line_bytes = 100};
    const std::string good = cpu_line(kLabels);
    const auto padded = [&](std::size_t bytes) { return std::string(bytes + 1 - good.size(), ' ') + good; };
    const std::string bad_row = "node\n" + kCpuRow + kBad;
    for (const std::size_t piece : {1u, 7u, 99u, 100u, 101u, 102u, 4096u}) {
        CAPTURE(piece);
        CHECK(describe(parse_page(padded(100), piece, limits)) == "node\n" + kCpuRow);
        CHECK(describe(parse_page(padded(101), piece, limits)) == "node\n" + kBad);
        CHECK(describe(parse_page("#" + std::string(100, 'x') + "\n" + good, piece, limits)) == bad_row);
        CHECK(describe(parse_page(std::string(1000, 'x'), piece, limits)) == "node\n" + kBad);
        CHECK(describe(parse_page(std::string(1000, 'x') + "\n" + good, piece, limits)) == bad_row);
    }
}

TEST_CASE("Containers over the limit are bad lines") {
    std::string text;
    for (int i = 0; i < 5; ++i)
        text += cpu_line("{container=\"c" + std::to_string(i) + "\",namespace=\"n\",pod=\"p\"}");
    CHECK(describe(parse_page(text + text, text.npos, {.containers = 2})) ==
          "node\nn/p/c0 cpu=1500000000@7000000\nn/p/c1 cpu=1500000000@7000000\nbad=6\nincomplete\n");
}

TEST_CASE("A restarted parser knows nothing of the page before") {
    storage::NodePage first;
    storage::NodePage second;
    scraper::PageParser parser{first, 1};
    parser.feed(kSmallPage);
    parser.feed("\n" + std::string(20'000, 'x'));
    parser.restart(second, scraper::kRequestedAt);
    CHECK(first.bad_lines == 2);
    parser.feed(kSmallPage);
    parser.finish();
    CHECK(describe(second) == kSmallPageMeans);
    parser.restart(second, scraper::kRequestedAt);
    CHECK(describe(second) == "node\n");
    parser.feed(cpu_line(kLabels));
    parser.finish();
    CHECK(describe(second) == "node\n" + kCpuRow);
}

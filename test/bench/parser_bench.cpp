// SPDX-License-Identifier: Apache-2.0
// How long a page takes to parse. Pages have the families, the order and the number forms of the kept pages
// of real kubelets (test/fixtures), of 30 pods: about 39 kB.
//
// "warm": one page again and again. "cold": a thousand pages in turn, as scrapes of a thousand nodes would
// be.
#include "scraper/page/page_parser.hpp"
#include "storage/node_page.hpp"
#include "test/bench/counter.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace {

constexpr int kPods = 30;
// What a read from a TLS connection brings at most.
constexpr std::size_t kRecord = std::size_t{16} * 1024;

std::string pod_name(int node, int pod) {
    return fmt::format("payment-gateway-service-{:02}-{:010x}-{:05x}", pod,
                       0x5d4f6b7cu + static_cast<unsigned>(node),
                       0x3a7f1u + static_cast<unsigned>(pod * 7919));
}

struct Family {
    const char* name;
    const char* help;
    enum { container, node, pod } subject;
    enum { seconds, bytes, start } value;
};

constexpr Family kFamilies[] = {
    {"container_cpu_usage_seconds_total", "Cumulative cpu time consumed by the container in core-seconds",
     Family::container, Family::seconds},
    {"container_memory_working_set_bytes", "Current working set of the container in bytes", Family::container,
     Family::bytes},
    {"container_start_time_seconds", "Start time of the container since unix epoch in seconds",
     Family::container, Family::start},
    {"container_swap_limit_bytes", "Current amount of the container swap limit in bytes.", Family::container,
     Family::bytes},
    {"container_swap_usage_bytes", "Current amount of the container swap usage in bytes.", Family::container,
     Family::bytes},
    {"node_cpu_usage_seconds_total", "Cumulative cpu time consumed by the node in core-seconds", Family::node,
     Family::seconds},
    {"node_memory_working_set_bytes", "Current working set of the node in bytes", Family::node,
     Family::bytes},
    {"node_swap_usage_bytes", "Current swap usage of the node in bytes.", Family::node, Family::bytes},
    {"pod_cpu_usage_seconds_total", "Cumulative cpu time consumed by the pod in core-seconds", Family::pod,
     Family::seconds},
    {"pod_memory_working_set_bytes", "Current working set of the pod in bytes", Family::pod, Family::bytes},
    {"pod_swap_usage_bytes", "Current amount of the pod swap usage in bytes.", Family::pod, Family::bytes},
};

std::string value_and_time(const Family& family, int node, int pod) {
    const int salt = node * 31 + pod;
    const std::int64_t millis = 1'795'408'141'939 + salt % 15'000;
    if (family.value == Family::start) return fmt::format("1.7954080{:010}e+09", 1'565'844'680 + salt);
    if (family.value == Family::seconds)
        return fmt::format("{}.{:09} {}", 36 + salt % 5000, 462'133'387 + salt, millis);
    return fmt::format("5.{:07}e+07 {}", 675'712 + salt, millis);
}

std::string labels(const Family& family, int node, int pod) {
    if (family.subject == Family::node) return {};
    const std::string of_pod = fmt::format(
        "namespace=\"{}\",pod=\"{}\"", pod % 4 == 0 ? "kube-system" : "shop-production", pod_name(node, pod));
    if (family.subject == Family::pod) return "{" + of_pod + "}";
    return "{container=\"application\"," + of_pod + "}";
}

std::string make_page(int node) {
    std::string page;
    for (const Family& family : kFamilies) {
        page += fmt::format("# HELP {0} [STABLE] {1}\n# TYPE {0} gauge\n", family.name, family.help);
        for (int pod = 0; pod < (family.subject == Family::node ? 1 : kPods); ++pod) {
            page += fmt::format("{}{} {}\n", family.name, labels(family, node, pod),
                                value_and_time(family, node, pod));
        }
    }
    return page +
           "# HELP resource_scrape_error [STABLE] 1 if there was an error\n"
           "# TYPE resource_scrape_error gauge\nresource_scrape_error 0\n";
}

void parse(scraper::PageParser& parser, std::string_view text) {
    for (std::size_t at = 0; at < text.size(); at += kRecord) parser.feed(text.substr(at, kRecord));
    parser.finish();
}

void require_whole(const storage::NodePage& page) {
    if (page.containers.size() == kPods && page.complete && page.node.cpu) return;
    fmt::print(stderr, "the page was not read whole\n");
    std::exit(1);
}

// Parses all pages in each of `rounds`.
void measure(const char* name, const std::vector<std::string>& pages, int rounds,
             const std::function<void(std::string_view)>& parse_one) {
    double bytes = 0;
    for (const std::string& page : pages) bytes += static_cast<double>(page.size());
    const auto all = [&] {
        for (const std::string& page : pages) parse_one(page);
    };
    bench::measure(name, "byte", bytes, rounds, all);
}

}  // namespace

// Arguments: rounds, and pages. `parser_bench 1` under a profiler.
int main(int argc, char** argv) {
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 30;
    const int pages = argc > 2 ? std::atoi(argv[2]) : 1000;
    std::vector<std::string> many;
    for (int node = 0; node < pages; ++node) many.push_back(make_page(node));
    if (many.empty()) return 1;

    storage::NodePage page;
    scraper::PageParser parser{page, 1};
    const auto warm = [&](std::string_view) {
        parser.restart(page, 1);
        parse(parser, many.front());
    };
    const auto restarted = [&](std::string_view text) {
        parser.restart(page, 1);
        parse(parser, text);
    };
    const auto constructed = [&](std::string_view text) {
        scraper::PageParser fresh{page, 1};
        parse(fresh, text);
    };
    const auto first_time = [&](std::string_view text) {
        storage::NodePage fresh_page;
        scraper::PageParser fresh{fresh_page, 1};
        parse(fresh, text);
    };
    measure("warm text, page and parser reused", many, rounds, warm);
    require_whole(page);
    measure("cold text, page and parser reused", many, rounds, restarted);
    require_whole(page);
    measure("cold text, page reused", many, rounds, constructed);
    measure("cold text, nothing reused", many, rounds, first_time);
    return 0;
}

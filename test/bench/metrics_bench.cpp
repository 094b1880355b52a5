// SPDX-License-Identifier: Apache-2.0
// What the page of metrics costs: metrics_bench [NODES], 15,000 by default. The nodes have no usable address,
// so that all of them are soon asked without a network.
#include "apiserver/compression/gzip.hpp"
#include "apiserver/exposition/exposition.hpp"
#include "kube/objects.hpp"
#include "kube/reflector.hpp"
#include "scraper/metrics.hpp"
#include "scraper/node/request_durations.hpp"
#include "scraper/options.hpp"
#include "scraper/scraper.hpp"
#include "storage/store.hpp"
#include "telemetry/metrics.hpp"
#include "test/bench/counter.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <malloc.h>

namespace {

using namespace std::chrono_literals;
constexpr std::size_t kPiece = apiserver::Exposition::kPieceBytes;

std::size_t heap_bytes() {
    const auto info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

void put_nodes(scraper::Scraper& scraper, std::size_t nodes) {
    for (std::size_t n = 0; n < nodes; ++n) {
        kube::Node node;
        node.name = "ip-10-0-" + std::to_string(n / 250) + "-" + std::to_string(n % 250) + ".ec2.internal";
        scraper.nodes().put(node);
    }
}

// Reads the page as a client that takes it piece by piece.
struct Reading {
    std::size_t bytes = 0;
    std::size_t pieces = 0;
    std::size_t heap = 0;
    double longest_us = 0;
};
Reading read(const telemetry::MetricsPage& page) {
    Reading reading;
    const std::size_t before = heap_bytes();
    telemetry::MetricsPage::Reader reader{page};
    std::string piece;
    for (bool more = true; more;) {
        piece.clear();
        const double begin = bench::cpu_microseconds();
        more = reader.next(piece, kPiece);
        reading.longest_us = std::max(reading.longest_us, bench::cpu_microseconds() - begin);
        reading.bytes += piece.size();
        reading.heap = std::max(reading.heap, heap_bytes() - before);
        ++reading.pieces;
    }
    return reading;
}

std::size_t read_compressed(const telemetry::MetricsPage& page) {
    telemetry::MetricsPage::Reader reader{page};
    gzip::Writer gzip;
    std::string piece, packed;
    std::size_t bytes = 0;
    gzip.begin(packed, {});
    for (bool more = true; more;) {
        piece.clear();
        more = reader.next(piece, kPiece);
        gzip.write(packed, piece);
        bytes += packed.size();
        packed.clear();
    }
    gzip.finish(packed);
    return bytes + packed.size();
}

void bench_instruments() {
    constexpr auto kFreshness = telemetry::exponential_bounds<20>(1, 1.364);
    constexpr int kObservations = 100'000;
    telemetry::Histogram ages{kFreshness};
    bench::measure("age of a row", "row", kObservations, 20, [&] {
        for (int i = 0; i < kObservations; ++i) ages.observe(std::chrono::milliseconds{i % 30'000});
    });
    scraper::RequestDurations requests;
    bench::measure("duration of a scrape", "scrape", kObservations, 20, [&] {
        for (int i = 0; i < kObservations; ++i)
            requests.add(std::chrono::microseconds{i}, std::chrono::system_clock::now());
    });
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t nodes = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 15'000;
    boost::asio::io_context loop{1};
    storage::Store store{{}};
    scraper::ScraperOptions options;
    options.resolution = 1s;
    options.completely_insecure = true;
    scraper::Scraper scraper{loop.get_executor(), options, store};
    put_nodes(scraper, nodes);
    boost::asio::co_spawn(loop, scraper.run(), boost::asio::detached);
    while (scraper.stats().failing < nodes) loop.run_one();

    telemetry::MetricsPage page;
    scraper::add_metrics(page, scraper);
    const Reading reading = read(page);
    std::printf("%zu nodes: %zu bytes in %zu pieces, at most %.0f us and %zu bytes of heap at a time\n",
                nodes, reading.bytes, reading.pieces, reading.longest_us, reading.heap);
    std::printf("compressed: %zu bytes\n", read_compressed(page));
    std::printf("%zu bytes a node\n", sizeof(scraper::RequestDurations));
    bench::measure("page of metrics", "node", static_cast<double>(nodes), 10, [&] { read(page); });
    bench::measure("page of metrics, compressed", "node", static_cast<double>(nodes), 3,
                   [&] { read_compressed(page); });
    bench_instruments();
}

// SPDX-License-Identifier: Apache-2.0
#include "topd/limits/memory_plan.hpp"

#include "test/topd/limits/mebibyte.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using test::kMiB;
using topd::bounds_within;
using topd::Inventory;
using topd::MemoryBounds;

namespace {

constexpr std::uint64_t kKiB = 1024;

}  // namespace

TEST_CASE("What a cluster needs follows its nodes and pods and containers") {
    struct Case {
        Inventory inventory;
        std::uint64_t bytes;
    };
    const Case cases[] = {
        // 1.3 times 10 MiB
        {{0, 0, 0}, 13'631'488},
        {{1, 0, 0}, 13'667'430},
        {{0, 1, 0}, 13'631'943},
        {{0, 0, 1}, 13'631'644},
        // 1.3 times 300, and 520.
        {{0, 1, 1, 0, 1}, 13'632'489},
        {{0, 1, 1, 0, 1, 1}, 13'633'165},
        // 39.3 MiB: fits into 64.
        {{500, 15'000, 18'000}, 41'235'688},
        // 66 MiB: does not.
        {{1000, 30'000, 36'000}, 68'839'888},
        {{5000, 150'000, 180'000}, 289'673'488},
    };
    for (const Case& c : cases) {
        CAPTURE(c.inventory.nodes, c.inventory.pods);
        CHECK(topd::needed_bytes(c.inventory) == c.bytes);
    }
}

TEST_CASE("Bounds shrink with the memory limit") {
    struct Case {
        std::optional<std::uint64_t> limit;
        std::size_t encoded_list_bytes;
        std::size_t connections;
        std::size_t request_bytes;
        std::size_t certificate_bytes;
        std::uint64_t page_bytes;
        std::size_t unknown_pods;
        std::size_t log_lines;
    };
    const Case cases[] = {
        {std::nullopt, 64 * kMiB, 4096, 16 * kMiB, 2 * kMiB, 16 * kMiB, 20'000, 1024},
        {8192 * kMiB, 64 * kMiB, 4096, 16 * kMiB, 2 * kMiB, 16 * kMiB, 20'000, 1024},
        {512 * kMiB, 64 * kMiB, 1365, 16 * kMiB, 2 * kMiB, 16 * kMiB, 20'000, 1024},
        {128 * kMiB, 16 * kMiB, 341, 4 * kMiB, 1 * kMiB, 8 * kMiB, 6'898, 1024},
        {64 * kMiB, 8 * kMiB, 170, 2 * kMiB, 512 * kKiB, 4 * kMiB, 3'449, 512},
        {32 * kMiB, 4 * kMiB, 85, 1 * kMiB, 256 * kKiB, 2 * kMiB, 1'724, 256},
        {1, 1 * kMiB, 64, 1 * kMiB, 256 * kKiB, 2 * kMiB, 1'000, 128},
    };
    for (const Case& c : cases) {
        CAPTURE(c.limit.value_or(0) / kMiB);
        const MemoryBounds bounds = bounds_within(c.limit);
        CHECK(bounds.encoded_list_bytes == c.encoded_list_bytes);
        CHECK(bounds.connections == c.connections);
        CHECK(bounds.request_bytes == c.request_bytes);
        CHECK(bounds.certificate_bytes == c.certificate_bytes);
        CHECK(bounds.page_bytes == c.page_bytes);
        CHECK(bounds.unknown_pods == c.unknown_pods);
        CHECK(bounds.log_lines == c.log_lines);
    }
}

TEST_CASE("What is kept and asked about strangers shrinks with the memory limit") {
    struct Case {
        std::optional<std::uint64_t> limit;
        std::size_t kept_answer_bytes;
        std::size_t review_bytes;
        std::size_t query_bytes;
    };
    const Case cases[] = {
        {std::nullopt, 3 * kMiB, 4 * kMiB, 64 * kMiB}, {4096 * kMiB, 3 * kMiB, 4 * kMiB, 64 * kMiB},
        {512 * kMiB, 3 * kMiB, 4 * kMiB, 16 * kMiB},   {128 * kMiB, 1 * kMiB, 1 * kMiB, 4 * kMiB},
        {64 * kMiB, 512 * kKiB, 512 * kKiB, 2 * kMiB}, {32 * kMiB, 256 * kKiB, 256 * kKiB, 1 * kMiB},
        {1, 192 * kKiB, 256 * kKiB, 1 * kMiB}};
    for (const Case& c : cases) {
        CAPTURE(c.limit.value_or(0) / kMiB);
        const MemoryBounds bounds = bounds_within(c.limit);
        CHECK(bounds.kept_answer_bytes == c.kept_answer_bytes);
        CHECK(bounds.review_bytes == c.review_bytes);
        CHECK(bounds.query_bytes == c.query_bytes);
    }
}

TEST_CASE("All bounds in use take less than half of the limit") {
    for (std::uint64_t limit = 32 * kMiB; limit <= 16384 * kMiB; limit += limit / 3) {
        CAPTURE(limit / kMiB);
        const MemoryBounds bounds = bounds_within(limit);
        // Only who keeps history answers queries: as much for one that is evaluated as for answers.
        CHECK(2 * bounds.query_bytes <= limit / 16);
        // And only who scrapes pods keeps what they say, and half as much of pages under way.
        CHECK(bounds.application_bytes * 3 / 2 <= std::max(limit / 16, 3 * kMiB / 2));
        CHECK(bounds.encoded_list_bytes + bounds.connections * 64 * kKiB + bounds.request_bytes +
                  bounds.certificate_bytes + bounds.page_bytes + bounds.unknown_pods * 1216 +
                  bounds.log_lines * 2 * kKiB + bounds.kept_answer_bytes + bounds.review_bytes <
              limit / 2);
    }
}

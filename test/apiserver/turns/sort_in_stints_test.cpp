// SPDX-License-Identifier: Apache-2.0
#include "apiserver/turns/sort_in_stints.hpp"

#include "test/net/run.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

namespace {

// A key that many have, and where it was.
using Placed = std::pair<std::uint32_t, std::uint32_t>;

std::vector<Placed> shuffled(std::uint32_t count) {
    std::mt19937 random{7};
    std::vector<Placed> out;
    for (std::uint32_t i = 0; i < count; ++i) out.emplace_back(random() % (count / 4 + 1), i);
    return out;
}

}  // namespace

TEST_CASE("what is sorted in stints is sorted, and what is alike stays in order") {
    for (const std::uint32_t count : {0U, 1U, 2U, 511U, 512U, 513U, 1024U, 1500U, 40'000U}) {
        CAPTURE(count);
        std::vector<Placed> all = shuffled(count), wanted = all;
        std::sort(wanted.begin(), wanted.end());
        boost::asio::io_context loop{1};
        apiserver::Stint stint;
        const auto before = [](const Placed& a, const Placed& b) { return a.first < b.first; };
        test::run(loop, apiserver::sort_in_stints(all, before, stint));
        CHECK(all == wanted);
    }
}

TEST_CASE("others have their turns while a long list is sorted") {
    std::vector<Placed> all = shuffled(8'192);
    std::size_t compared = 0, longest = 0;
    bool is_over = false;
    // So slow that 500 us are over with the first run.
    const auto before = [&](const Placed& a, const Placed& b) {
        ++compared;
        const auto until = net::Clock::now() + std::chrono::nanoseconds{200};
        while (net::Clock::now() < until) {
        }
        return a.first < b.first;
    };
    boost::asio::io_context loop{1};
    const auto sort = [&]() -> net::Task<> {
        apiserver::Stint stint;
        co_await apiserver::sort_in_stints(all, before, stint);
        is_over = true;
    };
    const auto watch = [&]() -> net::Task<> {
        for (std::size_t seen = 0; !is_over; seen = compared) {
            longest = std::max(longest, compared - seen);
            co_await net::yield();
        }
    };
    boost::asio::co_spawn(loop, sort, boost::asio::detached);
    boost::asio::co_spawn(loop, watch, boost::asio::detached);
    loop.run();
    CHECK(compared > 50'000);
    CHECK(longest < 10'000);
}

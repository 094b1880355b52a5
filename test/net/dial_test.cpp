// SPDX-License-Identifier: Apache-2.0
#include "net/dial.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

TEST_CASE("A try has its share of the time that is left and the last one all of it") {
    const net::Clock::time_point now{100s};
    struct Case {
        const char* name;
        net::Deadline deadline;
        std::size_t tries;
        net::Deadline by;
    };
    const Case cases[] = {
        {"the only one", now + 10s, 1, now + 10s},
        {"two, and an answer after them", now + 9s, 2, now + 3s},
        {"five", now + 12s, 5, now + 2s},
        {"no deadline", net::Deadline::max(), 2, net::Deadline::max()},
        {"too late", now - 1s, 2, now - 1s},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            CHECK(net::share_of(c.deadline, c.tries, now) == c.by);
        }
}

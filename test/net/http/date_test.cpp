// SPDX-License-Identifier: Apache-2.0
#include "net/http/date.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

TEST_CASE("The Date of an answer is read as HTTP writes it") {
    const auto when = net::parse_http_date("Tue, 24 Nov 2026 11:39:04 GMT");
    REQUIRE(when);
    CHECK(when->time_since_epoch() == 1795520344s);
    for (const char* bad : {"", "now", "Tue, 24 Nov 2026 11:39:04", "Tue, 24 Nov 2026 11:39:04 GMT+1"})
        CHECK(!net::parse_http_date(bad));
}

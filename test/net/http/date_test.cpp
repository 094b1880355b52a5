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

TEST_CASE("A date that the clock cannot hold is none") {
    CHECK(net::parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT"));
    CHECK(net::parse_http_date("Wed, 01 Jan 2200 00:00:00 GMT"));
    for (const char* bad : {"Wed, 31 Dec 1969 23:59:59 GMT", "Wed, 01 Jan 2200 00:00:01 GMT",
                            "Sun, 06 Nov 3988 08:50:07 GMT", "Mon, 01 Jan 0001 00:00:00 GMT"})
        CHECK(!net::parse_http_date(bad));
}

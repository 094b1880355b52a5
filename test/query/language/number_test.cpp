// SPDX-License-Identifier: Apache-2.0
#include "query/language/number.hpp"

#include <limits>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

namespace {

std::string written(double value) {
    std::string out;
    query::append_value(out, value);
    return out;
}

}  // namespace

TEST_CASE("values are written as Prometheus writes them") {
    const std::pair<double, const char*> rows[] = {
        {0, "0"},
        {-0.0, "-0"},
        {12, "12"},
        {0.25, "0.25"},
        {1e-6, "0.000001"},
        {1e-7, "1e-07"},
        {1.5e-9, "1.5e-09"},
        {1e20, "100000000000000000000"},
        {1e21, "1e+21"},
        {1.0 / 3, "0.3333333333333333"},
        {123456789012345.67, "123456789012345.67"},
        {std::numeric_limits<double>::infinity(), "+Inf"},
        {-std::numeric_limits<double>::infinity(), "-Inf"},
        {std::numeric_limits<double>::quiet_NaN(), "NaN"},
        {std::numeric_limits<double>::max(), "1.7976931348623157e+308"},
        {5e-324, "5e-324"}};
    for (const auto& [value, expected] : rows) CHECK(written(value) == expected);
}

TEST_CASE("durations have each unit once, the longest first") {
    CHECK(query::parse_duration("1h30m") == 5'400'000);
    CHECK(query::parse_duration("1d") == 86'400'000);
    CHECK(query::parse_duration("5ms") == 5);
    CHECK(query::parse_duration("1m5ms") == 60'005);
    CHECK(query::parse_duration("0") == 0);
    for (const char* text :
         {"", "1", "h", "1h1h", "1m1h", "1x", "-1h", "1.5h", "1h ", "300y", "99999999999999999999s"}) {
        INFO(text);
        CHECK(!query::parse_duration(text));
    }
}

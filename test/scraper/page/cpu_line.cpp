// SPDX-License-Identifier: Apache-2.0
#include "test/scraper/page/cpu_line.hpp"

#include "test/scraper/page_text.hpp"

#include <catch2/catch.hpp>

namespace scraper {

std::string rows(std::string_view text) {
    const std::string all = describe(parse_page(text));
    REQUIRE(all.starts_with("node\n"));
    return all.substr(5);
}

std::string cpu_line(const std::string& labels, const std::string& value_and_time) {
    return "container_cpu_usage_seconds_total" + labels + " " + value_and_time + "\n";
}

}  // namespace scraper

// SPDX-License-Identifier: Apache-2.0
// Pages of a line or two about one container, and what is read from them.
#pragma once

#include <string>
#include <string_view>

namespace scraper {

// What is read of a page without a node's figures.
std::string rows(std::string_view text);

// A CPU line of one container.
std::string cpu_line(const std::string& labels, const std::string& value_and_time = "1.5 7");

inline const std::string kLabels = R"({container="c",namespace="n",pod="p"})";
inline const std::string kCpuRow = "n/p/c cpu=1500000000@7000000\n";
inline const std::string kBad = "bad=1\nincomplete\n";

}  // namespace scraper

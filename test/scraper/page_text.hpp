// SPDX-License-Identifier: Apache-2.0
// Pages as text, for tests: what a page says in one readable string, and the kept pages of real kubelets.
#pragma once

#include "scraper/page/page_parser.hpp"
#include "storage/node_page.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace scraper {

constexpr storage::Nanos kRequestedAt = 1'795'408'000'123'456'789;

// Parses `text` in pieces of `piece` bytes.
storage::NodePage parse_page(std::string_view text, std::size_t piece = std::string_view::npos,
                             PageLimits limits = {});

// "node cpu=1@2 ...", then a line per row; then "bad=N" unless 0, and "incomplete". A figure is value@time,
// both in nanoseconds; what is absent is left out.
std::string describe(const storage::NodePage& page);

// Every kept /metrics/resource page, in text.
std::vector<std::filesystem::path> resource_pages();
std::string read_file(const std::filesystem::path& path);

}  // namespace scraper

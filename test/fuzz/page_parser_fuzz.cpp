// SPDX-License-Identifier: Apache-2.0
// Any bytes make a page, within the limits, and the same page whatever pieces they come in.
#include "test/fuzz/require.hpp"
#include "test/scraper/page_text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

namespace {

constexpr scraper::PageLimits kLimits{.line_bytes = 512, .containers = 8};

bool is_name(std::string_view text, std::size_t most) {
    const auto fits = [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '/' && c != '\\'; };
    return !text.empty() && text.size() <= most && std::all_of(text.begin(), text.end(), fits);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of(data, size);
    const storage::NodePage page = scraper::parse_page(text, text.npos, kLimits);
    const std::string whole = scraper::describe(page);

    require(page.containers.size() <= kLimits.containers, "no more rows than the limit");
    require(page.bad_lines == 0 || !page.complete, "a page with bad lines is incomplete");
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
    require(page.bad_lines + page.containers.size() <= lines, "a line is bad or a row, once");
    std::set<std::tuple<std::string_view, std::string_view, std::string_view>> names;
    for (const storage::PageRow& row : page.containers) {
        require(is_name(row.name_space, 63) && is_name(row.pod, 253) && is_name(row.container, 63),
                "rows have names, and such as may be");
        names.emplace(row.name_space, row.pod, row.container);
    }
    require(names.size() == page.containers.size(), "one row per container");

    // The text itself says where to cut it.
    const std::size_t piece = size == 0 ? 1 : 1 + data[size / 2] % 97;
    require(scraper::describe(scraper::parse_page(text, 1, kLimits)) == whole, "bytes one by one");
    require(scraper::describe(scraper::parse_page(text, piece, kLimits)) == whole, "pieces of one size");
    return 0;
}

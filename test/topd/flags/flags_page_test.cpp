// SPDX-License-Identifier: Apache-2.0
#include "test/topd/flags/flags_page.hpp"

#include "test/checkout.hpp"
#include "test/scraper/page_text.hpp"
#include "topd/flags/flag_table.hpp"

#include <fstream>

#include <catch2/catch.hpp>

using namespace topd;

TEST_CASE("docs/flags.md is what the table of flags gives") {
    const auto docs = checkout::docs() / "flags.md";
    const std::string made = flags_page();
    const bool same = std::filesystem::exists(docs) && scraper::read_file(docs) == made;
    const auto fresh = std::filesystem::current_path() / "flags.md";
    if (!same) std::ofstream{fresh} << made;
    INFO("to make it anew: cp " << fresh.string() << " docs/flags.md");
    CHECK(same);
}

TEST_CASE("every flag is told with what it means") {
    for (const FlagGroup& group : flag_groups())
        for (const Flag& flag : group.flags) {
            CAPTURE(flag.name);
            CHECK(flag.help.empty() == !group.why_unused.empty());
        }
}

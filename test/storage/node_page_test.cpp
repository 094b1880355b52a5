// SPDX-License-Identifier: Apache-2.0
#include "storage/node_page.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using storage::NodePage;

TEST_CASE("kept texts stay where they are until the page is cleared") {
    NodePage page;
    std::vector<std::string> texts;
    std::vector<std::string_view> kept;
    for (int i = 0; i < 3000; ++i) {
        // Short ones, some that do not fit a block's rest, and some that are longer than any block.
        const std::size_t length = i % 500 == 499 ? 9000 : static_cast<std::size_t>(i % 137);
        texts.emplace_back(length, static_cast<char>('a' + i % 26));
        kept.push_back(page.keep(texts.back()));
    }
    for (std::size_t i = 0; i < texts.size(); ++i) {
        CAPTURE(i);
        REQUIRE(kept[i] == texts[i]);
    }
}

TEST_CASE("a kept text is a copy with any bytes in it") {
    NodePage page;
    std::string text{"a\0\xff\n", 4};
    const std::string_view kept = page.keep(text);
    text = "gone";
    CHECK(kept == std::string_view{"a\0\xff\n", 4});
    CHECK(page.keep("").empty());
}

TEST_CASE("a cleared page is as new and uses its memory again") {
    NodePage page;
    const char* first = page.keep("one").data();
    page.node.started = 5;
    page.containers.resize(10);
    page.bad_lines = 3;
    page.complete = false;
    page.clear();
    CHECK(page.node.started == 0);
    CHECK(page.containers.empty());
    CHECK(page.containers.capacity() >= 10);
    CHECK(page.bad_lines == 0);
    CHECK(page.complete);
    CHECK(page.keep("two").data() == first);
}

TEST_CASE("a cleared page does not keep the memory of a monstrous one") {
    NodePage page;
    page.containers.resize(1'000'000);
    page.clear();
    CHECK(page.containers.capacity() < 10'000);
}

TEST_CASE("a page that was moved from can be used again") {
    NodePage page;
    for (int i = 0; i < 100; ++i) page.keep(std::string(1000, 'x'));
    const std::string_view kept = page.keep("here");
    NodePage other = std::move(page);
    CHECK(kept == "here");
    CHECK(page.keep("again") == "again");
    CHECK(other.keep("more") == "more");
    CHECK(kept == "here");
}

// SPDX-License-Identifier: Apache-2.0
// An executable of its own: it replaces the global operator new.
#include "test/checkout.hpp"
#include "test/scraper/page_text.hpp"

#include <cstdlib>
#include <new>
#include <string>

#include <catch2/catch.hpp>

namespace {

std::size_t allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc{};
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++allocations;
    return std::malloc(size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

TEST_CASE("A page and a parser that are used again allocate nothing") {
    const std::string text = scraper::read_file(checkout::fixtures() / "kubelet-1.37/sequence/t15.txt");
    storage::NodePage page;
    scraper::PageParser parser{page, 1};
    const auto parse = [&] {
        const std::size_t before = allocations;
        parser.restart(page, 1);
        for (std::size_t at = 0; at < text.size(); at += 1000)
            parser.feed(std::string_view{text}.substr(at, 1000));
        parser.finish();
        return allocations - before;
    };
    CHECK(parse() > 0);
    // The first page told how many rows to expect.
    parse();
    CHECK(parse() == 0);
    CHECK(page.containers.size() == 7);
}

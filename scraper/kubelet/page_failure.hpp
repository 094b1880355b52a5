// SPDX-License-Identifier: Apache-2.0
// Why an answer of status 200 is no page, told by what it held.
#pragma once

#include "net/error.hpp"
#include "scraper/kubelet/failure.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace scraper {

struct ParsedPage;

// The body as it came.
struct PageBody {
    std::uint64_t bytes = 0;
    // The most that are read.
    std::uint64_t limit = 0;
    // Content-Type and Content-Encoding; empty: there was none.
    std::string type;
    std::string encoding;
};

// Why a body is broken that did not come whole.
Failure broken_page(const net::Error& error, const PageBody& body);
// Judges a body that came whole. No error: it holds a figure.
Failure judge_page(const ParsedPage& page, const PageBody& body);

// Bad lines among good ones: says so once, until a page has none. `said`: of the last page of the node.
void say_bad_lines(std::string_view node, const ParsedPage& page, bool& said);

}  // namespace scraper

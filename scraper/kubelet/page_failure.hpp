// SPDX-License-Identifier: Apache-2.0
// Why an answer is no page, told by what it held.
#pragma once

#include "net/error.hpp"
#include "scraper/kubelet/failure.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace scraper {

struct ParsedPage;

// The answer as it came.
struct PageBody {
    // 0: there was none.
    unsigned status = 0;
    std::uint64_t bytes = 0;
    // The most that are read.
    std::uint64_t limit = 0;
    // Content-Type and Content-Encoding; empty: there was none.
    std::string type;
    std::string encoding;
    // How the body of another status than 200 begins.
    std::string said;

    bool is_page() const { return status == 200; }
};

// Takes a piece of the body of another status, whose bytes are counted: keeps its beginning. It is read to
// the end for the connection's sake, unless it is long, which is an error.
net::Result<> take_said(PageBody& body, std::string_view piece);

// Why there is no page where the status is another, or there is no answer.
Failure no_page(const net::Error& error, const PageBody& body);
// Why a body is broken that did not come whole.
Failure broken_page(const net::Error& error, const PageBody& body);
// Judges a body that came whole. No error: it holds a figure.
Failure judge_page(const ParsedPage& page, const PageBody& body);

// Bad lines among good ones: says so once, until a page has none. `said`: of the last page of the node.
void say_bad_lines(std::string_view node, const ParsedPage& page, bool& said);

}  // namespace scraper

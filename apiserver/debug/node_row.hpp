// SPDX-License-Identifier: Apache-2.0
// One node: how it is scraped, and what came of it.
#pragma once

#include "apiserver/debug/moments.hpp"
#include "apiserver/debug/node_scrape.hpp"
#include "storage/explain.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace apiserver {

struct NodeRow {
    std::string_view name;
    NodeScrape scrape;
    storage::NodeExplanation figures;
};

// A JSON object.
void append_json(std::string& out, const NodeRow& row, const Moments& now, std::chrono::nanoseconds bound);

// A line of a table.
void append_node_header(std::string& out);
void append_line(std::string& out, const NodeRow& row, const Moments& now, std::chrono::nanoseconds bound);

// One cell: printable ASCII, other bytes as '?', filled up to the width, and two spaces at least.
void append_cell(std::string& out, std::string_view text, std::size_t width);

}  // namespace apiserver

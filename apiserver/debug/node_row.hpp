// SPDX-License-Identifier: Apache-2.0
// One node: how it is scraped, and what came of it.
#pragma once

#include "apiserver/debug/moments.hpp"
#include "apiserver/debug/node_scrape.hpp"
#include "storage/explain.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace apiserver {

struct NodeRow {
    std::string_view name;
    NodeScrape scrape;
    storage::NodeExplanation figures;
};

// nullopt: the node is not known. REQUIRES: reports.node.
std::optional<NodeRow> node_row(const storage::Store& store, const ScrapeReports& reports,
                                std::string_view name, const Moments& now);

// A JSON object.
void append_json(std::string& out, const NodeRow& row, const Moments& now, std::chrono::nanoseconds bound);

// A line of a table.
void append_node_header(std::string& out);
void append_line(std::string& out, const NodeRow& row, const Moments& now, std::chrono::nanoseconds bound);

}  // namespace apiserver

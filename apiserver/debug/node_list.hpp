// SPDX-License-Identifier: Apache-2.0
// All nodes, or those that are asked for, made as they are sent.
#pragma once

#include "apiserver/debug/moments.hpp"
#include "apiserver/debug/node_scrape.hpp"
#include "net/http/message.hpp"
#include "storage/store.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace apiserver {

enum class DebugForm { json, table };

struct NodeFilter {
    // One node; empty: all.
    std::string name;
    // NodeScrape::state; empty: any.
    std::string state;
};

// By name: a node that is there throughout appears once. All that it refers to must outlive it.
class NodeList final : public net::BodySource {
  public:
    NodeList(const storage::Store& store, const ScrapeReports& reports, std::function<Moments()> clock,
             NodeFilter filter, DebugForm form);

    net::Task<net::Result<net::Piece>> next(std::string& out) override;

  private:
    // Appends rows until `out` holds about a piece, or many were passed over. False: those were the last.
    bool advance(std::string& out);
    void add(std::string& out, std::string_view name, const Moments& now);
    void begin(std::string& out);

    const storage::Store& store_;
    const ScrapeReports& reports_;
    std::function<Moments()> clock_;
    NodeFilter filter_;
    DebugForm form_;
    // The last row seen.
    std::string after_;
    bool begun_ = false;
    bool first_ = true;
};

}  // namespace apiserver

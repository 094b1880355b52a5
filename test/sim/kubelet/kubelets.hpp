// SPDX-License-Identifier: Apache-2.0
// All kubelets of the cluster behind one wildcard listener: the address that a client dialled tells the node.
#pragma once

#include "net/http/server.hpp"
#include "test/sim/cluster/model.hpp"
#include "test/sim/kubelet/faults.hpp"
#include "test/sim/kubelet/pages/page.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace sim {

struct KubeletOptions {
    Sampling sampling;
    std::uint64_t seed = 1;
    // The bearer token that may read pages, and one that is known but may not.
    std::string token;
    std::string forbidden_token;
    // A page is sent in pieces of so many bytes, each a chunk; 0: whole.
    std::size_t chunk_bytes = 0;
};

struct KubeletStats {
    std::uint64_t requests = 0;
    std::uint64_t refused = 0;
    std::uint64_t pages = 0;
    std::uint64_t summaries = 0;
    std::uint64_t page_bytes = 0;
    std::uint64_t faults = 0;
    // Pages that took us more than 100 ms from the request to the text: then we were the bottleneck.
    std::uint64_t late = 0;
};

// A page that was given: which sample of the node it showed, and when.
struct PageGiven {
    std::uint32_t node = 0;
    Millis node_sample = 0;
    Nanos at = 0;
};

// Not thread safe. The model must outlive it.
class Kubelets final : public net::RequestHandler {
  public:
    Kubelets(const Model& model, KubeletOptions options, Nanos running_since);

    net::Task<net::Response> respond(net::Request request) override;

    Faults& faults() { return faults_; }
    // Of /stats/summary alone; of its kinds slow, hang, status and garbage.
    Faults& summary_faults() { return summary_faults_; }
    const KubeletStats& stats() const { return stats_; }
    // The last pages given, oldest first; at most 100,000.
    const std::deque<PageGiven>& given() const { return given_; }
    // nullptr: no such node, or nobody asked for its page yet.
    const Page* page(std::uint32_t node) const;

  private:
    net::Task<net::Response> serve(const Node& node, const net::Request& request);
    net::Task<net::Response> serve_summary(const Node& node, const net::Request& request);
    // While a fault holds the answer back.
    net::Task<> delay(const Node& node, const Fault& fault, const Faults& faults) const;
    net::Task<> hang(const Node& node, const Fault& fault, const Faults& faults) const;
    Page& page_of(const Node& node);
    std::string page_text(const Node& node, Nanos counters_since);
    net::Response page_response(const Node& node, std::string text, const net::Request& request) const;
    net::Response faulty(const Node& node, const Fault& fault, const net::Request& request);

    const Model& model_;
    KubeletOptions options_;
    Nanos running_since_;
    Faults faults_;
    Faults summary_faults_;
    KubeletStats stats_;
    std::deque<PageGiven> given_;
    std::vector<std::unique_ptr<Page>> pages_;
};

// Wall-clock time.
Nanos now_nanos();

}  // namespace sim

// SPDX-License-Identifier: Apache-2.0
// kube-aggregator in small: looks after the server behind metrics.k8s.io, and passes requests on to it.
#pragma once

#include "net/http/client.hpp"
#include "net/task_group.hpp"
#include "test/sim/api/aggregation/discovery.hpp"
#include "test/sim/api/request/identity.hpp"
#include "test/sim/api/request/url.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sim {

struct AggregatorOptions {
    // Where the server is, the front-proxy certificate to show it, and how it is verified.
    net::Origin server;
    std::string group = "metrics.k8s.io";
    // In discovery order; empty: nothing is registered.
    std::vector<std::string> versions;
    // Between two availability checks of a server that is well.
    std::chrono::milliseconds check_interval{30'000};
    // The longest wait between two checks of one that is not; kube-aggregator goes up to 30 s.
    std::chrono::milliseconds retry_interval{1'000};
    std::chrono::milliseconds discovery_interval{60'000};
};

class Aggregator {
  public:
    Aggregator(net::Executor executor, AggregatorOptions options);
    ~Aggregator();

    // Checks availability and fetches discovery, until cancelled.
    net::Task<> run();
    // Waits for requests that are under way. After the server that calls forward() has ended.
    net::Task<> finish();

    // What the discovery documents say of it.
    const AggregatedGroup& group() const { return group_; }
    // Of one version, as the APIService's condition says.
    bool available(std::string_view version) const;

    // Passes the request on and its answer back, as it comes. 503 when the version is not available or the
    // server cannot be reached.
    net::Task<net::Response> forward(const net::Request& request, const Url& url, const User& user);

  private:
    struct Exchange;
    struct Probes;
    class AnswerSink;
    class AnswerSource;

    net::Task<bool> probe(std::string path);
    net::Task<> probe_once(std::string path, std::shared_ptr<Probes> probes);
    net::Task<> check_versions();
    net::Task<bool> fetch_discovery();
    net::Task<> pass_on(std::shared_ptr<Exchange> exchange);
    std::unique_ptr<net::HttpClient> take_client();
    void give_back(std::unique_ptr<net::HttpClient> client);

    net::Executor executor_;
    AggregatorOptions options_;
    AggregatedGroup group_;
    std::vector<bool> available_;
    std::vector<std::unique_ptr<net::HttpClient>> idle_;
    net::TaskGroup calls_;
    std::uint64_t serial_ = 0;
};

}  // namespace sim

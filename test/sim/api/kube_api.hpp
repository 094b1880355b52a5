// SPDX-License-Identifier: Apache-2.0
// The kube-apiserver of the simulated cluster: what topd and kubectl need of one.
#pragma once

#include "net/http/server.hpp"
#include "test/sim/api/aggregation/aggregator.hpp"
#include "test/sim/api/core_collections.hpp"
#include "test/sim/api/request/identity.hpp"
#include "test/sim/api/request/negotiation.hpp"
#include "test/sim/api/request/url.hpp"
#include "test/sim/api/reviews.hpp"

#include <string>
#include <vector>

namespace sim {

// What the simulator itself is asked, under /sim/. For system:masters only.
class ControlHandler {
  public:
    virtual ~ControlHandler() = default;
    virtual net::Response control(const net::Request& request, const Url& url) = 0;
};

struct ApiStats {
    std::uint64_t requests = 0;
    std::uint64_t unauthorized = 0;
    std::uint64_t lists_and_watches = 0;
    std::uint64_t proxied = 0;
};

class KubeApi final : public net::RequestHandler {
  public:
    // All must outlive it.
    KubeApi(CoreObjects& objects, const Authenticator& authenticator, Reviews& reviews,
            Aggregator& aggregator, ControlHandler& control, Spoken spoken);

    net::Task<net::Response> respond(net::Request request) override;

    const ApiStats& stats() const { return stats_; }

  private:
    net::Response answer(const net::Request& request, const Url& url);
    net::Response core(const net::Request& request, const Url& url, const std::vector<std::string>& segments);
    net::Response groups(const net::Request& request, const std::vector<std::string>& segments);

    CoreObjects& objects_;
    const Authenticator& authenticator_;
    Reviews& reviews_;
    Aggregator& aggregator_;
    ControlHandler& control_;
    Spoken spoken_;
    ApiStats stats_;
};

}  // namespace sim

// SPDX-License-Identifier: Apache-2.0
// The kube-apiserver of the simulated cluster: what topd and kubectl need of one.
#pragma once

#include "net/http/server.hpp"
#include "test/sim/api/aggregator.hpp"
#include "test/sim/api/collection.hpp"
#include "test/sim/api/identity.hpp"
#include "test/sim/api/negotiation.hpp"
#include "test/sim/api/reviews.hpp"
#include "test/sim/api/url.hpp"
#include "test/sim/cluster/model.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sim {

// What the simulator itself is asked, under /sim/. For system:masters only.
class ControlHandler {
  public:
    virtual ~ControlHandler() = default;
    virtual net::Response control(const net::Request& request, const Url& url) = 0;
};

// The objects of core/v1, kept as the model changes.
class CoreObjects final : public ModelObserver {
  public:
    // `model` must outlive it. Watches can go back `history` changes.
    CoreObjects(Model& model, std::uint16_t kubelet_port, std::size_t history, Nanos now);
    ~CoreObjects() override;

    void pod_changed(const Pod& pod) override;
    void pod_deleted(const Pod& pod) override;
    void node_changed(const Node& node) override;

    // nullptr: no such resource.
    Collection* find(std::string_view plural);
    std::vector<const Collection*> all() const;
    void add_config_map(std::string name_space, std::string name, Labels data, Nanos now);
    // Watches end.
    void close();

  private:
    Model& model_;
    std::uint16_t kubelet_port_;
    Versions versions_;
    std::vector<std::unique_ptr<Collection>> collections_;
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

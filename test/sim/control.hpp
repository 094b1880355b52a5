// SPDX-License-Identifier: Apache-2.0
// The simulator's own endpoints, under /sim/ of the API server.
//
//   GET /sim/truth?namespace=&pod=&container=&from_ns=&to_ns=
//        What was burned (truth.hpp). Or ?node=.
//   GET /sim/truth/all, /sim/truth/nodes
//        All samples that pages showed.
//   GET /sim/given?since_ns=
//        The pages given: [[node, node sample in ms, time in ns]...].
//   GET /sim/stats
//        Counters, connections, own CPU.
//   POST /sim/faults {"node":"node-0001"|"*","kind":"slow",...}
//        Kinds are those of faults.hpp; "none" clears. "share":0.01 strikes that part of "*";
//        "page":"summary" strikes /stats/summary instead. "seconds", "requests", "delay_seconds", "status",
//        "bytes".
//   POST /sim/pods {"action":"create|delete|move|restart","namespace":,"pod":,...}
//        create: one like it; "node", "start_seconds". It tells its name, and when its last container starts.
//        move: "to", "overlap_seconds". restart: "container", "away_seconds".
//   POST /sim/nodes {"node":,"ready":bool} or {"node":,"metrics_path":"/path"}
//   POST /sim/deny {"user":,"denied":bool}
//        What SubjectAccessReview says.
//   POST /sim/compact
//        Watches from the past get 410.
#pragma once

#include "net/http/server.hpp"
#include "test/sim/api/kube_api.hpp"
#include "test/sim/truth.hpp"

namespace sim {

class Control final : public ControlHandler {
  public:
    // All must outlive it.
    Control(Model& model, Kubelets& kubelets, CoreObjects& objects, Reviews& reviews);

    net::Response control(const net::Request& request, const Url& url) override;

    // For /sim/stats.
    void count(const net::HttpServer& kubelet_listener, const net::HttpServer& api_listener);

  private:
    net::Response read(const Url& url, std::string_view what) const;
    net::Response truth(const Query& query) const;
    net::Response given(const Query& query) const;
    net::Response stats() const;
    net::Response write(const nlohmann::ordered_json& order, std::string_view what);
    net::Response set_faults(const nlohmann::ordered_json& order);
    net::Response change_pods(const nlohmann::ordered_json& order);
    net::Response change_node(const nlohmann::ordered_json& order);

    Model& model_;
    Kubelets& kubelets_;
    CoreObjects& objects_;
    Reviews& reviews_;
    Truth truth_;
    const net::HttpServer* kubelet_listener_ = nullptr;
    const net::HttpServer* api_listener_ = nullptr;
};

}  // namespace sim

// SPDX-License-Identifier: Apache-2.0
// Why there are no figures (docs/decisions/0013-health.md): /debug/nodes and /debug/pods/NAMESPACE/NAME; how
// far sinks are: /debug/sinks; and the same below the group, where kube-apiserver passes them on:
//
//   /apis/metrics.k8s.io/v1beta1/debug/sinks                           get debug.metrics.k8s.io "sinks"
//   /apis/metrics.k8s.io/v1beta1/debug/nodes                           get debug.metrics.k8s.io "nodes"
//   /apis/metrics.k8s.io/v1beta1/namespaces/NAMESPACE/pods/NAME/debug  get pods/debug.metrics.k8s.io
//
// JSON; a table for people with ?format=table or where Accept wants text/plain most. They are no API: what
// they say may change.
#pragma once

#include "apiserver/debug/moments.hpp"
#include "apiserver/debug/node_list.hpp"
#include "apiserver/debug/options.hpp"
#include "apiserver/debug/route.hpp"
#include "apiserver/request/query.hpp"
#include "net/http/message.hpp"
#include "storage/store.hpp"

#include <string>
#include <vector>

namespace apiserver {

// The store must outlive it, and it the answers it gives.
class DebugEndpoint {
  public:
    DebugEndpoint(const storage::Store& store, DebugOptions options);

    // For the index.
    std::vector<std::string> paths() const;

    // False: there are no such pages.
    bool served() const { return options_.reports.node != nullptr; }
    net::Response respond(const DebugPage& page, const net::Request& request, const Query& query) const;

  private:
    Moments now() const;
    net::Response nodes(DebugForm form, const Query& query) const;
    net::Response pod(const OnePod& wanted, DebugForm form) const;
    net::Response sinks(DebugForm form) const;

    const storage::Store& store_;
    DebugOptions options_;
};

}  // namespace apiserver

// SPDX-License-Identifier: Apache-2.0
// /metrics/resource of all kubelets as one page, for who runs a Prometheus: one scrape in place of one of
// each kubelet. Prometheus' text format 0.0.4; families, counters and times are the kubelets' own
// (k8s.io/kubernetes, pkg/kubelet/metrics/collectors/resource_metrics.go), the newest sample of what the
// metrics API serves. Labels beside theirs: node, and of containers image, "-" where it is not known.
//
// Not in it are pods as a whole: their lines are not kept, and a sum of counters falls when a container ends.
#pragma once

#include "apiserver/turns/parts.hpp"
#include "storage/store.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace storage {
class WatchedObjects;
}

namespace apiserver {

inline constexpr std::string_view kResourcePath = "/metrics/resource";
inline constexpr std::string_view kResourceType = "text/plain; version=0.0.4; charset=utf-8";

// objects: null when they are not watched. store and objects must outlive the parts.
std::unique_ptr<Parts> resource_page(const storage::Store& store, std::function<storage::Monotonic()> now,
                                     const storage::WatchedObjects* objects);

}  // namespace apiserver

// SPDX-License-Identifier: Apache-2.0
// Heapster's model API (kubernetes-retired/heapster, metrics/api/v1).
//
// Metrics: cpu/usage_rate, memory/usage and memory/working_set; of namespaces and the cluster the first two,
// as Heapster summed no others. With --kubelet-summary those of heapster/summary_metrics.hpp too, with
// --watch-objects those of heapster/object_metrics.hpp. A kubelet's /metrics/resource has no caches, so
// memory/usage is the working set too. All other metrics are answered as Heapster answered those that it
// lacked: with no points. Names of nodes are what the cluster calls them; Heapster listed host names.
#pragma once

#include "apiserver/graphs/route.hpp"
#include "apiserver/graphs/served.hpp"
#include "apiserver/request/query.hpp"
#include "apiserver/turns/parts.hpp"
#include "net/http/message.hpp"
#include "net/task.hpp"

namespace apiserver {

net::Response answer_series(const ModelSources& sources, const ModelSeries& series, const Query& query);
// One item for each name, in their order.
net::Task<net::Response> answer_pod_list(const ModelSources& sources, const ModelPodList& list,
                                         const net::Request& request, const Query& query,
                                         Compression& compression);
net::Response answer_metrics(const ModelSources& sources, const ModelMetrics& metrics);

}  // namespace apiserver

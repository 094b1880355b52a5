// SPDX-License-Identifier: Apache-2.0
// Rows as Heapster's InfluxDB sink wrote them (kubernetes-retired/heapster, metrics/sinks/influxdb), so that
// boards that were made for it draw.
//
// Types (the tag `type`) and their tags, beside cluster_name:
//   node           nodename
//   sys_container  nodename, container_name                                            with summaries
//   pod            nodename, namespace_name, pod_name
//   pod_container  and container_name, and container_base_image                        with watched objects
//   ns             namespace_name
//   cluster
// Heapster's tag `labels` is not there. Those of file systems have a resource_id too: "/" of nodes, "/" and
// "logs" of containers, "Volume:NAME" of pods. Of the file systems that containers are on only what they use
// is theirs; the rest stands with the node.
//
// Metrics, at the end of the tick:
//   nodes, pods, containers: cpu/usage, cpu/usage_rate, memory/usage, memory/working_set (the same: a
//   kubelet's /metrics/resource has no caches) and, Heapster knew of none, memory/swap; namespaces and the
//   cluster: cpu/usage_rate, memory/usage; with watched objects those of heapster/object_metrics.hpp.
//   cpu/usage counts from where history began, not from where the container did; it falls where a life
//   begins.
// Those of heapster/summary_metrics.hpp, with summaries, have the time that is theirs, and so lines of their
// own.
// A metric is an integer or a float for ever, as in Heapster: InfluxDB refuses another type.
//
// Batch::points are lines: that is what InfluxDB calls points and counts. Bodies are compressed by gzip.
#pragma once

#include "series/extras.hpp"
#include "sink/format.hpp"
#include "sink/influx/line.hpp"

#include <memory>
#include <string>

namespace sink::influx {

struct FormatOptions {
    series::Extras extras;
    std::string cluster_name = "default";
    Schema schema = Schema::fields;
    // Counters that have a rate beside them are left out (Heapster's option of that name).
    bool disable_counter_metrics = false;
};

std::unique_ptr<Format> make_format(FormatOptions options);

}  // namespace sink::influx

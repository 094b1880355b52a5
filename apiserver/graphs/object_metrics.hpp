// SPDX-License-Identifier: Apache-2.0
// The metrics of heapster/object_metrics.hpp as the model API shows them.
//
// There is no history of objects: a metric has one point, at the newest minute that figures of usage have.
// Shares are truncated to whole numbers, as Heapster wrote them: 0 up to the full, then 1.
#pragma once

#include "apiserver/graphs/minutes.hpp"
#include "apiserver/graphs/served.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

class ObjectMetricReader {
  public:
    // sources and metric must outlive it.
    ObjectMetricReader(const ModelSources& sources, std::string_view metric, MinuteRange asked);

    // No point where there is no such metric of it. Valid until the next call.
    const std::vector<MinutePoint>& read(const storage::history::Subject& subject);

  private:
    const ModelSources& sources_;
    std::string_view metric_;
    // Empty unless the newest minute was asked for.
    MinuteRange newest_;
    std::vector<MinutePoint> points_;
};

// Which metrics there are of it; none without --watch-objects.
std::vector<std::string> object_metric_names(const ModelSources& sources,
                                             const storage::history::Subject& subject);

}  // namespace apiserver

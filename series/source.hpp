// SPDX-License-Identifier: Apache-2.0
// What history and the watches hold, as Prometheus' series: names and labels as kubelets, cAdvisor and
// kube-state-metrics give them, so that boards that are made for those draw (docs/series.md).
//
// Metrics of pods that are in demand (--custom-metrics) go by their own names: series/demanded.hpp.
//
// Every series has `node`, and the same as `instance`, and job="topd". Series of containers have an image,
// "-" where it is not known, since Freelens draws none without. `node` is that of a pod's last figures. A
// series of a container is never without a container's name: pods as a whole are pod_*.
#pragma once

#include "query/source/series.hpp"
#include "series/extras.hpp"
#include "storage/history/history.hpp"

#include <memory>
#include <span>

namespace storage {
class Store;
}

namespace series {

class Source final : public query::SeriesSource {
  public:
    // All must outlive it. Series of what is not there are not there either.
    Source(const storage::history::History& history, const storage::Store& store, Extras extras)
        : history_{history}, store_{store}, extras_{extras} {}

    std::unique_ptr<query::SeriesCursor> select(std::span<const query::Matcher> matchers,
                                                query::MillisRange range) const override;

  private:
    const storage::history::History& history_;
    const storage::Store& store_;
    Extras extras_;
};

}  // namespace series

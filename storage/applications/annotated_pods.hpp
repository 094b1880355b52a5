// SPDX-License-Identifier: Apache-2.0
// The pods whose annotations say that they are to be scraped, and what is known of those that are in demand.
#pragma once

#include "storage/applications/applications.hpp"
#include "storage/applications/pod_demand.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace storage::applications {

// The state of a pod that is in demand.
struct Application {
    struct Try {
        Monotonic when;
        Nanos at = 0;
    };
    // Null: it is not asked for.
    PodDemand* find(std::uint32_t demand);

    // Whose it is.
    std::string name_space;
    std::string pod;
    std::vector<PodDemand> demands;
    // When the last good page was asked for.
    std::optional<Monotonic> page;
    // The last time that it was tried, and what was wrong.
    std::optional<Try> tried;
    Missing trouble = Missing::nothing;
    std::string detail;
    // As Applications counts it.
    std::size_t bytes = 0;
};

struct AnnotatedPod {
    std::string uid;
    // Of what the watch said of it last; a hash.
    std::uint64_t revision = 0;
    // Pods of a workload have theirs in common.
    std::shared_ptr<const Annotations> annotations;
    std::unique_ptr<Application> application;
    // The list of the watch that last had it.
    std::uint32_t list = 0;
};

class AnnotatedPods {
  public:
    // Null: it is none.
    AnnotatedPod* find(const PodKey& pod);
    // Stays where it is until it is removed.
    AnnotatedPod& put(const PodKey& pod, const Annotations& annotations);
    void remove(const PodKey& pod);
    // A whole list: what was not put between the two goes.
    void begin() { ++list_; }
    void end(const std::function<void(AnnotatedPod&)>& going);
    void visit(std::string_view name_space, const std::function<void(std::string_view)>& visit) const;
    std::size_t size() const { return size_; }

  private:
    using OfNamespace = std::map<std::string, AnnotatedPod, std::less<>>;

    std::map<std::string, OfNamespace, std::less<>> pods_;
    std::size_t size_ = 0;
    std::uint32_t list_ = 0;
    // The annotations of the pod that was put last.
    std::shared_ptr<const Annotations> last_;
};

}  // namespace storage::applications

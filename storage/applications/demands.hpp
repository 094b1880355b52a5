// SPDX-License-Identifier: Apache-2.0
// The metrics that are in demand, each by its id.
#pragma once

#include "storage/applications/applications.hpp"
#include "storage/applications/rule.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace storage::applications {

class Demands {
  public:
    // Its bounds count.
    explicit Demands(const ApplicationsOptions& options) : options_{options} {}

    Asked ask(const Demand& demand, Monotonic now);
    // Some page had a figure for it.
    void found(std::uint32_t id);
    // Null: it is in demand no more.
    const Rule* rule(std::uint32_t id) const;
    std::shared_ptr<const Rule> shared_rule(std::uint32_t id) const;
    // Of those with a figure, sorted, and kUp.
    std::vector<std::string> metric_names() const;
    // Those that were asked for last before that are in demand no more.
    void expire(Monotonic oldest);
    // For how long it has been in demand.
    std::chrono::nanoseconds since(std::uint32_t id, Monotonic now) const;
    std::size_t size() const { return by_id_.size(); }
    std::size_t bytes() const { return bytes_; }
    std::size_t bytes(std::string_view name_space) const;

  private:
    struct Kept {
        std::shared_ptr<const Rule> rule;
        Monotonic first;
        Monotonic last;
        bool found = false;
    };

    static std::size_t bytes_of(const Kept& kept);

    const ApplicationsOptions& options_;
    std::uint32_t last_id_ = 0;
    std::size_t bytes_ = 0;
    std::unordered_map<std::uint32_t, Kept> by_id_;
    // By all that a demand says.
    std::unordered_map<std::string, std::uint32_t> ids_;
    struct OfNamespace {
        std::size_t demands = 0;
        std::size_t bytes = 0;
    };
    std::map<std::string, OfNamespace, std::less<>> of_namespace_;
};

}  // namespace storage::applications

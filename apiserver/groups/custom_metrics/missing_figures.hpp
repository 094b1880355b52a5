// SPDX-License-Identifier: Apache-2.0
// Why there is no figure: for whoever reads the condition of a HorizontalPodAutoscaler.
#pragma once

#include "storage/applications/applications.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace apiserver {

class MissingFigures {
  public:
    // A pod that has none.
    void count(std::string_view pod, const storage::applications::Known& known);
    bool empty() const { return pods_ == 0; }
    // Some of them has a figure that is not known, or not yet: a sum without it would be a part.
    bool lacks_some() const;

    // Half a sentence about all that were counted; empty when none were. since: for how long it has been
    // asked for. prefix: of annotations, "prometheus.io".
    std::string words(std::chrono::nanoseconds since, std::string_view prefix) const;

  private:
    static constexpr std::size_t kReasons =
        static_cast<std::size_t>(storage::applications::Missing::not_a_number) + 1;
    struct Group {
        std::size_t pods = 0;
        // Of the first of them.
        std::string name;
        std::string detail;

        std::string words(storage::applications::Missing reason, std::chrono::nanoseconds since,
                          std::string_view prefix) const;
    };
    std::array<Group, kReasons> groups_;
    std::size_t pods_ = 0;
};

// Why a metric cannot be asked for at all.
std::string_view refusal_words(storage::applications::Refused refused);

}  // namespace apiserver

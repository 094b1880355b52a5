// SPDX-License-Identifier: Apache-2.0
// When a kubelet samples: cAdvisor looks at each container, pod and the node on a jittered clock of its own,
// and the page shows the last look. Its clocks tick in whole milliseconds, as the page shows them, so that a
// line's value is exactly the truth at the line's timestamp.
#pragma once

#include "test/sim/cluster/wave.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sim {

using Millis = std::int64_t;
inline constexpr Nanos kMilli = 1'000'000;

struct Sampling {
    enum class Mode {
        // Gaps of 1.5 to 29 s, as observed on real kubelets (cAdvisor with containerd).
        cadvisor,
        // Containers are sampled when the page is asked for, pods and the node by cAdvisor.
        cri,
        // Everything of a node at the same moments, `interval` apart.
        fixed,
    };
    Mode mode = Mode::cadvisor;
    Millis interval = 10'000;

    // "cadvisor", "cri", "fixed:10s" or "fixed:500ms".
    static std::optional<Sampling> parse(std::string_view text);
};

// What a clock belongs to.
enum class Sampled { container, pod, node };

// The sampling times of one container, pod or node.
class SampleClock {
  public:
    // `born`: when there was first something to see. `running_since`: when the kubelet began to sample; what
    // is older is then in the middle of its rhythm. `key` makes the rhythm; for fixed sampling it is the
    // node's.
    SampleClock(Sampling sampling, Sampled what, std::uint64_t key, Millis born, Millis running_since);

    // Takes the samples up to `now`. True: the last sample is a new one.
    bool advance(Millis now);
    // The last sample; 0: none yet.
    Millis last() const { return recent_[0]; }
    // The last samples, newest first; 0: none.
    static constexpr std::size_t kRecent = 6;
    const std::array<Millis, kRecent>& recent() const { return recent_; }

  private:
    Millis gap();
    void take(Millis at);

    Sampling sampling_;
    Sampled what_;
    std::uint64_t key_;
    std::uint64_t taken_ = 0;
    Millis next_ = 0;
    std::array<Millis, kRecent> recent_{};
};

}  // namespace sim

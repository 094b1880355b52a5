// SPDX-License-Identifier: Apache-2.0
// What the kernel lets this process use: the limits of its control group and of those above it, versions 1
// and 2 (cgroups(7); Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst of the kernel).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace topd {

struct CgroupLimits {
    // nullopt: none.
    std::optional<std::uint64_t> memory_bytes;
    // In cores. nullopt: none.
    std::optional<double> cpus;
};

// What the group that holds the CPU limit had to wait for, since it was made.
struct Throttling {
    std::uint64_t periods = 0;
    std::chrono::nanoseconds time{0};
};

// Finds the groups once, when it is made; what is not there or cannot be read counts as no limit.
class Cgroup {
  public:
    // `root` stands in front of /proc and of the mounted hierarchies; for tests.
    explicit Cgroup(std::string root = {});

    // As of now: a pod may be resized in place.
    CgroupLimits limits() const;
    // nullopt: no CPU limit, or the kernel does not tell.
    std::optional<Throttling> throttling() const;

  private:
    enum class Version { v1, v2 };
    // The process's group for one controller and those above it, innermost first. Paths.
    struct Groups {
        Version version = Version::v2;
        std::vector<std::string> paths;
    };
    Groups find(std::string_view controller) const;
    std::optional<std::uint64_t> memory_limit(const std::string& group) const;
    std::optional<double> cpu_limit(const std::string& group) const;

    std::string root_;
    Groups memory_;
    Groups cpu_;
};

}  // namespace topd

// SPDX-License-Identifier: Apache-2.0
#include "topd/limits/descriptors.hpp"

#include <algorithm>

#include <sys/resource.h>

namespace topd {
namespace {

// Watches, reviews, listeners, files, and some to spare.
constexpr std::uint64_t kOwnDescriptors = 64;

}  // namespace

std::uint64_t raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
    rlimit wanted = limit;
    wanted.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &wanted) != 0) return limit.rlim_cur;
    return wanted.rlim_cur;
}

std::size_t connections_within(std::uint64_t descriptors, std::size_t connections) {
    constexpr std::uint64_t kLeast = 64;
    return static_cast<std::size_t>(std::min<std::uint64_t>(connections, std::max(kLeast, descriptors / 4)));
}

std::optional<std::uint64_t> DescriptorShortage::look(std::size_t nodes) {
    const std::uint64_t need = nodes + connections_ + kOwnDescriptors;
    if (need <= limit_) {
        said_ = 0;
        return std::nullopt;
    }
    // Again when the cluster grew by a quarter.
    if (said_ != 0 && nodes <= said_ / 4 * 5) return std::nullopt;
    said_ = std::max<std::size_t>(nodes, 1);
    return need;
}

}  // namespace topd

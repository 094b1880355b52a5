// SPDX-License-Identifier: Apache-2.0
#include "test/sim/kubelet/pages/go_number.hpp"

#include <charconv>

namespace sim {

char* write_go_number(char* to, double value) {
    const double size = value < 0 ? -value : value;
    // The shortest digits of a number in [1e-4, 1e6) never round up to a power of ten outside it.
    const bool plain = value == 0 || (size >= 1e-4 && size < 1e6);
    const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
    return std::to_chars(to, to + kGoNumberSize, value, format).ptr;
}

}  // namespace sim

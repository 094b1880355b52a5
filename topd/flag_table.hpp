// SPDX-License-Identifier: Apache-2.0
// Which flags there are.
#pragma once

#include "topd/flags.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace topd {

// A flag that is accepted so that manifests start, and changes nothing.
struct Unused {
    enum class Takes { value, nothing } takes = Takes::value;
    // Quiet: topd does what it asks for in any case, or it means nothing outside of Go.
    enum class Say { warning, nothing } say = Say::warning;
};

using Duration = std::chrono::nanoseconds;
using FlagTarget = std::variant<Unused, bool Flags::*, int Flags::*, std::string Flags::*, Duration Flags::*,
                                std::vector<std::string> Flags::*>;

struct Flag {
    // Without dashes.
    std::string_view name;
    FlagTarget target;
    std::string_view help;
    // 0: none.
    char shorthand = 0;
};

struct FlagGroup {
    std::string_view title;
    std::vector<Flag> flags;
};

const std::vector<FlagGroup>& flag_groups();

}  // namespace topd

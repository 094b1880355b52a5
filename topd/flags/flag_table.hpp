// SPDX-License-Identifier: Apache-2.0
// Which flags there are, and what is said of them.
#pragma once

#include "topd/flags/flags.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace topd {

// A flag that is accepted so that manifests start, and changes nothing.
struct Unused {
    // As pflag prints it, such as int; empty: a switch, which takes no value.
    std::string_view kind;
    // Nothing: topd does what it asks for in any case, or it means nothing outside of Go.
    enum class Say { warning, nothing } say = Say::warning;
};

using Duration = std::chrono::nanoseconds;

// A flag whose values are taken as they are, one each time it is given. They may hold secrets, so no message
// shows them.
struct Repeated {
    std::vector<std::string> Flags::*list;
    bool operator==(const Repeated&) const = default;
};
using FlagTarget = std::variant<Unused, bool Flags::*, int Flags::*, std::string Flags::*, Duration Flags::*,
                                std::vector<std::string> Flags::*, Repeated>;

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
    // In a group of unused flags: why they have no effect.
    std::string_view why_unused = "";
};

// All, the unused ones last.
const std::vector<FlagGroup>& flag_groups();

// Kind and default of a flag, as pflag prints them; either may be empty. An unused one has no default.
struct FlagText {
    std::string kind;
    std::string initial;
};

FlagText describe(const Flag& flag);

// Whether `--flag` alone is a whole flag.
bool is_switch(const Flag& flag);

// The text of --help.
std::string help_text();

}  // namespace topd

// SPDX-License-Identifier: Apache-2.0
// Why topd would not start with these flags, or "accepted".
#pragma once

#include "topd/flags/flags.hpp"

#include <string>
#include <vector>

namespace test {

inline std::string flag_refusal(const std::vector<std::string>& arguments) {
    try {
        topd::validate(topd::parse_flags(arguments));
    } catch (const topd::FlagError& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace test

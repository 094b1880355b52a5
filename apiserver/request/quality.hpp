// SPDX-License-Identifier: Apache-2.0
// How much a client wants a clause of its Accept header.
#pragma once

#include <string_view>

namespace apiserver {

// The value of ;q= as github.com/munnerz/goautoneg reads it: strconv.ParseFloat(text, 32) of Go with its
// error ignored. So what is no number is 0 and not 1, what is too large is infinite, and hexadecimal numbers,
// underscores between digits, signs, `inf` and `nan` are read too.
float parse_quality(std::string_view text);

}  // namespace apiserver

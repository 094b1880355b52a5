// SPDX-License-Identifier: Apache-2.0
// What was meant by arguments that are not written as flags are: typed wrong, or pasted from a web page.
#pragma once

#include <string>
#include <string_view>

namespace topd {

// "did you mean --kubelet-insecure-tls?"; empty when it resembles no flag. Looks through missing, single and
// long dashes, quotes, blanks and invisible characters, capitals, underscores, ':' for '=', and two flags, or
// a flag and its value, in one argument.
std::string meant_by(std::string_view argument);

// What is odd about a text that a flag was given: it holds another flag, quotes, blanks or invisible
// characters around it. Empty: nothing.
std::string doubt_about_value(std::string_view value);

// As it was written; in quotes and escaped as Go does when it holds what nobody sees.
std::string shown_argument(std::string_view argument);

}  // namespace topd

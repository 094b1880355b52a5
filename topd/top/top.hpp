// SPDX-License-Identifier: Apache-2.0
// `topd top nodes|pods`, or as a plugin of kubectl `kubectl history nodes|pods`: what uses how much, and what
// it was, from the same answers as the page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace topd::top {

// Whether the program was called as kubectl's plugin, kubectl-history; `called`: argv[0].
bool is_plugin(std::string_view called);

// `arguments`: those behind `program` ("topd top", "kubectl history"). The exit status: 0, 1 when topd could
// not be asked, 2 when the command line is wrong. SIGINT ends a watch with 0.
int run(const std::vector<std::string>& arguments, const std::string& program);

}  // namespace topd::top

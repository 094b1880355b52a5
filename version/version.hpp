// SPDX-License-Identifier: Apache-2.0
// Which topd this is. The one source that changes with it is made by CMake from version.cpp.in.
#pragma once

#include <string>

namespace version {

// Semantic (semver.org): "0.1.0".
std::string number();
// As it stands in User-Agent and Server: "topd/0.1.0".
std::string product();

}  // namespace version

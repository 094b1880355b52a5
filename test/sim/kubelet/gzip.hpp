// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sim {

// RFC 1952, at the level that Go's kubelets use (the default of compress/gzip).
std::string gzip(std::string_view text);

}  // namespace sim

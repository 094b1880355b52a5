// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apiserver/graphs/minutes.hpp"

#include <string>
#include <vector>

namespace apiserver {

// [{"timestamp":"2026-01-05T10:01:00Z","value":12}]
void append_points(std::string& out, const std::vector<MinutePoint>& points);

}  // namespace apiserver

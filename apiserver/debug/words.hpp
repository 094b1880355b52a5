// SPDX-License-Identifier: Apache-2.0
// What storage/explain.hpp says in values, in words.
#pragma once

#include "storage/explain.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace apiserver {

// "oneSample": stable, for programs.
std::string_view label(storage::Lack lack);
std::string_view label(storage::PodExplanation::Verdict verdict);

// Empty when nothing is lacking. `bound`: Store::bound().
std::string why(const storage::NodeExplanation& node, std::chrono::nanoseconds bound);
std::string why(const storage::ContainerExplanation& container, std::chrono::nanoseconds bound);
std::string why(const storage::PodExplanation& pod, std::chrono::nanoseconds bound);

}  // namespace apiserver

// SPDX-License-Identifier: Apache-2.0
// Reads a resource.Quantity (k8s.io/apimachinery, pkg/api/resource/quantity.go) of CPU.
#pragma once

#include <cstdint>
#include <string_view>

namespace kube {

// "8", "7910m", "3.92", "1k", "1e3". Rounded to whole nanocores; 0 for what is none, negative or beyond 64
// bits.
std::uint64_t nanocores_of(std::string_view quantity);

}  // namespace kube

// SPDX-License-Identifier: Apache-2.0
// Reads a resource.Quantity (k8s.io/apimachinery, pkg/api/resource/quantity.go).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kube {

// "8", "7910m", "3.92", "1k", "1e3". Rounded to whole nanocores; 0 for what is none, negative or beyond 64
// bits.
std::uint64_t nanocores_of(std::string_view quantity);

// In what a ResourceList counts that resource: CPU in millicores, all else in ones; exact, and rounded up.
// nullopt for what is none, negative, or more than kMostAmount, which nothing has.
std::optional<std::uint64_t> amount_of(std::string_view resource, std::string_view quantity);

// Up to here a double is exact; 8 PiB.
inline constexpr std::uint64_t kMostAmount = std::uint64_t{1} << 53;

}  // namespace kube

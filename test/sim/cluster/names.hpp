// SPDX-License-Identifier: Apache-2.0
// Names and ids as Kubernetes makes them.
#pragma once

#include <cstdint>
#include <string>

namespace sim {

// `length` letters of the alphabet that generated names use (apimachinery pkg/util/rand): no vowels, so no
// words.
std::string name_suffix(std::uint64_t mixed, int length);

// A version 4 UUID.
std::string make_uid(std::uint64_t mixed);

// 127.16.0.1 and up: every 127/8 address is loopback, and none of these is 127.0.0.1. `index` counts from 0.
std::string node_ip(std::uint32_t index);
// The way back, from an address as a number in host order; -1: not a node's.
std::int64_t node_index(std::uint32_t address);

// 10.x.y.z; such pods are never dialled.
std::string pod_ip(std::uint32_t node, std::uint64_t serial);
// 127.128.0.1 and up, no node's: of a pod that is. `index` counts from 0.
std::string application_ip(std::uint32_t index);

// 2026-11-23T05:58:12Z
std::string rfc3339(std::int64_t nanos);

}  // namespace sim

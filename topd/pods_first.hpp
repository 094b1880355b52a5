// SPDX-License-Identifier: Apache-2.0
// The order in which a start gets to know the cluster.
#pragma once

#include "kube/reflector.hpp"
#include "net/task.hpp"

#include <chrono>

namespace topd {

// A page that comes before its pods are known gives figures only after two more. So nodes are watched when
// this returns: when the pods are listed, or when their list failed or took longer than `limit`. Looks every
// `pace`. `pods` must outlive it.
net::Task<> pods_first(const kube::Reflector& pods, std::chrono::milliseconds limit,
                       std::chrono::milliseconds pace);

}  // namespace topd

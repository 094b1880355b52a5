// SPDX-License-Identifier: Apache-2.0
// The order in which a start gets to know the cluster.
#pragma once

#include "kube/reflector.hpp"
#include "net/task.hpp"

#include <chrono>

namespace topd {

// Of a page that comes before its pods are known the first figures wait for two more. So nodes come when this
// returns: the pods are listed, or it is plain that they will not be soon, as their list failed or took
// longer than `limit`. Looks every `pace`. `pods` must outlive it.
net::Task<> pods_first(const kube::Reflector& pods, std::chrono::milliseconds limit,
                       std::chrono::milliseconds pace);

}  // namespace topd

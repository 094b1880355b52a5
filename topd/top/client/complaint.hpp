// SPDX-License-Identifier: Apache-2.0
// Why there is no table, and what to do.
#pragma once

#include "kube/failure.hpp"
#include "topd/top/client/place.hpp"

#include <string>

namespace topd::top {

// What happened; on a line of its own what to do, where that is known. Printable, without its end.
std::string complaint(const kube::Failure& failure, const Place& place);

}  // namespace topd::top

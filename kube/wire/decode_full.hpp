// SPDX-License-Identifier: Apache-2.0
// As decode.hpp, for whole pods and nodes.
#pragma once

#include "kube/full_objects.hpp"
#include "kube/wire/decode.hpp"

namespace kube {

net::Result<> decode(std::string_view bytes, FullPod& into);
net::Result<> decode(std::string_view bytes, FullNode& into);

}  // namespace kube

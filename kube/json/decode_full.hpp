// SPDX-License-Identifier: Apache-2.0
// As decode.hpp, for whole pods and nodes.
#pragma once

#include "kube/full_objects.hpp"
#include "kube/json/decode.hpp"

namespace kube {

net::Result<> decode_json(std::string_view bytes, FullPod& into);
net::Result<> decode_json(std::string_view bytes, FullNode& into);

}  // namespace kube

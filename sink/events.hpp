// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/event.hpp"

#include <cstdint>

namespace sink {

// What a sink's two tasks and its owner wait for.
struct Events {
    // A tick of history may be over.
    net::Event ended;
    // There is more, or less, in the queue.
    net::Event more;
    net::Event less;
    // How often there was more: it may come while somebody is still being told that there is none.
    std::uint64_t pushes = 0;
};

}  // namespace sink

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/task.hpp"

#include <memory>
#include <string>

namespace kube {

// A bearer token, fixed or in a file that is replaced now and then. Cheap to copy: copies share the cache.
class Token {
  public:
    Token() = default;
    static Token fixed(std::string value);
    // Read again when a minute has passed (client-go transport/token_source.go); a file that has become
    // unreadable keeps its last token, is logged once, and is tried again every ten seconds.
    static Token file(std::string path);

    // Empty: no token.
    std::string value(net::Clock::time_point now) const;
    bool empty() const { return state_ == nullptr; }

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace kube

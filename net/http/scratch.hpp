// SPDX-License-Identifier: Apache-2.0
// The one buffer that all connections read into.
#pragma once

#include <array>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace net {

// Reading never waits between the read and the use of what it gave, and there is one thread: so one buffer,
// always warm, serves all connections, and an idle one keeps only what its parser could not use yet.
inline std::span<char> scratch() {
    static thread_local std::array<char, 64 * 1024> buffer;
    return buffer;
}

// The bytes of one connection that its parser has not used yet.
class Unused {
  public:
    bool empty() const { return rest_.empty(); }
    std::string_view text() const { return rest_; }

    // The bytes to parse: the rest of last time followed by `fresh`. Valid until keep().
    std::string_view with(std::string_view fresh) {
        if (rest_.empty()) return fresh;
        rest_.append(fresh);
        return rest_;
    }
    // Keeps what was not used of with()'s text.
    void keep(std::string_view unused) {
        if (unused.empty()) {
            std::string{}.swap(rest_);
            return;
        }
        rest_ = std::string{unused};
    }

  private:
    std::string rest_;
};

}  // namespace net

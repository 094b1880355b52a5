// SPDX-License-Identifier: Apache-2.0
// Where a JSON value ends, whatever pieces it comes in. Only strings and brackets are looked at: whether the
// bytes between them are JSON is for whoever reads the value.
#pragma once

#include "kube/failure.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace kube {

inline bool is_json_space(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// Whether a value can begin so.
bool begins_json_value(char c);

class ValueReader {
  public:
    // Errc::item_too_large for a kept value of more bytes.
    explicit ValueReader(std::size_t longest) : longest_{longest} {}

    enum class Want { keep, skip };
    // The next value begins with the next byte, and begins_json_value(byte).
    void start(Want want);

    // The value's bytes once it has ended, none of a skipped one; consumes them from the front of `input`.
    // nullopt: all of `input` is used and more is needed. The view holds until the next start(), or until
    // `input`'s memory goes.
    net::Result<std::optional<std::string_view>> take(std::string_view& input);

  private:
    enum class State { begin, scalar, structure, string, escape, ended };

    std::size_t scan(std::string_view piece);
    void step(char c);
    void end_of_string() { state_ = depth_ == 0 ? State::ended : State::structure; }

    std::size_t longest_;
    Want want_ = Want::keep;
    State state_ = State::begin;
    // Brackets that are open. Which ones is not kept: it would grow with what a server sends.
    std::size_t depth_ = 0;
    std::string held_;
};

}  // namespace kube

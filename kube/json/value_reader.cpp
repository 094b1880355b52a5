// SPDX-License-Identifier: Apache-2.0
#include "kube/json/value_reader.hpp"

namespace kube {
namespace {

bool is_digit_or_letter(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

bool begins_json_value(char c) {
    return c == '{' || c == '[' || c == '"' || c == '-' || is_digit_or_letter(c);
}

void ValueReader::start(Want want) {
    want_ = want;
    state_ = State::begin;
    depth_ = 0;
    held_.clear();
}

net::Result<std::optional<std::string_view>> ValueReader::take(std::string_view& input) {
    const std::string_view piece = input.substr(0, scan(input));
    input.remove_prefix(piece.size());
    const bool ended = state_ == State::ended;
    if (want_ == Want::skip) {
        if (!ended) return std::nullopt;
        return std::string_view{};
    }
    if (piece.size() > longest_ - held_.size()) return Errc::item_too_large;
    if (ended && held_.empty()) return piece;
    held_ += piece;
    if (!ended) return std::nullopt;
    return std::string_view{held_};
}

// How many bytes belong to the value.
std::size_t ValueReader::scan(std::string_view piece) {
    for (std::size_t at = 0; at < piece.size(); ++at) {
        if (state_ == State::scalar && !is_digit_or_letter(piece[at]) && piece[at] != '-' &&
            piece[at] != '+' && piece[at] != '.') {
            // The byte that ends a number is not its own.
            state_ = State::ended;
            return at;
        }
        step(piece[at]);
        if (state_ == State::ended) return at + 1;
    }
    return piece.size();
}

void ValueReader::step(char c) {
    switch (state_) {
        case State::string:
            if (c == '\\') state_ = State::escape;
            if (c == '"') end_of_string();
            return;
        case State::escape:
            state_ = State::string;
            return;
        case State::begin:
            state_ = c == '{' || c == '[' || c == '"' ? State::structure : State::scalar;
            [[fallthrough]];
        case State::structure:
            if (c == '"') state_ = State::string;
            if (c == '{' || c == '[') ++depth_;
            if ((c == '}' || c == ']') && --depth_ == 0) state_ = State::ended;
            return;
        default:
            return;
    }
}

}  // namespace kube

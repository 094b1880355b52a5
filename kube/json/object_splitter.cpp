// SPDX-License-Identifier: Apache-2.0
#include "kube/json/object_splitter.hpp"

#include <algorithm>

namespace kube {

net::Result<std::optional<ObjectSplitter::Part>> ObjectSplitter::next(std::string_view& input) {
    while (!input.empty()) {
        if (state_ == State::in_key || state_ == State::in_value) {
            const auto bytes = value_.take(input);
            if (!bytes) return bytes.error();
            if (!*bytes) return std::nullopt;
            if (state_ == State::in_key) {
                if (auto good = take_key(**bytes); !good) return good.error();
                continue;
            }
            const auto part = take_value(**bytes);
            if (!part || *part) return part;
            continue;
        }
        if (!is_json_space(input.front()))
            if (auto good = punctuation(input.front()); !good) return good.error();
        // The first byte of a key or a value is part of it.
        if (state_ != State::in_key && state_ != State::in_value) input.remove_prefix(1);
    }
    return std::nullopt;
}

net::Result<> ObjectSplitter::finish() const {
    if (state_ != State::end) return Errc::cut_short;
    return {};
}

// The byte is used up unless a key or a value begins with it.
net::Result<> ObjectSplitter::punctuation(char c) {
    switch (state_) {
        case State::object:
            if (c != '{') return Errc::malformed;
            state_ = State::first_key;
            return {};
        case State::first_key:
            if (c != '}') return begin_key(c);
            state_ = State::end;
            return {};
        case State::key:
            return begin_key(c);
        case State::colon:
            if (c != ':') return Errc::malformed;
            state_ = State::value;
            return {};
        case State::value:
            return begin_value(c);
        case State::comma:
            return after_value(c);
        default:
            return Errc::malformed;
    }
}

net::Result<> ObjectSplitter::begin_key(char c) {
    if (c != '"') return Errc::malformed;
    value_.start(ValueReader::Want::keep);
    state_ = State::in_key;
    return {};
}

net::Result<> ObjectSplitter::begin_value(char c) {
    const bool of_array = !elements_.empty() && key_ == elements_;
    if (of_array && place_ == Place::members) {
        if (elements_seen_) return Errc::malformed;
        elements_seen_ = true;
        if (c == '[') {
            place_ = Place::elements;
            first_element_ = true;
            return {};
        }
        if (c != 'n') return Errc::malformed;
    } else if (c == ']' && first_element_) {
        return end_array();
    }
    if (!begins_json_value(c)) return Errc::malformed;
    first_element_ = false;
    value_.start(key_.empty() ? ValueReader::Want::skip : ValueReader::Want::keep);
    state_ = State::in_value;
    return {};
}

net::Result<> ObjectSplitter::after_value(char c) {
    if (c == ',') {
        state_ = place_ == Place::members ? State::key : State::value;
        return {};
    }
    if (place_ == Place::elements && c == ']') return end_array();
    if (place_ == Place::members && c == '}') {
        state_ = State::end;
        return {};
    }
    return Errc::malformed;
}

net::Result<> ObjectSplitter::end_array() {
    place_ = Place::members;
    first_element_ = false;
    state_ = State::comma;
    return {};
}

net::Result<> ObjectSplitter::take_key(std::string_view quoted) {
    const auto text = decode_json_text(quoted);
    if (!text) return text.error();
    const auto known = std::find(members_.begin(), members_.end(), *text);
    key_ = known != members_.end() ? *known : std::string_view{};
    if (!elements_.empty() && *text == elements_) key_ = elements_;
    state_ = State::colon;
    return {};
}

net::Result<std::optional<ObjectSplitter::Part>> ObjectSplitter::take_value(std::string_view bytes) {
    state_ = State::comma;
    if (key_.empty()) return std::nullopt;
    if (key_ == elements_ && place_ == Place::members) {
        if (bytes != "null") return Errc::malformed;
        return std::nullopt;
    }
    return Part{key_, bytes};
}

}  // namespace kube

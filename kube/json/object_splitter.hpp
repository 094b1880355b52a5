// SPDX-License-Identifier: Apache-2.0
// Takes a JSON object apart while it arrives, in any split: the values of the members that are wanted, and of
// one array its elements, one at a time. Does no IO and never throws.
#pragma once

#include "kube/json/value_reader.hpp"

#include <initializer_list>
#include <vector>

namespace kube {

// After an error the splitter is spent.
class ObjectSplitter {
  public:
    struct Part {
        std::string_view key;
        std::string_view value;
    };

    // Keys are literals; `elements` is that of the array, empty: none. Such an array may be null, and comes
    // once: of a second one it would be too late to forget the first.
    ObjectSplitter(std::initializer_list<std::string_view> members, std::string_view elements,
                   std::size_t longest)
        : members_{members}, elements_{elements}, value_{longest} {}

    // The next wanted value; consumes what it has used from the front of `input`. nullopt: all of `input` is
    // used and more is needed. The views hold until the next call, or until `input`'s memory goes.
    net::Result<std::optional<Part>> next(std::string_view& input);

    // Call it when the body has ended: Errc::cut_short unless the object was complete.
    net::Result<> finish() const;

  private:
    // What is to come.
    enum class State { object, first_key, key, in_key, colon, value, in_value, comma, end };
    enum class Place { members, elements };

    net::Result<> punctuation(char c);
    net::Result<> begin_key(char c);
    net::Result<> begin_value(char c);
    net::Result<> after_value(char c);
    net::Result<> end_array();
    net::Result<> take_key(std::string_view quoted);
    net::Result<std::optional<Part>> take_value(std::string_view bytes);

    std::vector<std::string_view> members_;
    std::string_view elements_;
    ValueReader value_;
    State state_ = State::object;
    Place place_ = Place::members;
    // Nothing of the array has come yet: it may end.
    bool first_element_ = false;
    bool elements_seen_ = false;
    // The key in members_ or elements_; empty: of no interest.
    std::string_view key_;
};

// The text of a JSON string with its quotes.
net::Result<std::string> decode_json_text(std::string_view quoted);

}  // namespace kube

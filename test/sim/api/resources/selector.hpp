// SPDX-License-Identifier: Apache-2.0
// Label and field selectors, as API servers understand them (apimachinery pkg/labels, pkg/fields).
#pragma once

#include "test/sim/cluster/model.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

namespace sim {

// A sentence for the caller.
struct BadSelector {
    std::string message;
};
template <class T>
using Parsed = boost::system::result<T, BadSelector>;

class LabelSelector {
  public:
    // "a=b,c!=d,e in (f,g),h notin (i),j,!k". Empty: everything.
    static Parsed<LabelSelector> parse(std::string_view text);
    // `labels` sorted by key.
    bool matches(const Labels& labels) const;
    bool empty() const { return requirements_.empty(); }

  private:
    struct Requirement {
        std::string key;
        // Whether the value must be one of `values` or must not; with no value, whether the key must be
        // there.
        bool positive = true;
        bool about_values = false;
        std::vector<std::string> values;
    };
    std::vector<Requirement> requirements_;
};

struct FieldTerm {
    std::string field;
    std::string value;
    bool equal = true;
};

// "status.phase=Running,metadata.name!=x". Empty terms are skipped.
Parsed<std::vector<FieldTerm>> parse_field_selector(std::string_view text);

// boost::system::result asks how one would be thrown; nobody calls value() on a bad one.
[[noreturn]] void throw_exception_from_error(const BadSelector& error, const boost::source_location&);

}  // namespace sim

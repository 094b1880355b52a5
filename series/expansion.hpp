// SPDX-License-Identifier: Apache-2.0
// The series that a family has of a thing, and their labels.
#pragma once

#include "query/labels.hpp"
#include "series/catalog.hpp"
#include "series/extras.hpp"
#include "series/subjects.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace series {

struct Item {
    // Which of the things.
    std::size_t thing = 0;
    // Labels that it has beside those of its thing, by name.
    std::vector<std::pair<std::string_view, std::string>> labels{};
    // Of families whose values the watches tell: the one of now, at all times at which the thing has figures.
    double value = 0;
    // Of the volume that it is about.
    std::string volume{};
};

// Appends them. REQUIRES: has(extras, family.origin).
void expand(const Family& family, const Thing& thing, std::size_t index, const Extras& extras,
            std::vector<Item>& out);

void append_labels(const Family& family, const Thing& thing, const Item& item, std::string_view job,
                   query::Labels& out);

}  // namespace series

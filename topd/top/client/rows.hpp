// SPDX-License-Identifier: Apache-2.0
// What topd answered: columns of as many values as there are rows.
#pragma once

#include "topd/top/client/curve.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace topd::top {

// monostate: not known. Figures are finite and not below 0: CPU in millicores, memory in bytes, times in Unix
// seconds.
using Value = std::variant<std::monostate, double, std::string>;
using Column = std::vector<Value>;

struct Rows {
    // Unix seconds: history's newest tick, the snapshot that the figures are of, and the range of the curves.
    std::int64_t tick = 0;
    std::int64_t as_of = 0;
    std::int64_t from = 0;
    std::int64_t to = 0;
    // Seconds.
    std::int64_t step = 0;
    std::int64_t resolution = 0;
    // How many there are, before the search and after it; these rows may be fewer.
    std::size_t total = 0;
    std::size_t matched = 0;
    // Rows here.
    std::size_t count = 0;
    // All but the curves, by topd's names. One that topd does not know is not there.
    std::map<std::string, Column, std::less<>> columns;
    // One a row, or none at all.
    std::vector<Curve> cpu_curves;
    std::vector<Curve> memory_curves;
    // At least the greatest value of the curves.
    double cpu_scale = 0;
    double memory_scale = 0;

    // nullptr: it is not there.
    const Column* column(std::string_view name) const;
};

// Adds the rows of an answer (JSON of /ui/api/rows), whose figures of the whole become those of `rows`.
// Returns the fault, of which `rows` is unchanged; empty: none.
std::string add_answer(std::string_view json, Rows& rows);

}  // namespace topd::top

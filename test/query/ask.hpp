// SPDX-License-Identifier: Apache-2.0
// A query from text to text.
#pragma once

#include "query/evaluation.hpp"
#include "query/source/series.hpp"

#include <string>
#include <string_view>

namespace query_test {

// At a time in seconds. Series a line: `{a="b"} 1`, or `{a="b"} 1@15 2@30` over a range; `error TYPE: TEXT`
// if there is no answer. A budget of 1 pauses wherever it can.
struct Asked {
    const query::SeriesSource& source;
    query::EvaluationOptions options;
    std::size_t budget = 1'000'000;
    query::Usage usage;

    std::string instant(std::string_view text, double at);
    std::string range(std::string_view text, double start, double end, double step);
};

}  // namespace query_test

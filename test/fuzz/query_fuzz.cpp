// SPDX-License-Identifier: Apache-2.0
// Any text is a query or refused with a place in it; a query that is written out with all its parentheses is
// the same query; and evaluating it in small pieces gives what evaluating it at once gives, within its
// limits.
#include "query/language/number.hpp"
#include "query/language/parser.hpp"
#include "test/fuzz/require.hpp"
#include "test/query/ask.hpp"
#include "test/query/language/shape.hpp"
#include "test/query/memory_source.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>

namespace {

using query_test::Asked;
using query_test::MemorySource;

MemorySource make_source() {
    constexpr double kInf = std::numeric_limits<double>::infinity();
    constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
    MemorySource source;
    source.add("a{x=\"1\",y=\"1\"}", 15, {1, 2, 4, 8, 16, 32, 64, 128});
    source.add("a{x=\"1\",y=\"2\"}", 15, {5, 4, 3, query::kStale, 1, 2, 3, 3});
    source.add("a{x=\"2\",y=\"1\"}", 15, {kNaN, kInf, -kInf, 0, -0.0, 1e300, 1e-300, -1});
    source.add("b{x=\"1\"}", 15, {10, 20, 5, 15, query_test::kNone, query_test::kNone, 1, 2});
    source.add("b{x=\"2\",z=\"long-value.example\"}", 15, {7, 7, 7, 7}, 60);
    source.add("c", 300, {0, 60, 180, 30}, -600);
    source.pause_before_each(2);
    return source;
}

// LINE:COLUMN: parse error: ...
bool has_place(const std::string& error) {
    std::size_t at = error.find(':');
    if (at == 0 || at == error.npos || error.find_first_not_of("0123456789") != at) return false;
    const std::size_t column = at + 1;
    at = error.find(':', column);
    return at != column && error.find_first_not_of("0123456789", column) == at &&
           error.compare(at, 15, ": parse error: ") == 0 && error.size() > at + 15;
}

void check_written_out(const std::string& shape) {
    const auto again = query::parse(shape);
    if (again) return require(query_test::shape(**again) == shape, "a query is read back as written");
    // The parentheses that were added.
    const bool is_longer = again.error().text.find("nested too deeply") != std::string::npos ||
                           again.error().text.find("queries of more than") != std::string::npos;
    require(is_longer, "a query that is written out is a query");
}

void check_evaluation(std::string_view text, const query::SeriesSource& source, bool widen) {
    query::EvaluationOptions options;
    options.widen_windows = widen;
    options.limits = {200, 20'000, 1000, 1024 * 1024};
    Asked whole{source, options, 1'000'000, {}};
    Asked pieces{source, options, 1, {}};
    require(whole.instant(text, 107.5) == pieces.instant(text, 107.5),
            "an instant answer does not depend on pauses");
    require(whole.range(text, -30, 150, 7) == pieces.range(text, -30, 150, 7), "nor does one over a range");
    require(pieces.usage.most_held <= options.limits.memory + 64 * 1024, "memory is bounded");
    require(pieces.usage.held <= pieces.usage.most_held, "what is held was counted");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const MemorySource source = make_source();
    const std::string_view text = text_of(data, size);
    const auto expression = query::parse(text);
    if (!expression) {
        require(has_place(expression.error().text), "a refusal says where");
        return 0;
    }
    check_written_out(query_test::shape(**expression));
    check_evaluation(text, source, false);
    check_evaluation(text, source, true);
    return 0;
}

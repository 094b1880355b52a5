// SPDX-License-Identifier: Apache-2.0
#include "test/query/ask.hpp"

#include "query/language/number.hpp"
#include "query/language/parser.hpp"

#include <cmath>
#include <utility>

namespace query_test {
namespace {

query::Millis millis(double seconds) {
    return static_cast<query::Millis>(std::llround(seconds * 1000));
}

std::string failed(const query::Error& error) {
    return std::string{"error "} + query::name_of(error.type) + ": " + error.text;
}

void append_time(std::string& out, query::Millis at) {
    out += '@';
    query::append_value(out, static_cast<double>(at) / 1000);
}

std::string written(query::Answer& answer, bool with_times) {
    if (answer.type == query::ResultType::string) return "string " + answer.text;
    std::string out;
    for (const query::Row& row : answer.rows) {
        out += answer.type == query::ResultType::scalar ? "scalar" : row.labels.text();
        for (std::size_t i = 0; i < row.values.size(); ++i) {
            if (query::is_absent(row.values[i])) continue;
            out += ' ';
            query::append_value(out, row.values[i]);
            if (with_times) append_time(out, answer.steps.at(i));
        }
        out += '\n';
    }
    for (const query::RawSeries& series : answer.raw) {
        out += series.labels.text();
        for (const query::Sample& sample : series.samples) {
            query::append_value(out += ' ', sample.value);
            append_time(out, sample.at);
        }
        out += '\n';
    }
    return out;
}

template <class Query>
std::string ask(Asked& asked, std::string_view text, const Query& query, bool with_times) {
    auto expression = query::parse(text);
    if (!expression) return failed(expression.error());
    auto evaluation = query::Evaluation::make(std::move(*expression), asked.source, query, asked.options);
    if (!evaluation) return failed(evaluation.error());
    using Progress = query::Evaluation::Progress;
    Progress progress;
    do {
        progress = (*evaluation)->step(asked.budget, {});
    } while (progress == Progress::more);
    asked.usage = (*evaluation)->usage();
    return progress == Progress::failed ? failed((*evaluation)->error())
                                        : written((*evaluation)->answer(), with_times);
}

}  // namespace

std::string Asked::instant(std::string_view text, double at) {
    return ask(*this, text, query::InstantQuery{millis(at)}, false);
}

std::string Asked::range(std::string_view text, double start, double end, double step) {
    return ask(*this, text, query::RangeQuery{millis(start), millis(end), millis(step)}, true);
}

}  // namespace query_test

// SPDX-License-Identifier: Apache-2.0
// Answers queries over samples in a file, for test/query/differential_test.py:
//   evaluate SAMPLES QUERIES
// SAMPLES: JSON lines {"labels": {...}, "samples": [[ms, value or "NaN", "+Inf", "-Inf", "stale"], ...]}.
// QUERIES: JSON lines {"query": ..., "at": ms} or {"query": ..., "start": ms, "end": ms, "step": ms}. For
// each a line on standard output: {"status", "errorType", "error"} or {"resultType", "result", "widened"} as
// Prometheus' API has them.
#include "query/evaluation.hpp"
#include "query/language/number.hpp"
#include "query/language/parser.hpp"
#include "test/query/memory_source.hpp"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <limits>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;

double value_of(const json& value) {
    if (value.is_number()) return value.get<double>();
    const auto& text = value.get_ref<const std::string&>();
    if (text == "stale") return query::kStale;
    if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    return text == "-Inf" ? -std::numeric_limits<double>::infinity()
                          : std::numeric_limits<double>::infinity();
}

query_test::MemorySource read_samples(const char* path) {
    query_test::MemorySource source;
    std::ifstream file{path};
    for (std::string line; std::getline(file, line);) {
        const json record = json::parse(line);
        std::vector<query::Label> labels;
        for (const auto& [name, value] : record["labels"].items())
            labels.push_back({name, value.get_ref<const std::string&>()});
        query_test::Series series{query::Labels::of(labels), {}};
        for (const json& sample : record["samples"])
            series.samples.push_back({sample[0].get<query::Millis>(), value_of(sample[1])});
        source.add(std::move(series));
    }
    return source;
}

json refused(const query::Error& error) {
    return {{"status", "error"}, {"errorType", query::name_of(error.type)}, {"error", error.text}};
}

std::string text_of(double value) {
    std::string out;
    query::append_value(out, value);
    return out;
}

json labels_of(const query::Labels& labels) {
    json out = json::object();
    for (std::size_t i = 0; i < labels.size(); ++i) out[std::string{labels[i].name}] = labels[i].value;
    return out;
}

json point(query::Millis at, double value) {
    return {static_cast<double>(at) / 1000, text_of(value)};
}

json result_of(const query::Answer& answer) {
    using query::ResultType;
    if (answer.type == ResultType::string)
        return {static_cast<double>(answer.steps.start) / 1000, answer.text};
    if (answer.type == ResultType::scalar) return point(answer.steps.start, answer.rows[0].values[0]);
    json out = json::array();
    for (const query::Row& row : answer.rows) {
        json points = json::array();
        for (std::size_t i = 0; i < row.values.size(); ++i)
            if (!query::is_absent(row.values[i])) points.push_back(point(answer.steps.at(i), row.values[i]));
        if (answer.type == ResultType::vector)
            out.push_back({{"metric", labels_of(row.labels)}, {"value", points[0]}});
        else
            out.push_back({{"metric", labels_of(row.labels)}, {"values", points}});
    }
    for (const query::RawSeries& series : answer.raw) {
        json points = json::array();
        for (const query::Sample& sample : series.samples) points.push_back(point(sample.at, sample.value));
        out.push_back({{"metric", labels_of(series.labels)}, {"values", points}});
    }
    return out;
}

json answer(const query::SeriesSource& source, const json& asked, bool widen) {
    auto expression = query::parse(asked["query"].get_ref<const std::string&>());
    if (!expression) return refused(expression.error());
    query::EvaluationOptions options;
    options.widen_windows = widen;
    auto made = asked.contains("at")
                    ? query::Evaluation::make(std::move(*expression), source,
                                              query::InstantQuery{asked["at"].get<query::Millis>()}, options)
                    : query::Evaluation::make(std::move(*expression), source,
                                              query::RangeQuery{asked["start"].get<query::Millis>(),
                                                                asked["end"].get<query::Millis>(),
                                                                asked["step"].get<query::Millis>()},
                                              options);
    if (!made) return refused(made.error());
    query::Evaluation& evaluation = **made;
    // Small pieces, so that pauses are tried, too.
    for (;;) {
        const auto progress = evaluation.step(1000, {});
        if (progress == query::Evaluation::Progress::failed) {
            json out = refused(evaluation.error());
            out["widened"] = evaluation.usage().widened;
            return out;
        }
        if (progress == query::Evaluation::Progress::done) break;
    }
    return {{"status", "success"},
            {"resultType", query::name_of(evaluation.answer().type)},
            {"result", result_of(evaluation.answer())},
            {"widened", evaluation.usage().widened}};
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 3) return std::fprintf(stderr, "evaluate SAMPLES QUERIES\n"), 2;
    const query_test::MemorySource source = read_samples(argv[1]);
    std::ifstream queries{argv[2]};
    for (std::string line; std::getline(queries, line);) {
        const json asked = json::parse(line);
        json out = answer(source, asked, asked.value("widen", false));
        std::cout << out.dump() << '\n';
    }
    return 0;
} catch (const std::exception& e) {
    std::fprintf(stderr, "evaluate: %s\n", e.what());
    return 1;
}

// SPDX-License-Identifier: Apache-2.0
#include "telemetry/metrics_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace telemetry {
namespace {

std::string_view type_name(MetricType type) {
    switch (type) {
        case MetricType::counter:
            return "counter";
        case MetricType::gauge:
            return "gauge";
        case MetricType::histogram:
            return "histogram";
    }
    return "untyped";
}

void append_integer(std::string& out, std::uint64_t value) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), value).ptr;
    out.append(digits.begin(), end);
}

// Help texts have no quotes to escape.
enum class Quote { escaped, plain };

void append_escaped(std::string& out, std::string_view text, Quote quote) {
    // Node names and most others hold nothing to escape.
    const std::string_view special = quote == Quote::escaped ? "\\\n\"" : "\\\n";
    for (;;) {
        const std::size_t at = text.find_first_of(special);
        out.append(text.substr(0, at));
        if (at == std::string_view::npos) return;
        out.push_back('\\');
        out.push_back(text[at] == '\n' ? 'n' : text[at]);
        text.remove_prefix(at + 1);
    }
}

// Without the closing brace: name="value",name="value"
void append_labels(std::string& out, MetricsText::Labels labels) {
    char separator = '{';
    for (const Label& label : labels) {
        out.push_back(separator);
        out.append(label.name).append("=\"");
        append_label_value(out, label.value);
        out.push_back('"');
        separator = ',';
    }
}

}  // namespace

void append_label_value(std::string& out, std::string_view value) {
    append_escaped(out, value, Quote::escaped);
}

void append_go_float(std::string& out, double value) {
    if (std::isnan(value)) {
        out.append("NaN");
        return;
    }
    if (std::isinf(value)) {
        out.append(value > 0 ? "+Inf" : "-Inf");
        return;
    }
    std::array<char, 32> text{};
    auto end = std::to_chars(text.begin(), text.end(), value, std::chars_format::scientific).ptr;
    int exponent = 0;
    const std::string_view scientific{text.begin(), static_cast<std::size_t>(end - text.begin())};
    const char* digits = text.begin() + scientific.find('e') + 1;
    std::from_chars(*digits == '+' ? digits + 1 : digits, end, exponent);
    // strconv, ftoa.go, %e is used if the exponent is less than -4 or greater than or equal to the precision.
    constexpr int kShortestPrecision = 6;
    if (exponent >= -4 && exponent < kShortestPrecision)
        end = std::to_chars(text.begin(), text.end(), value, std::chars_format::fixed).ptr;
    out.append(text.begin(), end);
}

void MetricsText::begin(const Family& family) {
    resume(family);
    out_.append("# HELP ").append(family.name).append(" ");
    append_escaped(out_, family.help, Quote::plain);
    out_.append("\n# TYPE ").append(family.name).append(" ").append(type_name(family.type)).append("\n");
}

void MetricsText::series(std::string_view suffix, Labels labels) {
    out_.append(name_).append(suffix);
    append_labels(out_, labels);
    out_.append(labels.size() == 0 ? " " : "} ");
}

void MetricsText::sample(Labels labels, std::uint64_t value) {
    series("", labels);
    append_integer(out_, value);
    out_.push_back('\n');
}

void MetricsText::sample(Labels labels, double value) {
    series("", labels);
    append_go_float(out_, value);
    out_.push_back('\n');
}

void MetricsText::begin_buckets(Labels labels, Bounds bounds) {
    next_bucket_ = 0;
    bucket_prefix_.assign(name_).append("_bucket");
    append_labels(bucket_prefix_, labels);
    bucket_prefix_.append(labels.size() == 0 ? "{le=\"" : ",le=\"");
    if (bounds_ == bounds.data() && bound_texts_.size() == bounds.size() + 1) return;
    bounds_ = bounds.data();
    bound_texts_.clear();
    for (const double bound : bounds) append_go_float(bound_texts_.emplace_back(), bound);
    bound_texts_.emplace_back("+Inf");
    for (std::string& text : bound_texts_) text.append("\"} ");
}

void MetricsText::bucket(std::uint64_t cumulative) {
    out_.append(bucket_prefix_).append(bound_texts_[next_bucket_++]);
    append_integer(out_, cumulative);
    out_.push_back('\n');
}

void MetricsText::end_histogram(Labels labels, std::uint64_t count, double sum) {
    series("_sum", labels);
    append_go_float(out_, sum);
    out_.push_back('\n');
    series("_count", labels);
    append_integer(out_, count);
    out_.push_back('\n');
}

}  // namespace telemetry

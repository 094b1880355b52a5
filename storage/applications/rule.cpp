// SPDX-License-Identifier: Apache-2.0
#include "storage/applications/rule.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace storage::applications {
namespace {

// What the text before the suffix is; nullopt: there is no such suffix, or nothing before it.
std::optional<std::string> without(std::string_view name, std::string_view suffix) {
    if (name.size() <= suffix.size() || !name.ends_with(suffix)) return std::nullopt;
    return std::string{name.substr(0, name.size() - suffix.size())};
}

// The suffixes that only counters have.
bool is_called_counter(std::string_view name) {
    return name.ends_with("_total") || name.ends_with("_count") || name.ends_with("_sum");
}

std::string_view value_of(const LabelViews& labels, std::string_view name) {
    const auto at =
        std::find_if(labels.begin(), labels.end(), [&](const auto& label) { return label.first == name; });
    return at == labels.end() ? std::string_view{} : at->second;
}

// pkg/labels of k8s.io/apimachinery: Requirement.String().
std::string text_of(const Requirement& requirement) {
    using Op = Requirement::Op;
    const std::string& label = requirement.label;
    if (requirement.op == Op::exists) return label;
    if (requirement.op == Op::does_not_exist) return "!" + label;
    const bool is_in = requirement.op == Op::in;
    if (requirement.values.size() == 1) return label + (is_in ? "=" : "!=") + requirement.values[0];
    std::string text = label + (is_in ? " in (" : " notin (");
    for (const std::string& value : requirement.values)
        text.append(&value == &requirement.values.front() ? "" : ",").append(value);
    return text + ")";
}

bool meets(const Requirement& requirement, std::string_view value) {
    const auto& values = requirement.values;
    const auto listed = [&] { return std::find(values.begin(), values.end(), value) != values.end(); };
    switch (requirement.op) {
        case Requirement::Op::exists:
            return !value.empty();
        case Requirement::Op::does_not_exist:
            return value.empty();
        case Requirement::Op::in:
            return listed();
        case Requirement::Op::not_in:
            return !listed();
    }
    return false;
}

}  // namespace

std::string selector_text(const std::vector<Requirement>& requirements) {
    std::set<std::pair<std::string_view, std::string>> by_label;
    for (const Requirement& each : requirements) by_label.emplace(each.label, text_of(each));
    std::string text;
    for (const auto& [label, part] : by_label) text.append(text.empty() ? "" : ",").append(part);
    return text;
}

Rule::Rule(Demand asked) : demand{std::move(asked)}, selector{selector_text(demand.series)} {
    takes_quantiles = std::any_of(demand.series.begin(), demand.series.end(),
                                  [](const Requirement& each) { return each.label == "quantile"; });
    const std::string& metric = demand.metric;
    std::uint8_t rank = 0;
    candidates.push_back({metric, rank++, Kind::gauge});
    const auto add_counters = [&](const std::string& name) {
        for (const char* const suffix : {"", "_total", "_seconds_total"})
            candidates.push_back({name + suffix, rank++, Kind::counter});
    };
    add_counters(metric);
    if (const auto counter = without(metric, "_per_second")) add_counters(*counter);
    if (const auto observed = without(metric, "_mean")) {
        candidates.push_back({*observed + "_sum", rank, Kind::mean, false});
        candidates.push_back({*observed + "_count", rank, Kind::mean, true});
    }
}

std::size_t Rule::bytes() const {
    std::size_t bytes = sizeof *this + demand.name_space.size() + selector.size();
    for (const Candidate& each : candidates) bytes += sizeof each + each.sample_name.size();
    for (const Requirement& each : demand.series) {
        bytes += sizeof each + each.label.size();
        for (const std::string& value : each.values) bytes += sizeof(std::string) + value.size();
    }
    return bytes;
}

bool fits(const Candidate& candidate, const Rule& rule, std::string_view sample_name, Type type) {
    if (candidate.sample_name != sample_name) return false;
    const bool wants_gauge = candidate.kind == Kind::gauge;
    switch (type) {
        case Type::gauge:
            return wants_gauge;
        case Type::counter:
            return !wants_gauge;
        case Type::quantile:
            return wants_gauge && rule.takes_quantiles;
        case Type::untyped:
            // Buckets are neither.
            return !sample_name.ends_with("_bucket") && wants_gauge != is_called_counter(sample_name);
    }
    return false;
}

bool meets(const std::vector<Requirement>& requirements, const LabelViews& labels) {
    return std::all_of(requirements.begin(), requirements.end(),
                       [&](const Requirement& each) { return meets(each, value_of(labels, each.label)); });
}

}  // namespace storage::applications

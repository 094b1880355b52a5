// SPDX-License-Identifier: Apache-2.0
#include "apiserver/groups/custom_metrics/series_selector.hpp"

#include "apiserver/encode/reverse_protobuf.hpp"
#include "text/go_text.hpp"

#include <algorithm>
#include <utility>

namespace apiserver {
namespace {

using Operator = LabelRequirement::Operator;
using storage::applications::Requirement;

Requirement::Op operation(Operator op) {
    switch (op) {
        case Operator::exists:
            return Requirement::Op::exists;
        case Operator::does_not_exist:
            return Requirement::Op::does_not_exist;
        case Operator::in:
            return Requirement::Op::in;
        default:
            return Requirement::Op::not_in;
    }
}

std::string expression_json(const LabelRequirement& one) {
    std::string out = R"({"key":)";
    text::append_json_string(out, one.key);
    out.append(R"(,"operator":")").append(*word_of(one.op)).append("\"");
    for (std::size_t i = 0; i < one.values.size(); ++i) {
        out.append(i == 0 ? R"(,"values":[)" : ",");
        text::append_json_string(out, one.values[i]);
    }
    return out.append(one.values.empty() ? "}" : "]}");
}

void write_expression(ReverseProtobuf& out, const LabelRequirement& one) {
    const std::size_t mark = out.size();
    for (auto value = one.values.rbegin(); value != one.values.rend(); ++value) out.text(3, *value);
    out.text(2, *word_of(one.op));
    out.text(1, one.key);
    out.message(2, mark);
}

}  // namespace

struct SeriesSelector::Written {
    // By key, one of each.
    std::vector<std::pair<std::string_view, std::string_view>> labels;
    std::vector<const LabelRequirement*> expressions;
};

text::Parsed<SeriesSelector> SeriesSelector::parse(std::string_view text) {
    if (text.size() > kMaxBytes) return text::ParseError{"the metricLabelSelector is too long"};
    const auto parsed = LabelSelector::parse(text);
    if (!parsed) return parsed.error();
    SeriesSelector selector;
    selector.labels_ = parsed->requirements();
    std::size_t values = 0;
    for (const LabelRequirement& one : selector.labels_) values += 1 + one.values.size();
    if (values > kMaxValues) return text::ParseError{"the metricLabelSelector has too many values"};
    const auto compares = [](const LabelRequirement& one) {
        return one.op == Operator::greater_than || one.op == Operator::less_than;
    };
    if (std::any_of(selector.labels_.begin(), selector.labels_.end(), compares))
        return text::ParseError{"the metricLabelSelector must not compare with > or <"};
    return selector;
}

std::vector<Requirement> SeriesSelector::requirements() const {
    std::vector<Requirement> out;
    for (const LabelRequirement& one : labels_) out.push_back({one.key, operation(one.op), one.values});
    return out;
}

SeriesSelector::Written SeriesSelector::written() const {
    Written out;
    for (const LabelRequirement& one : labels_) {
        const bool taken = !out.labels.empty() && out.labels.back().first == one.key;
        if (one.op == Operator::in && one.values.size() == 1 && !taken)
            out.labels.emplace_back(one.key, one.values[0]);
        else
            out.expressions.push_back(&one);
    }
    return out;
}

std::string SeriesSelector::json() const {
    if (empty()) return "null";
    const Written all = written();
    std::string out = "{";
    for (const auto& [key, value] : all.labels) {
        out.append(out.size() == 1 ? R"("matchLabels":{)" : ",");
        text::append_json_string(out, key);
        out.push_back(':');
        text::append_json_string(out, value);
    }
    if (!all.labels.empty()) out.append(all.expressions.empty() ? "}" : "},");
    for (std::size_t i = 0; i < all.expressions.size(); ++i)
        out.append(i == 0 ? R"("matchExpressions":[)" : ",").append(expression_json(*all.expressions[i]));
    if (!all.expressions.empty()) out.push_back(']');
    return out.append("}");
}

std::string SeriesSelector::protobuf() const {
    const Written all = written();
    ReverseProtobuf out;
    for (auto one = all.expressions.rbegin(); one != all.expressions.rend(); ++one)
        write_expression(out, **one);
    for (auto label = all.labels.rbegin(); label != all.labels.rend(); ++label)
        write_pair(out, 1, label->first, label->second);
    return std::string{out.bytes()};
}

}  // namespace apiserver

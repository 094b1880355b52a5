// SPDX-License-Identifier: Apache-2.0
// Any text is a label selector or refused with a reason. What is accepted keeps the rules, is read back as
// written, and selects what a plain reading of it selects. After a zero byte come labels: k=v,k=v.
#include "apiserver/request/label_lexer.hpp"
#include "apiserver/request/label_selector.hpp"
#include "apiserver/request/label_syntax.hpp"
#include "test/fuzz/require.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace {

using apiserver::LabelRequirement;
using apiserver::LabelSelector;
using Operator = LabelRequirement::Operator;
using Labels = std::map<std::string, std::string>;

bool equal(const LabelRequirement& a, const LabelRequirement& b) {
    return a.key == b.key && a.op == b.op && a.values == b.values;
}

bool same(const text::Parsed<LabelSelector>& a, const text::Parsed<LabelSelector>& b) {
    if (a.has_error() || b.has_error())
        return a.has_error() && b.has_error() && a.error().text == b.error().text;
    return std::equal(a->requirements().begin(), a->requirements().end(), b->requirements().begin(),
                      b->requirements().end(), equal);
}

std::string written(const LabelRequirement& requirement) {
    const std::string& key = requirement.key;
    std::string list;
    for (const std::string& value : requirement.values) list += "," + value;
    switch (requirement.op) {
        case Operator::exists:
            return key;
        case Operator::does_not_exist:
            return "!" + key;
        case Operator::in:
            return requirement.values.size() == 1 ? key + "=" + list.substr(1)
                                                  : key + " in (" + list.substr(1) + ")";
        case Operator::not_in:
            return requirement.values.size() == 1 ? key + "!=" + list.substr(1)
                                                  : key + " notin (" + list.substr(1) + ")";
        case Operator::greater_than:
            return key + ">" + list.substr(1);
        case Operator::less_than:
            break;
    }
    return key + "<" + list.substr(1);
}

// Blanks around what separates mean nothing.
std::string spaced(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == ',' || c == '(' || c == ')')
            out.append(" \t").append(1, c).append("\n ");
        else
            out.push_back(c);
    }
    return out;
}

// Decimal digits behind an optional sign.
std::optional<std::int64_t> integer(std::string_view text) {
    // from_chars() takes a minus only.
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    std::int64_t value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
    return value;
}

bool naive_matches(const LabelRequirement& requirement, const Labels& labels) {
    const auto label = labels.find(requirement.key);
    const bool has = label != labels.end();
    const std::set<std::string> values(requirement.values.begin(), requirement.values.end());
    if (requirement.op == Operator::exists) return has;
    if (requirement.op == Operator::does_not_exist) return !has;
    if (requirement.op == Operator::in) return has && values.contains(label->second);
    if (requirement.op == Operator::not_in) return !has || !values.contains(label->second);
    if (!has) return false;
    const auto left = integer(label->second);
    const auto right = integer(*values.begin());
    if (!left || !right) return false;
    return requirement.op == Operator::greater_than ? *left > *right : *left < *right;
}

Labels labels_of(std::string_view text) {
    Labels labels;
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find(','));
        text.remove_prefix(std::min(pair.size() + 1, text.size()));
        const std::size_t at = pair.find('=');
        labels.emplace(pair.substr(0, at), at == pair.npos ? "" : pair.substr(at + 1));
    }
    return labels;
}

void check_accepted(const LabelSelector& selector, const Labels& labels) {
    bool all = true;
    std::string again;
    for (const LabelRequirement& requirement : selector.requirements()) {
        require(apiserver::label_key_fault(requirement.key).empty(), "accepted keys are valid");
        for (const std::string& value : requirement.values)
            require(apiserver::label_value_fault(value).empty(), "accepted values are valid");
        require(std::is_sorted(requirement.values.begin(), requirement.values.end()), "values are sorted");
        all = all && naive_matches(requirement, labels);
        again += (again.empty() ? "" : ",") + written(requirement);
    }
    const storage::Labels sorted(labels.begin(), labels.end());
    require(selector.matches(sorted) == all, "it selects what each requirement selects");
    require(same(LabelSelector::parse(again), selector), "a selector is read back as written");
}

void check_tokens(std::string_view text) {
    std::string joined;
    const auto tokens = apiserver::lex_labels(text);
    for (const auto& token : tokens) joined += token.text;
    std::string bare{text};
    std::erase_if(bare, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
    require(joined == bare, "tokens are all there is but blanks");
    require(tokens.back().kind == apiserver::LabelToken::Kind::end, "the last token is the end");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view all = text_of(data, size);
    const std::string_view text = all.substr(0, all.find('\0'));
    const auto selector = LabelSelector::parse(text);
    require(all.size() == text.size() || LabelSelector::parse(all).has_error(),
            "no selector has a zero byte");
    require(same(LabelSelector::parse(spaced(text)), selector), "blanks around separators mean nothing");
    check_tokens(all);
    if (selector)
        check_accepted(*selector, labels_of(all.substr(std::min(text.size() + 1, all.size()))));
    else
        require(!selector.error().text.empty(), "a refusal has a reason");
    return 0;
}

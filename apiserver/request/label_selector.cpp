// SPDX-License-Identifier: Apache-2.0
#include "apiserver/request/label_selector.hpp"

#include "apiserver/request/label_lexer.hpp"
#include "apiserver/request/label_syntax.hpp"
#include "text/go_text.hpp"

#include <algorithm>

namespace apiserver {
namespace {

using Operator = LabelRequirement::Operator;
using Kind = LabelToken::Kind;

text::ParseError unexpected(std::string_view found, std::string_view expected) {
    return {"found '" + std::string{found} + "', expected: " + std::string{expected}};
}

// A descent over the tokens. in and notin are plain words wherever an operator cannot stand.
class Parser {
  public:
    explicit Parser(std::vector<LabelToken> tokens) : tokens_{std::move(tokens)} {}

    text::Parsed<std::vector<LabelRequirement>> parse();

  private:
    enum class Context { value, op };

    // The last token is the end of the text; it is never passed.
    LabelToken peek(Context context = Context::value) const {
        LabelToken token = tokens_[std::min(position_, tokens_.size() - 1)];
        const bool word = token.kind == Kind::in || token.kind == Kind::not_in;
        if (context == Context::value && word) token.kind = Kind::identifier;
        return token;
    }
    LabelToken take(Context context = Context::value) {
        const LabelToken token = peek(context);
        ++position_;
        return token;
    }

    text::Parsed<LabelRequirement> parse_requirement();
    text::Parsed<LabelRequirement> finish(LabelRequirement requirement) const;
    text::Parsed<std::vector<std::string>> parse_values();
    text::Parsed<std::vector<std::string>> parse_identifiers();
    text::Parsed<std::vector<std::string>> parse_exact_value();

    std::vector<LabelToken> tokens_;
    std::size_t position_ = 0;
};

text::Parsed<std::vector<LabelRequirement>> Parser::parse() {
    std::vector<LabelRequirement> requirements;
    for (;;) {
        const LabelToken next = peek();
        if (next.kind == Kind::end) return requirements;
        if (next.kind != Kind::identifier && next.kind != Kind::exclamation)
            return unexpected(next.text, "!, identifier, or 'end of string'");
        auto requirement = parse_requirement();
        if (!requirement) return text::ParseError{"unable to parse requirement: " + requirement.error().text};
        requirements.push_back(std::move(*requirement));
        if (requirements.size() > LabelSelector::kMaxRequirements)
            return text::ParseError{"the selector has too many requirements"};
        const LabelToken separator = take();
        if (separator.kind == Kind::end) return requirements;
        if (separator.kind != Kind::comma) return unexpected(separator.text, "',' or 'end of string'");
        const LabelToken after = peek();
        if (after.kind != Kind::identifier && after.kind != Kind::exclamation)
            return unexpected(after.text, "identifier after ','");
    }
}

text::Parsed<LabelRequirement> Parser::parse_requirement() {
    LabelToken key = take();
    const bool negated = key.kind == Kind::exclamation;
    if (negated) key = take();
    if (key.kind != Kind::identifier) return unexpected(key.text, "identifier");
    const std::string fault = label_key_fault(key.text);
    if (!fault.empty())
        return text::ParseError{"<nil>: Invalid value: " + text::quoted(key.text) + ": " + fault};
    LabelRequirement requirement{std::string{key.text}, Operator::exists, {}};
    if (negated) requirement.op = Operator::does_not_exist;
    if (negated || peek().kind == Kind::end || peek().kind == Kind::comma) return requirement;

    const LabelToken op = take(Context::op);
    text::Parsed<std::vector<std::string>> values = std::vector<std::string>{};
    switch (op.kind) {
        case Kind::in:
        case Kind::not_in:
            values = parse_values();
            break;
        case Kind::equal:
        case Kind::not_equal:
        case Kind::greater:
        case Kind::less:
            values = parse_exact_value();
            break;
        default:
            return unexpected(op.text, "in, notin, =, ==, !=, gt, lt");
    }
    if (!values) return values.error();
    if (op.kind == Kind::in || op.kind == Kind::equal) requirement.op = Operator::in;
    if (op.kind == Kind::not_in || op.kind == Kind::not_equal) requirement.op = Operator::not_in;
    if (op.kind == Kind::greater) requirement.op = Operator::greater_than;
    if (op.kind == Kind::less) requirement.op = Operator::less_than;
    requirement.values = std::move(*values);
    std::sort(requirement.values.begin(), requirement.values.end());
    const auto twice = std::unique(requirement.values.begin(), requirement.values.end());
    requirement.values.erase(twice, requirement.values.end());
    return finish(std::move(requirement));
}

// Checks the values; all that is wrong with them is said at once.
text::Parsed<LabelRequirement> Parser::finish(LabelRequirement requirement) const {
    std::vector<std::string> faults;
    const bool numeric = requirement.op == Operator::greater_than || requirement.op == Operator::less_than;
    if (numeric && !text::parse_int(requirement.values[0])) {
        faults.push_back("values[0]: Invalid value: " + text::quoted(requirement.values[0]) +
                         ": for 'Gt', 'Lt' operators, the value must be an integer");
    }
    for (std::size_t i = 0; i < requirement.values.size(); ++i) {
        const std::string fault = label_value_fault(requirement.values[i]);
        if (fault.empty()) continue;
        faults.push_back("values[" + std::to_string(i) + "][" + requirement.key +
                         "]: Invalid value: " + text::quoted(requirement.values[i]) + ": " + fault);
    }
    if (faults.empty()) return requirement;
    if (faults.size() == 1) return text::ParseError{faults[0]};
    std::string all = "[" + faults[0];
    for (std::size_t i = 1; i < faults.size(); ++i) all.append(", ").append(faults[i]);
    return text::ParseError{all.append("]")};
}

text::Parsed<std::vector<std::string>> Parser::parse_values() {
    const LabelToken open = take();
    if (open.kind != Kind::open)
        return text::ParseError{"found '" + std::string{open.text} + "' expected: '('"};
    const LabelToken first = peek();
    if (first.kind == Kind::close) {
        take();
        return std::vector<std::string>{""};
    }
    if (first.kind != Kind::identifier && first.kind != Kind::comma)
        return unexpected(first.text, "',', ')' or identifier");
    auto values = parse_identifiers();
    if (values) take();
    return values;
}

// Up to the closing bracket. Names between commas; where there is none between two it is the empty one.
text::Parsed<std::vector<std::string>> Parser::parse_identifiers() {
    std::vector<std::string> values;
    for (;;) {
        const LabelToken token = take();
        if (token.kind == Kind::identifier) {
            values.emplace_back(token.text);
            const LabelToken next = peek();
            if (next.kind == Kind::close) return values;
            if (next.kind != Kind::comma) return unexpected(next.text, "',' or ')'");
        } else if (token.kind == Kind::comma) {
            if (values.empty()) values.emplace_back();
            const LabelToken next = peek();
            if (next.kind == Kind::close || next.kind == Kind::comma) values.emplace_back();
            if (next.kind == Kind::close) return values;
            if (next.kind == Kind::comma) take();
        } else {
            return unexpected(token.text, "',', or identifier");
        }
    }
}

text::Parsed<std::vector<std::string>> Parser::parse_exact_value() {
    const LabelToken next = peek();
    if (next.kind == Kind::end || next.kind == Kind::comma) return std::vector<std::string>{""};
    take();
    if (next.kind == Kind::identifier) return std::vector<std::string>{std::string{next.text}};
    return unexpected(next.text, "identifier");
}

}  // namespace

std::optional<std::string_view> word_of(LabelRequirement::Operator op) {
    switch (op) {
        case Operator::exists:
            return "Exists";
        case Operator::does_not_exist:
            return "DoesNotExist";
        case Operator::in:
            return "In";
        case Operator::not_in:
            return "NotIn";
        case Operator::greater_than:
        case Operator::less_than:
            break;
    }
    return std::nullopt;
}

bool LabelRequirement::matches(const storage::Labels& labels) const {
    const auto label =
        std::lower_bound(labels.begin(), labels.end(), key,
                         [](const auto& pair, const std::string& k) { return pair.first < k; });
    const bool has = label != labels.end() && label->first == key;
    const auto among = [&] { return std::binary_search(values.begin(), values.end(), label->second); };
    switch (op) {
        case Operator::exists:
            return has;
        case Operator::does_not_exist:
            return !has;
        case Operator::in:
            return has && among();
        case Operator::not_in:
            return !has || !among();
        case Operator::greater_than:
        case Operator::less_than:
            break;
    }
    if (!has) return false;
    const auto number = text::parse_int(label->second);
    const auto bound = text::parse_int(values[0]);
    if (!number || !bound) return false;
    return op == Operator::greater_than ? *number > *bound : *number < *bound;
}

text::Parsed<LabelSelector> LabelSelector::parse(std::string_view text) {
    if (text.size() > kMaxBytes) return text::ParseError{"the selector is too long"};
    auto requirements = Parser{lex_labels(text)}.parse();
    if (!requirements) return requirements.error();
    LabelSelector selector;
    selector.requirements_ = std::move(*requirements);
    // As Go's, so that the same selector gives the same access review.
    std::stable_sort(selector.requirements_.begin(), selector.requirements_.end(),
                     [](const LabelRequirement& a, const LabelRequirement& b) { return a.key < b.key; });
    return selector;
}

bool LabelSelector::matches(const storage::Labels& labels) const {
    return std::all_of(requirements_.begin(), requirements_.end(),
                       [&](const LabelRequirement& r) { return r.matches(labels); });
}

}  // namespace apiserver

// SPDX-License-Identifier: Apache-2.0
#include "query/source/matcher.hpp"

#include "query/source/regex.hpp"

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <utility>

#include <re2/re2.h>

namespace query {
namespace {

// Values that a pattern was tried on.
constexpr std::size_t kRemembered = 4096;
constexpr std::size_t kRememberedBytes = 256;

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

}  // namespace

struct Matcher::Pattern {
    std::shared_ptr<const re2::RE2> regex;
    std::unordered_map<std::string, bool, TextHash, std::equal_to<>> known;

    bool matches(std::string_view value) {
        if (const auto it = known.find(value); it != known.end()) return it->second;
        const bool does = re2::RE2::FullMatch({value.data(), value.size()}, *regex);
        if (value.size() > kRememberedBytes) return does;
        if (known.size() >= kRemembered) known.clear();
        known.emplace(value, does);
        return does;
    }
};

Matcher::Matcher(std::string label, MatchOp op, std::string value)
    : label_{std::move(label)}, op_{op}, value_{std::move(value)} {}
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;
Matcher::~Matcher() = default;

Matcher Matcher::equal(std::string label, std::string value) {
    Matcher matcher{std::move(label), MatchOp::equal, std::move(value)};
    matcher.has_literals_ = true;
    matcher.literals_ = {matcher.value_};
    return matcher;
}

text::Parsed<Matcher> Matcher::make(std::string label, MatchOp op, std::string value) {
    if (op == MatchOp::equal) return equal(std::move(label), std::move(value));
    Matcher matcher{std::move(label), op, std::move(value)};
    if (op == MatchOp::not_equal) return matcher;
    if (auto literals = plain_alternatives(matcher.value_)) {
        matcher.literals_ = std::move(*literals);
        matcher.has_literals_ = op == MatchOp::matches;
        return matcher;
    }
    auto regex = compile_regex(matcher.value_);
    if (!regex) return regex.error();
    matcher.pattern_ = std::make_unique<Pattern>(Pattern{std::move(*regex), {}});
    return matcher;
}

bool Matcher::matches(std::string_view value) const {
    const auto by_pattern = [&] {
        if (pattern_) return pattern_->matches(value);
        return std::binary_search(literals_.begin(), literals_.end(), value, std::less<>{});
    };
    switch (op_) {
        case MatchOp::equal:
            return value == value_;
        case MatchOp::not_equal:
            return value != value_;
        case MatchOp::matches:
            return by_pattern();
        case MatchOp::not_matches:
            return !by_pattern();
    }
    return false;
}

bool matches_all(std::span<const Matcher> matchers, const Labels& labels) {
    return std::all_of(matchers.begin(), matchers.end(),
                       [&](const Matcher& matcher) { return matcher.matches(labels.get(matcher.label())); });
}

bool may_be(std::span<const Matcher> matchers, std::string_view label, std::string_view value) {
    return std::all_of(matchers.begin(), matchers.end(), [&](const Matcher& matcher) {
        return matcher.label() != label || matcher.matches(value);
    });
}

const std::vector<std::string>* literals_of(std::span<const Matcher> matchers, std::string_view label) {
    const std::vector<std::string>* fewest = nullptr;
    for (const Matcher& matcher : matchers) {
        if (matcher.label() != label || matcher.literals() == nullptr) continue;
        if (fewest == nullptr || matcher.literals()->size() < fewest->size()) fewest = matcher.literals();
    }
    return fewest;
}

std::string_view equal_value(std::span<const Matcher> matchers, std::string_view label) {
    for (const Matcher& matcher : matchers)
        if (matcher.label() == label && matcher.op() == MatchOp::equal && !matcher.value().empty())
            return matcher.value();
    return {};
}

}  // namespace query

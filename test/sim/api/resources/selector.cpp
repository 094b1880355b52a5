// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/resources/selector.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace sim {
namespace {

// The words of a label selector: names, and the signs that stand between them.
class Words {
  public:
    explicit Words(std::string_view text) : rest_{text} {}

    // Empty: the end.
    std::string_view next() {
        const std::string_view word = peek();
        rest_.remove_prefix(static_cast<std::size_t>(word.data() - rest_.data()) + word.size());
        return word;
    }
    std::string_view peek() const {
        std::string_view text = rest_;
        while (!text.empty() && (text[0] == ' ' || text[0] == '\t')) text.remove_prefix(1);
        for (const std::string_view sign : {"==", "!=", "=", "!", ",", "(", ")"})
            if (text.starts_with(sign)) return text.substr(0, sign.size());
        return text.substr(0, std::min(text.find_first_of(" \t=!,()"), text.size()));
    }

  private:
    std::string_view rest_;
};

bool is_name(std::string_view word) {
    return !word.empty() && word.find_first_of("=!,()") == std::string_view::npos;
}

BadSelector found(std::string_view word, std::string_view expected) {
    return {"unable to parse requirement: found '" + std::string{word} +
            "', expected: " + std::string{expected}};
}

// "(a,b)"; an empty place is an empty value.
std::optional<std::vector<std::string>> parse_values(Words& words) {
    if (words.next() != "(") return std::nullopt;
    std::vector<std::string> values{""};
    for (;;) {
        const std::string_view word = words.next();
        if (word == ")") return values;
        if (word == ",")
            values.emplace_back();
        else if (is_name(word) && values.back().empty())
            values.back() = word;
        else
            return std::nullopt;
    }
}

}  // namespace

void throw_exception_from_error(const BadSelector& error, const boost::source_location&) {
    throw std::invalid_argument{error.message};
}

Parsed<LabelSelector> LabelSelector::parse(std::string_view text) {
    LabelSelector selector;
    Words words{text};
    if (words.peek().empty()) return selector;
    for (;;) {
        Requirement requirement;
        std::string_view word = words.next();
        if (word == "!") {
            requirement.positive = false;
            word = words.next();
            if (!is_name(word)) return found(word, "identifier");
            requirement.key = word;
        } else {
            if (!is_name(word)) return found(word, "!, identifier, or 'end of string'");
            requirement.key = word;
            const std::string_view sign = words.peek();
            if (sign == "=" || sign == "==" || sign == "!=") {
                words.next();
                requirement.positive = sign != "!=";
                requirement.about_values = true;
                const bool has_value = is_name(words.peek());
                if (!has_value && words.peek() != "," && !words.peek().empty())
                    return found(words.peek(), "identifier");
                requirement.values.emplace_back(has_value ? words.next() : std::string_view{});
            } else if (sign == "in" || sign == "notin") {
                words.next();
                requirement.positive = sign == "in";
                requirement.about_values = true;
                auto values = parse_values(words);
                if (!values) return found(words.peek(), "',' or ')'");
                requirement.values = std::move(*values);
            } else if (!sign.empty() && sign != ",") {
                return found(sign, "in, notin, =, ==, !=, gt, lt");
            }
        }
        selector.requirements_.push_back(std::move(requirement));
        const std::string_view separator = words.next();
        if (separator.empty()) return selector;
        if (separator != ",") return found(separator, "',' or 'end of string'");
        if (words.peek().empty()) return found("", "identifier after ','");
    }
}

bool LabelSelector::matches(const Labels& labels) const {
    return std::all_of(requirements_.begin(), requirements_.end(), [&](const Requirement& requirement) {
        const auto label = std::find_if(labels.begin(), labels.end(),
                                        [&](const auto& pair) { return pair.first == requirement.key; });
        bool holds = label != labels.end();
        if (holds && requirement.about_values)
            holds = std::find(requirement.values.begin(), requirement.values.end(), label->second) !=
                    requirement.values.end();
        return holds == requirement.positive;
    });
}

Parsed<std::vector<FieldTerm>> parse_field_selector(std::string_view text) {
    std::vector<FieldTerm> terms;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(','), text.size());
        const std::string_view term = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (term.empty()) continue;
        const std::size_t equals = term.find('=');
        if (equals == std::string_view::npos || equals == 0)
            return BadSelector{"invalid selector: '" + std::string{term} + "'; can't understand '" +
                               std::string{term} + "'"};
        const bool negated = term[equals - 1] == '!';
        std::string_view value = term.substr(equals + 1);
        if (value.starts_with('=')) value.remove_prefix(1);
        terms.push_back(
            {std::string{term.substr(0, negated ? equals - 1 : equals)}, std::string{value}, !negated});
    }
    return terms;
}

}  // namespace sim

// SPDX-License-Identifier: Apache-2.0
// Any text is a field selector or refused, as a character by character reading of the grammar says.
#include "apiserver/request/field_selector.hpp"
#include "test/fuzz/require.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace {

using apiserver::FieldSelector;
using Term = std::tuple<std::string, bool, std::string>;
using Terms = std::vector<Term>;

// nullopt: no operator, or a value with a separator or a broken escape in it.
std::optional<Term> naive_term(const std::string& text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        for (const std::string operation : {"!=", "==", "="}) {
            if (text.compare(i, operation.size(), operation) != 0) continue;
            std::string value;
            bool escaped = false;
            for (const char c : text.substr(i + operation.size())) {
                const bool special = c == '\\' || c == ',' || c == '=';
                if (escaped && !special) return std::nullopt;
                if (!escaped && c != '\\' && special) return std::nullopt;
                escaped = !escaped && c == '\\';
                if (!escaped) value += c;
            }
            if (escaped) return std::nullopt;
            return Term{text.substr(0, i), operation != "!=", value};
        }
    }
    return std::nullopt;
}

std::optional<Terms> naive_terms(std::string_view text) {
    std::vector<std::string> parts(1);
    bool escaped = false;
    for (const char c : text) {
        if (c == ',' && !escaped)
            parts.emplace_back();
        else
            parts.back() += c;
        escaped = c == '\\' && !escaped;
    }
    Terms terms;
    for (const std::string& part : parts) {
        if (part.empty()) continue;
        const auto term = naive_term(part);
        if (!term) return std::nullopt;
        terms.push_back(*term);
    }
    std::sort(terms.begin(), terms.end());
    return terms;
}

Terms terms_of(const FieldSelector& selector) {
    Terms terms;
    for (const auto& term : selector.terms()) terms.emplace_back(term.field, term.equal, term.value);
    std::sort(terms.begin(), terms.end());
    return terms;
}

std::string written(const Terms& terms) {
    std::string text;
    for (const auto& [field, equal, value] : terms) {
        text += (text.empty() ? "" : ",") + field + (equal ? "=" : "!=");
        for (const char c : value) {
            if (c == '\\' || c == ',' || c == '=') text += '\\';
            text += c;
        }
    }
    return text;
}

void check_accepted(const FieldSelector& selector) {
    const Terms terms = terms_of(selector);
    const auto again = FieldSelector::parse(written(terms));
    require(again.has_value() && terms_of(*again) == terms, "a selector is read back as written");
    const bool known = std::all_of(terms.begin(), terms.end(), [](const Term& term) {
        return std::get<0>(term) == "metadata.name" || std::get<0>(term) == "metadata.namespace";
    });
    require(selector.unknown_field().empty() == known, "only two fields are known");
    if (!known) return;
    const std::string name = selector.exact_match("metadata.name").value_or("n");
    const std::string space = selector.exact_match("metadata.namespace").value_or("s");
    bool matches = true;
    for (const auto& [field, equal, value] : terms)
        matches = matches && ((field == "metadata.name" ? name : space) == value) == equal;
    require(selector.matches(space, name) == matches, "it selects what each term selects");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of(data, size);
    const auto selector = FieldSelector::parse(text);
    const auto expected = naive_terms(text);
    require(selector.has_value() == expected.has_value(), "it is accepted by the grammar");
    if (!selector) {
        require(!selector.error().text.empty(), "a refusal has a reason");
        return 0;
    }
    require(terms_of(*selector) == *expected, "its terms are those of the grammar");
    check_accepted(*selector);
    return 0;
}

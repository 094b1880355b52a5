// SPDX-License-Identifier: Apache-2.0
#include "apiserver/request/field_selector.hpp"

#include "text/go_text.hpp"

#include <algorithm>

namespace apiserver {
namespace {

constexpr std::string_view kName = "metadata.name";
constexpr std::string_view kNamespace = "metadata.namespace";

// The length of the term in front: up to a comma that is not escaped.
std::size_t term_length(std::string_view text) {
    bool escaped = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (escaped)
            escaped = false;
        else if (text[i] == '\\')
            escaped = true;
        else if (text[i] == ',')
            return i;
    }
    return text.size();
}

// The character at the front of `text`, all of its UTF-8 bytes.
std::string_view character(std::string_view text) {
    std::size_t size = 1;
    const auto is_among = [&](std::size_t i, unsigned mask, unsigned bits) {
        return i < text.size() && (static_cast<unsigned char>(text[i]) & mask) == bits;
    };
    if (is_among(0, 0xc0, 0xc0))
        while (is_among(size, 0xc0, 0x80)) ++size;
    return text.substr(0, size);
}

text::Parsed<std::string> unescaped(std::string_view text) {
    std::string value;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '=' || text[i] == ',') {
            return text::ParseError{"invalid field selector: unescaped character in value: " +
                                    std::to_string(static_cast<int>(text[i]))};
        }
        if (text[i] == '\\') {
            const std::string_view next = character(text.substr(i + 1));
            if (next != "\\" && next != "," && next != "=")
                return text::ParseError{"invalid field selector: invalid escape sequence: \\" +
                                        std::string{next}};
            ++i;
        }
        value.push_back(text[i]);
    }
    return text::Parsed<std::string>{boost::system::in_place_value, std::move(value)};
}

// `at` is the first equals sign.
text::Parsed<FieldSelector::Term> parse_term(std::string_view text, std::size_t at) {
    // != is an operator wherever it comes first; a lone exclamation mark is a part of the field.
    const bool equal = at == 0 || text[at - 1] != '!';
    const std::string_view field = text.substr(0, equal ? at : at - 1);
    const bool doubled = equal && text.substr(at).starts_with("==");
    auto value = unescaped(text.substr(at + (doubled ? 2 : 1)));
    if (!value) return value.error();
    return FieldSelector::Term{std::string{field}, equal, std::move(*value)};
}

}  // namespace

text::Parsed<FieldSelector> FieldSelector::parse(std::string_view text) {
    if (text.size() > kMaxBytes) return text::ParseError{"the selector is too long"};
    std::vector<std::string_view> terms;
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view term = rest.substr(0, term_length(rest));
        rest.remove_prefix(std::min(term.size() + 1, rest.size()));
        if (!term.empty()) terms.push_back(term);
    }
    // Of several faults the one of the first term in this order is told.
    std::sort(terms.begin(), terms.end());
    FieldSelector selector;
    for (const std::string_view term : terms) {
        const std::size_t at = term.find('=');
        if (at == std::string_view::npos) {
            return text::ParseError{"invalid selector: '" + std::string{text} + "'; can't understand '" +
                                    std::string{term} + "'"};
        }
        auto parsed = parse_term(term, at);
        if (!parsed) return parsed.error();
        selector.terms_.push_back(std::move(*parsed));
    }
    return selector;
}

std::string FieldSelector::unknown_field() const {
    for (const Term& term : terms_) {
        if (term.field == kName || term.field == kNamespace) continue;
        return text::quoted(term.field) +
               " is not a known field selector: only \"metadata.name\", \"metadata.namespace\"";
    }
    return {};
}

bool FieldSelector::matches(std::string_view name_space, std::string_view name) const {
    return std::all_of(terms_.begin(), terms_.end(), [&](const Term& term) {
        return ((term.field == kName ? name : name_space) == term.value) == term.equal;
    });
}

std::optional<std::string> FieldSelector::exact_match(std::string_view field) const {
    for (const Term& term : terms_)
        if (term.equal && term.field == field) return term.value;
    return std::nullopt;
}

}  // namespace apiserver

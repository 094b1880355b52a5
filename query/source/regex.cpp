// SPDX-License-Identifier: Apache-2.0
#include "query/source/regex.hpp"

#include "query/limits.hpp"

#include <algorithm>

#include <re2/re2.h>

namespace query {
namespace {

constexpr std::string_view kSpecial = R"(.+*?()|[]{}^$\)";

// RE2 has it, Go's package regexp has not: a byte inside a character.
bool names_a_byte(std::string_view pattern) {
    for (std::size_t i = 0; i + 1 < pattern.size(); ++i) {
        if (pattern[i] != '\\') continue;
        if (pattern[i + 1] == 'C') return true;
        ++i;
    }
    return false;
}

}  // namespace

text::Parsed<std::shared_ptr<const re2::RE2>> compile_regex(std::string_view pattern) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kRegexBytes);
    const std::string anchored = "^(?s:" + std::string{pattern} + ")$";
    if (names_a_byte(pattern))
        return text::ParseError{"error parsing regexp: invalid escape sequence: `\\C`"};
    auto regex = std::make_shared<const re2::RE2>(anchored, options);
    if (!regex->ok())
        return text::ParseError{"error parsing regexp: " + regex->error() + " in `" + anchored + '`'};
    return regex;
}

std::optional<std::vector<std::string>> plain_alternatives(std::string_view pattern) {
    if (pattern.size() >= 2 && pattern.front() == '(' && pattern.back() == ')' &&
        (pattern.size() < 3 || pattern[pattern.size() - 2] != '\\'))
        pattern = pattern.substr(1, pattern.size() - 2);
    std::vector<std::string> found(1);
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (c == '|') {
            found.emplace_back();
            continue;
        }
        if (c == '\\') {
            // Only what stands for itself.
            if (i + 1 == pattern.size() ||
                (kSpecial.find(pattern[i + 1]) == kSpecial.npos && pattern[i + 1] != '-'))
                return std::nullopt;
            found.back() += pattern[++i];
            continue;
        }
        // What is not ASCII may be broken UTF-8, which the pattern's compiler is to refuse.
        if (kSpecial.find(c) != kSpecial.npos || static_cast<unsigned char>(c) >= 0x80) return std::nullopt;
        found.back() += c;
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

}  // namespace query

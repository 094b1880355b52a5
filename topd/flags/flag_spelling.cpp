// SPDX-License-Identifier: Apache-2.0
#include "topd/flags/flag_spelling.hpp"

#include "text/go_text.hpp"
#include "topd/flags/flag_table.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include <fmt/format.h>

namespace topd {
namespace {

// What editors, web pages and chats make of dashes, quotes and blanks, and characters that nobody sees.
struct LookAlike {
    std::string_view first;
    std::string_view last;
    std::string_view plain;
};
constexpr LookAlike kLookAlikes[] = {
    {"\u2010", "\u2015", "-"},  {"\u2043", "\u2043", "-"},  {"\u2212", "\u2212", "-"},
    {"\u2e3a", "\u2e3b", "-"},  {"\ufe58", "\ufe58", "-"},  {"\ufe63", "\ufe63", "-"},
    {"\uff0d", "\uff0d", "-"},  {"\u2018", "\u201f", "\""}, {"\u2039", "\u203a", "\""},
    {"\u00ab", "\u00ab", "\""}, {"\u00bb", "\u00bb", "\""}, {"\u00a0", "\u00a0", " "},
    {"\u2000", "\u200a", " "},  {"\u202f", "\u202f", " "},  {"\u205f", "\u205f", " "},
    {"\u3000", "\u3000", " "},  {"\u00ad", "\u00ad", ""},   {"\u200b", "\u200f", ""},
    {"\u2060", "\u2064", ""},   {"\ufeff", "\ufeff", ""},
};

// Of the look-alikes, none of which takes four bytes.
std::size_t sequence_length(unsigned char first) {
    return first < 0xC0 ? 1 : first < 0xE0 ? 2 : 3;
}

// In ASCII as far as it has a look.
std::string plain(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::string_view one =
            text.substr(0, sequence_length(static_cast<unsigned char>(text.front())));
        text.remove_prefix(one.size());
        const auto found =
            std::find_if(std::begin(kLookAlikes), std::end(kLookAlikes), [&](const auto& like) {
                return one.size() == like.first.size() && like.first <= one && one <= like.last;
            });
        const bool is_space = one.size() == 1 && one.front() >= '\t' && one.front() <= '\r';
        if (found != std::end(kLookAlikes)) {
            out += found->plain;
        } else if (is_space || one.front() >= ' ' || one.front() < 0) {
            out += is_space ? " " : one;
        }
    }
    return out;
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        if (!word.empty()) words.push_back(word);
        text.remove_prefix(std::min(text.size(), word.size() + 1));
    }
    return words;
}

// How many letters must be changed, added or taken away (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row[b.size()];
}

// No flag is longer; what is much longer is compared no further.
constexpr std::size_t kLongestName = 80;

const Flag* nearest(std::string_view name) {
    const Flag* found = nullptr;
    std::size_t least = name.size() / 3 + 1;
    if (name.size() > kLongestName) return nullptr;
    for (const FlagGroup& group : flag_groups())
        for (const Flag& flag : group.flags)
            if (const std::size_t letters = distance(name, flag.name); letters < least) {
                least = letters;
                found = &flag;
            }
    return found;
}

// The flag that a word names, or nearly.
const Flag* flag_meant(std::string_view word) {
    constexpr std::string_view kAround = "-\"'`,;";
    word.remove_prefix(std::min(word.find_first_not_of(kAround), word.size()));
    word = word.substr(0, word.find_first_of("=:"));
    while (!word.empty() && kAround.find(word.back()) != kAround.npos) word.remove_suffix(1);
    std::string name{word};
    for (char& c : name) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (c == '_') c = '-';
    }
    return name.empty() ? nullptr : nearest(name);
}

bool is_printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

std::string meant_by(std::string_view argument) {
    const std::string text = plain(argument);
    const std::vector<std::string_view> words = words_of(text);
    const Flag* const flag = words.empty() ? nullptr : flag_meant(words[0]);
    if (flag == nullptr) return "";
    if (words.size() > 1) {
        const bool is_flag = words[1].find_first_not_of("\"'`") == words[1].find('-');
        const Flag* const other = is_flag ? flag_meant(words[1]) : nullptr;
        if (other != nullptr)
            return fmt::format("did you mean --{} and --{}, each an argument of its own?", flag->name,
                               other->name);
        const bool lacks_value = !is_switch(*flag) && words[0].find_first_of("=:") == words[0].npos;
        if (lacks_value && is_printable(words[1]) && words[1].front() != '=')
            return fmt::format("did you mean --{}={}?", flag->name, words[1]);
    }
    return fmt::format("did you mean --{}?", flag->name);
}

std::string doubt_about_value(std::string_view value) {
    const std::string text = plain(value);
    const std::vector<std::string_view> words = words_of(text);
    for (const std::string_view word : words) {
        const Flag* const flag = word.starts_with("--") ? flag_meant(word) : nullptr;
        if (flag != nullptr) return fmt::format("did you mean --{} as an argument of its own?", flag->name);
    }
    const bool is_quoted =
        value.size() > 1 && value.front() == value.back() && (value.front() == '"' || value.front() == '\'');
    if (is_quoted) return "the quotes are taken as a part of it";
    const bool has_blanks = text.starts_with(' ') || text.ends_with(' ');
    return has_blanks || text != value ? "blanks and odd characters are taken as a part of it" : "";
}

std::string shown_argument(std::string_view argument) {
    return is_printable(argument) ? std::string{argument} : text::quoted(argument);
}

}  // namespace topd

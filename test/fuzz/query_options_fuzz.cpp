// SPDX-License-Identifier: Apache-2.0
// Any query string is options of a list or refused. The pairs are those of a second, plain reading, and the
// options those of the single parameters.
#include "apiserver/request/list_options.hpp"
#include "apiserver/request/request_info.hpp"
#include "test/fuzz/require.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using apiserver::Query;

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts(1);
    for (const char c : text) {
        if (c == separator)
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

std::optional<std::string> naive_decoded(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+') {
            out += ' ';
        } else if (text[i] == '%') {
            const std::string digits = text.substr(i + 1, 2);
            const auto is_digit = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
            if (digits.size() != 2 || !std::all_of(digits.begin(), digits.end(), is_digit))
                return std::nullopt;
            out += static_cast<char>(std::stoi(digits, nullptr, 16));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::vector<std::pair<std::string, std::string>> naive_pairs(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const std::string& part : split(text, '&')) {
        if (part.empty() || part.find(';') != part.npos) continue;
        const std::size_t at = std::min(part.find('='), part.size());
        const auto key = naive_decoded(part.substr(0, at));
        const auto value = naive_decoded(part.substr(std::min(at + 1, part.size())));
        if (key && value && pairs.size() < Query::kMaxPairs) pairs.emplace_back(*key, *value);
    }
    return pairs;
}

void check_pairs(std::string_view text, const Query& query) {
    const auto pairs = naive_pairs(text);
    for (const auto& [key, value] : pairs) {
        std::vector<std::string_view> values;
        for (const auto& pair : pairs)
            if (pair.first == key) values.push_back(pair.second);
        require(query.all(key) == values, "a parameter has the values of its pairs");
        require(query.get(key) == values[0], "the first one wins");
    }
    for (const std::string& part : split(text, '&')) {
        const auto key = naive_decoded(part.substr(0, part.find('=')));
        if (!key) continue;
        const bool has =
            std::any_of(pairs.begin(), pairs.end(), [&](const auto& p) { return p.first == *key; });
        require(query.contains(*key) == has, "there are no other parameters");
    }
}

// As strconv.ParseInt takes it.
bool is_integer(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) return false;
    text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
    const std::string_view limit = negative ? "9223372036854775808" : "9223372036854775807";
    return text.size() < limit.size() || (text.size() == limit.size() && text <= limit);
}

bool naive_set(const Query& query, std::string_view key) {
    if (!query.contains(key)) return false;
    std::string value{query.get(key)};
    for (char& c : value)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    return value != "0" && value != "false";
}

void check_options(const Query& query) {
    const auto options = apiserver::parse_list_options(query);
    const auto labels = apiserver::LabelSelector::parse(query.get("labelSelector"));
    const auto fields = apiserver::FieldSelector::parse(query.get("fieldSelector"));
    bool readable = labels.has_value() && fields.has_value();
    for (const std::string_view key : {"limit", "timeoutSeconds"})
        if (query.contains(key)) readable = readable && is_integer(query.get(key));
    if (!options) {
        const apiserver::Status& status = options.error();
        require(status.code == 400 || status.code == 422, "a refusal is 400 or 422");
        require(!status.message.empty(), "a refusal has a reason");
        require(readable || status.code == 400, "what cannot be read is not looked at further");
        require(status.code == 400 || (status.details && !status.details->causes.empty()), "422 has causes");
        // Selectors reach the message as they came.
        require(!to_json(status).empty() && !to_protobuf(status).empty(), "it can be written");
        return;
    }
    require(readable, "each option can be read");
    require(fields->unknown_field().empty(), "its fields are known");
    require(options->labels.requirements().size() == labels->requirements().size(), "labels are as selected");
    require(options->fields.terms().size() == fields->terms().size(), "fields are as selected");
    require(options->watch == naive_set(query, "watch"), "it is a watch if that is not 0 or false");
    if (options->watch) return;
    require(!query.contains("sendInitialEvents"), "only a watch has initial events");
    const std::string_view match = query.get("resourceVersionMatch");
    require(match.empty() || match == "Exact" || match == "NotOlderThan", "matches are known");
    require(match.empty() || (!query.get("resourceVersion").empty() && query.get("continue").empty()),
            "a match needs a version, and the beginning of a list");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of(data, size);
    const Query query{text};
    check_pairs(text, query);
    check_options(query);
    return 0;
}

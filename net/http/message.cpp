// SPDX-License-Identifier: Apache-2.0
#include "net/http/message.hpp"

#include "text/split.hpp"

#include <algorithm>

namespace net {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

void Headers::add(std::string_view name, std::string_view value) {
    fields_.emplace_back(name, value);
}

void Headers::set(std::string_view name, std::string_view value) {
    remove(name);
    add(name, value);
}

void Headers::remove(std::string_view name) {
    std::erase_if(fields_, [&](const Field& field) { return equal_ignoring_case(field.first, name); });
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
    for (const auto& [key, value] : fields_)
        if (equal_ignoring_case(key, name)) return value;
    return std::nullopt;
}

std::vector<std::string_view> Headers::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const auto& [key, value] : fields_)
        if (equal_ignoring_case(key, name)) values.push_back(value);
    return values;
}

bool Headers::has_token(std::string_view name, std::string_view token) const {
    for (std::string_view list : all(name)) {
        while (!list.empty())
            if (equal_ignoring_case(text::trimmed(text::take(list, ','), " \t"), token)) return true;
    }
    return false;
}

Result<> StringSink::body(std::string_view piece) {
    if (piece.size() > limit_ - text_.size()) return make_error_code(Errc::body_too_large);
    text_.append(piece);
    return {};
}

}  // namespace net

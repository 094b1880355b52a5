// SPDX-License-Identifier: Apache-2.0
// Whatever headers a request has, the identity they speak of is that of a second, plain reading; and they
// speak of one only under the names that are for it. The input: lines of NAME:VALUE.
#include "apiserver/auth/bearer_token.hpp"
#include "apiserver/auth/front_proxy.hpp"
#include "apiserver/auth/wanted_user.hpp"
#include "test/fuzz/require.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using apiserver::User;
using Lines = std::vector<std::pair<std::string, std::string>>;

Lines lines_of(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t colon = std::min(line.find(':'), line.size());
        lines.emplace_back(line.substr(0, colon), line.substr(std::min(colon + 1, line.size())));
    }
    return lines;
}

net::Headers headers_of(const Lines& lines) {
    net::Headers headers;
    for (const auto& [name, value] : lines) headers.add(name, value);
    return headers;
}

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return text;
}

// As Go's url.PathUnescape, or as it is.
std::string naive_key(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const std::string digits = text.substr(i + 1, 2);
        const auto is_digit = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
        if (digits.size() != 2 || !std::all_of(digits.begin(), digits.end(), is_digit)) return text;
        out += static_cast<char>(std::stoi(digits, nullptr, 16));
        i += 2;
    }
    return out;
}

// Values of the headers of that name; of those that begin with it, by the rest.
std::vector<std::string> naive_all(const Lines& lines, const std::string& name) {
    std::vector<std::string> values;
    for (const auto& [key, value] : lines)
        if (lower(key) == name) values.push_back(value);
    return values;
}
auto naive_extra(const Lines& lines, const std::string& prefix) {
    std::map<std::string, std::vector<std::string>> extra;
    for (const auto& [key, value] : lines)
        if (lower(key).starts_with(prefix))
            extra[naive_key(lower(key).substr(prefix.size()))].push_back(value);
    return extra;
}
std::string first(const std::vector<std::string>& values) {
    return values.empty() ? "" : values[0];
}

bool same(const User& a, const User& b) {
    return a.name == b.name && a.uid == b.uid && a.groups == b.groups && a.extra == b.extra;
}

void check_front_proxy(const Lines& lines, const net::Headers& headers) {
    apiserver::FrontProxyConfig config;
    config.uid_headers = {"x-remote-uid"};
    const auto user = apiserver::user_from_headers(headers, config);
    User naive;
    naive.name = first(naive_all(lines, "x-remote-user"));
    require(user.has_value() == !naive.name.empty(), "there is a user where one is named");
    if (!user) return;
    naive.uid = first(naive_all(lines, "x-remote-uid"));
    naive.groups = naive_all(lines, "x-remote-group");
    std::erase(naive.groups, "");
    naive.extra = naive_extra(lines, "x-remote-extra-");
    const auto in = [&](const std::string& group) {
        return std::count(naive.groups.begin(), naive.groups.end(), group) > 0;
    };
    if (naive.name != "system:anonymous" && !in("system:authenticated") && !in("system:unauthenticated"))
        naive.groups.emplace_back("system:authenticated");
    require(same(*user, naive), "the front proxy's user is what the headers say");
}

void check_wanted(const Lines& lines, const net::Headers& headers) {
    const auto wanted = apiserver::wanted_user(headers);
    User naive;
    naive.name = first(naive_all(lines, "impersonate-user"));
    naive.uid = first(naive_all(lines, "impersonate-uid"));
    naive.groups = naive_all(lines, "impersonate-group");
    naive.extra = naive_extra(lines, "impersonate-extra-");
    const bool more = !naive.uid.empty() || !naive.groups.empty() || !naive.extra.empty();
    require(wanted.has_value() == (!naive.name.empty() || !more), "more than a name needs a name");
    if (!wanted) {
        require(wanted.error().text.starts_with("requested &user.DefaultInfo{Name:\"\", "), "it says what");
        return;
    }
    require(wanted->has_value() == !naive.name.empty(), "somebody is wanted where one is named");
    if (!*wanted) return;
    require(same(**wanted, naive), "the wanted user is what the headers say");
    for (const auto& [key, values] : naive.extra)
        if (key.find('/') == key.npos)
            require(!apiserver::extra_fault(**wanted).empty(), "a key without a domain is a fault");
}

bool is_dns_text(std::string_view text) {
    const auto good = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    };
    return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), good);
}

void check_names(const std::string& name) {
    const auto account = apiserver::service_account_of(name);
    const auto node = apiserver::node_of(name);
    require(!account || !node, "nobody is a service account and a node");
    if (account) {
        const std::string again =
            "system:serviceaccount:" + std::string{account->name_space} + ":" + std::string{account->name};
        require(again == name, "the parts of a service account make its name");
        require(is_dns_text(account->name_space) && account->name_space.find('.') == std::string_view::npos,
                "a namespace is a label");
        require(is_dns_text(account->name), "a service account has a name of DNS");
    }
    if (node)
        require("system:node:" + std::string{*node} == name && is_dns_text(*node), "a node is named so");
}

void check_token(const std::string& value) {
    const std::string_view token = apiserver::bearer_token(value);
    require(token.find(' ') == std::string_view::npos, "a token has no space");
    require(token.empty() || value.find(token) != std::string::npos, "a token is part of the field");
    if (apiserver::is_token_misplaced(value)) require(token.empty(), "what is misplaced is no token");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Lines lines = lines_of(text_of(data, size));
    const net::Headers headers = headers_of(lines);
    check_front_proxy(lines, headers);
    check_wanted(lines, headers);
    for (const auto& [name, value] : lines) {
        check_names(value);
        check_token(value);
    }
    // Neither reads what is for the other.
    net::Headers none;
    for (const auto& [name, value] : lines)
        if (!lower(name).starts_with("x-remote-") && !lower(name).starts_with("impersonate-"))
            none.add(name, value);
    require(!apiserver::user_from_headers(none, {}), "without its headers there is no user");
    const auto nobody = apiserver::wanted_user(none);
    require(nobody && !*nobody, "without its headers nobody is wanted");
    return 0;
}

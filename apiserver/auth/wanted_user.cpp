// SPDX-License-Identifier: Apache-2.0
#include "apiserver/auth/wanted_user.hpp"

#include "apiserver/auth/front_proxy.hpp"
#include "apiserver/request/dns_name.hpp"
#include "text/go_text.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace apiserver {
namespace {

// As fmt's %#v shows a []string, and a map of them.
std::string shown(const std::vector<std::string>& list) {
    std::string text;
    for (const std::string& item : list) text += (text.empty() ? "" : ", ") + text::quoted(item);
    return "{" + text + "}";
}

std::string shown(const User& user) {
    std::string extra;
    for (const auto& [key, values] : user.extra)
        extra += (extra.empty() ? "" : ", ") + text::quoted(key) + ":[]string" + shown(values);
    return "&user.DefaultInfo{Name:" + text::quoted(user.name) + ", UID:" + text::quoted(user.uid) +
           ", Groups:[]string" + (user.groups.empty() ? "(nil)" : shown(user.groups)) +
           ", Extra:map[string][]string" + (user.extra.empty() ? "(nil)" : "{" + extra + "}") + "}";
}

// k8s.io/apimachinery, pkg/util/validation, IsDomainPrefixedPath.
bool is_domain_prefixed_path(std::string_view key) {
    const std::size_t slash = key.find('/');
    if (slash == std::string_view::npos || slash > kMaxDnsSubdomain) return false;
    const auto is_path_char = [](char c) {
        constexpr std::string_view kMarks = "/-._~%!$&'()*+,;=:";
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (c >= '0' && c <= '9') || kMarks.find(c) != std::string_view::npos;
    };
    const std::string_view path = key.substr(slash + 1);
    return is_dns_subdomain(key.substr(0, slash)) && !path.empty() &&
           std::all_of(path.begin(), path.end(), is_path_char);
}

bool is_too_long(const net::Headers& headers) {
    return std::any_of(headers.begin(), headers.end(), [](const auto& header) {
        const auto& [name, value] = header;
        constexpr std::string_view kPrefix = "Impersonate-";
        return name.size() + value.size() > kMaxImpersonated && name.size() >= kPrefix.size() &&
               net::equal_ignoring_case(std::string_view{name}.substr(0, kPrefix.size()), kPrefix);
    });
}

}  // namespace

text::Parsed<std::optional<User>> wanted_user(const net::Headers& headers) {
    if (is_too_long(headers))
        return text::ParseError{"an Impersonate header of more than " + std::to_string(kMaxImpersonated) +
                                " bytes"};
    User user;
    user.name = headers.find("Impersonate-User").value_or("");
    user.uid = headers.find("Impersonate-Uid").value_or("");
    for (const std::string_view group : headers.all("Impersonate-Group")) user.groups.emplace_back(group);
    read_extra(user, headers, "Impersonate-Extra-");
    if (!user.name.empty()) return std::optional{std::move(user)};
    if (user.uid.empty() && user.groups.empty() && user.extra.empty()) return std::optional<User>{};
    return text::ParseError{"requested " + shown(user) + " without impersonating a user name"};
}

std::optional<ServiceAccount> service_account_of(std::string_view user_name) {
    constexpr std::string_view kPrefix = "system:serviceaccount:";
    if (!user_name.starts_with(kPrefix)) return std::nullopt;
    user_name.remove_prefix(kPrefix.size());
    const std::size_t colon = user_name.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const ServiceAccount account{user_name.substr(0, colon), user_name.substr(colon + 1)};
    if (account.name_space.size() > kMaxDnsLabel || !is_dns_label(account.name_space)) return std::nullopt;
    if (account.name.size() > kMaxDnsSubdomain || !is_dns_subdomain(account.name)) return std::nullopt;
    return account;
}

std::optional<std::string_view> node_of(std::string_view user_name) {
    constexpr std::string_view kPrefix = "system:node:";
    if (!user_name.starts_with(kPrefix)) return std::nullopt;
    user_name.remove_prefix(kPrefix.size());
    if (user_name.size() > kMaxDnsSubdomain || !is_dns_subdomain(user_name)) return std::nullopt;
    return user_name;
}

std::string extra_fault(const User& wanted) {
    for (const auto& [key, values] : wanted.extra) {
        if (key.empty()) return "impersonating the empty string key in extra is not allowed";
        if (!is_domain_prefixed_path(key))
            return "impersonating an invalid key in extra is not allowed: extra.key: Invalid value: " +
                   text::quoted(key) + ": must be a domain-prefixed path (such as \"acme.io/foo\")";
        if (std::any_of(key.begin(), key.end(), [](char c) { return c >= 'A' && c <= 'Z'; }))
            return "impersonating a non-lowercase key in extra is not allowed: " + text::quoted(key);
        if (std::find(values.begin(), values.end(), "") != values.end())
            return "impersonating the empty string value in extra is not allowed";
    }
    return {};
}

}  // namespace apiserver

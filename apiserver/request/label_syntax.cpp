// SPDX-License-Identifier: Apache-2.0
#include "apiserver/request/label_syntax.hpp"

#include "apiserver/request/dns_name.hpp"

#include <algorithm>

namespace apiserver {
namespace {

constexpr std::string_view kKeyRule =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
    "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
constexpr std::string_view kValueRule =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must "
    "start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used "
    "for "
    "validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
constexpr std::string_view kPrefixRule =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
    "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
constexpr std::size_t kMaxName = 63;

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

// Alphanumeric characters, with - _ . inside.
bool is_name(std::string_view text) {
    if (text.empty() || !is_alphanumeric(text.front()) || !is_alphanumeric(text.back())) return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

// Faults are joined as field.Invalid's callers do.
void add(std::string& faults, std::string_view part, std::string_view fault) {
    if (!faults.empty()) faults.append("; ");
    faults.append(part).append(fault);
}

std::string too_long(std::size_t limit) {
    return "must be no more than " + std::to_string(limit) + " bytes";
}

}  // namespace

std::string label_key_fault(std::string_view key) {
    std::string faults;
    const auto slashes = std::count(key.begin(), key.end(), '/');
    if (slashes > 1) {
        add(faults, "a valid label key ", kKeyRule);
        return faults.append(" with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
    }
    std::string_view name = key;
    if (slashes == 1) {
        const std::string_view prefix = key.substr(0, key.find('/'));
        name = key.substr(prefix.size() + 1);
        if (prefix.empty()) add(faults, "prefix part ", "must be non-empty");
        if (prefix.size() > kMaxDnsSubdomain) add(faults, "prefix part ", too_long(kMaxDnsSubdomain));
        if (!prefix.empty() && !is_dns_subdomain(prefix)) add(faults, "prefix part ", kPrefixRule);
    }
    if (name.empty()) add(faults, "name part ", "must be non-empty");
    if (name.size() > kMaxName) add(faults, "name part ", too_long(kMaxName));
    if (!is_name(name)) add(faults, "name part ", kKeyRule);
    return faults;
}

std::string label_value_fault(std::string_view value) {
    std::string faults;
    if (value.size() > kMaxName) add(faults, "", too_long(kMaxName));
    if (!value.empty() && !is_name(value)) add(faults, "", kValueRule);
    return faults;
}

}  // namespace apiserver

// SPDX-License-Identifier: Apache-2.0
#include "net/x509/host_name.hpp"

#include "net/x509/extensions.hpp"

#include <algorithm>
#include <array>

#include <boost/asio/ip/address.hpp>

namespace net::x509 {
namespace {

namespace ip = boost::asio::ip;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_label(std::string_view label) {
    return !label.empty() && label.front() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
        const char l = lower(c);
        return (l >= 'a' && l <= 'z') || (l >= '0' && l <= '9') || l == '-' || l == '_';
    });
}

bool is_host_name(std::string_view name) {
    for (;;) {
        const std::size_t dot = name.find('.');
        if (!is_label(name.substr(0, dot))) return false;
        if (dot == name.npos) return true;
        name.remove_prefix(dot + 1);
    }
}

bool is_wildcard(std::string_view pattern) {
    return pattern.starts_with("*.") && is_host_name(pattern.substr(2));
}

// What is no host name is compared as it stands: who gives such names has his reasons.
bool matches(std::string_view pattern, std::string_view host, PeerCertificate::Wildcards wildcards) {
    const std::string_view bare = host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
    const bool names = is_host_name(bare) && (is_host_name(pattern) || is_wildcard(pattern));
    if (!names) return !pattern.empty() && pattern != "." && same_text(pattern, host);
    if (!is_wildcard(pattern)) return same_text(pattern, bare);
    const std::size_t dot = bare.find('.');
    return wildcards == PeerCertificate::Wildcards::taken && dot != bare.npos &&
           same_text(pattern.substr(1), bare.substr(dot));
}

bool has_address(const GENERAL_NAMES* names, const ip::address& address) {
    const auto same = [&](const auto& bytes) {
        const std::string_view wanted{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
        for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
            const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
            if (name->type == GEN_IPADD && bytes_of(name->d.iPAddress) == wanted) return true;
        }
        return false;
    };
    // An address of version 4 may be written as one of version 6.
    if (address.is_v4())
        return same(address.to_v4().to_bytes()) ||
               same(ip::make_address_v6(ip::v4_mapped, address.to_v4()).to_bytes());
    if (address.to_v6().is_v4_mapped())
        return same(address.to_v6().to_bytes()) ||
               same(ip::make_address_v4(ip::v4_mapped, address.to_v6()).to_bytes());
    return same(address.to_v6().to_bytes());
}

}  // namespace

bool same_text(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

bool has_dns_name(const X509* certificate, std::string_view host, PeerCertificate::Wildcards wildcards) {
    const GeneralNamesPtr names{extension<GENERAL_NAMES>(certificate, NID_subject_alt_name)};
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type == GEN_DNS && matches(bytes_of(name->d.dNSName), host, wildcards)) return true;
    }
    return false;
}

int check_host(const X509* certificate, std::string_view host) {
    std::string_view bare = host;
    if (bare.size() >= 3 && bare.starts_with('[') && bare.ends_with(']'))
        bare = bare.substr(1, bare.size() - 2);
    boost::system::error_code no_address;
    const ip::address address = ip::make_address(bare, no_address);
    const GeneralNamesPtr names{extension<GENERAL_NAMES>(certificate, NID_subject_alt_name)};
    if (!no_address && bare.find('%') == bare.npos)
        return names && has_address(names.get(), address) ? X509_V_OK : X509_V_ERR_IP_ADDRESS_MISMATCH;
    if (has_dns_name(certificate, host, PeerCertificate::Wildcards::taken)) return X509_V_OK;
    return names ? X509_V_ERR_HOSTNAME_MISMATCH : X509_V_ERR_UNSUPPORTED_NAME_SYNTAX;
}

}  // namespace net::x509

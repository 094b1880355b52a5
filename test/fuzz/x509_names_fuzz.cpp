// SPDX-License-Identifier: Apache-2.0
// Whose certificate it is: any DER, and certificates with any names, matched against any node. What is taken
// for a node's must be so by the rules read once more, in plain words, from the certificate's own name lists.
#include "net/tls/openssl.hpp"
#include "scraper/kubelet/kubelet_certificate.hpp"
#include "test/fuzz/require.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <openssl/x509v3.h>

#include <arpa/inet.h>

namespace {

using Strings = std::vector<std::string>;
using Names = std::unique_ptr<GENERAL_NAMES, net::OpensslFree<GENERAL_NAMES_free>>;

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

std::string bytes_of(const ASN1_STRING* text) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
            static_cast<std::size_t>(ASN1_STRING_length(text))};
}

Strings names_of(X509* certificate, int kind) {
    const Names names{
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
    Strings found;
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type != kind) continue;
        found.push_back(bytes_of(kind == GEN_DNS ? name->d.dNSName : name->d.iPAddress));
    }
    return found;
}

// Four or sixteen bytes; empty: no address.
std::string binary(const std::string& text) {
    char bytes[16];
    if (inet_pton(AF_INET, text.c_str(), bytes) == 1) return {bytes, 4};
    if (inet_pton(AF_INET6, text.c_str(), bytes) == 1) return {bytes, 16};
    return {};
}

bool naive_dns(const std::string& pattern, std::string name, bool wildcards) {
    if (!name.empty() && lower(pattern) == lower(name)) return true;
    if (name.ends_with('.')) name.pop_back();
    if (name.empty() || name.front() == '.') return false;
    if (lower(pattern) == lower(name)) return true;
    if (!wildcards || !pattern.starts_with("*.")) return false;
    const std::string domain = pattern.substr(1);
    const std::size_t dot = name.find('.');
    return std::count(domain.begin(), domain.end(), '.') >= 1 && dot != std::string::npos && dot > 0 &&
           lower(name.substr(dot)) == lower(domain);
}

bool naive_has(X509* certificate, const std::string& name, bool wildcards) {
    const std::string address = binary(name);
    for (const std::string& ip : names_of(certificate, GEN_IPADD))
        if (!address.empty() && ip == address) return true;
    if (!address.empty()) return false;
    for (const std::string& dns : names_of(certificate, GEN_DNS))
        if (naive_dns(dns, name, wildcards)) return true;
    return false;
}

Strings subject_values(X509* certificate, int nid) {
    Strings values;
    const X509_NAME* subject = X509_get_subject_name(certificate);
    for (int i = 0; i < X509_NAME_entry_count(subject); ++i) {
        const X509_NAME_ENTRY* entry = X509_NAME_get_entry(subject, i);
        if (OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)) != nid) continue;
        unsigned char* utf8 = nullptr;
        const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(entry));
        if (size < 0) continue;
        values.emplace_back(reinterpret_cast<char*>(utf8), static_cast<std::size_t>(size));
        OPENSSL_free(utf8);
    }
    return values;
}

bool naive_is_of_node(X509* certificate, const std::string& node, const Strings& addresses,
                      const std::string& dialled, bool strict) {
    if (strict) return naive_has(certificate, dialled, true);
    // The short name of a machine, or its full one: taken with the dialled address.
    const auto may_be = [&](const std::string& a, const std::string& b) {
        return !a.empty() && a.find('.') == a.npos && lower(b).rfind(lower(a) + ".", 0) == 0;
    };
    bool is_subject = false;
    const Strings common_names = subject_values(certificate, NID_commonName);
    for (const std::string& name : common_names) {
        if (name.rfind("system:node:", 0) != 0) continue;
        const std::string named = name.substr(12);
        const bool other_form = may_be(named, node) || may_be(node, named);
        if (lower(named) != lower(node) && !(other_form && naive_has(certificate, dialled, false)))
            return false;
        is_subject = lower(named) == lower(node) && common_names.size() == 1;
    }
    if (is_subject && subject_values(certificate, NID_organizationName) == Strings{"system:nodes"})
        return true;
    if (naive_has(certificate, dialled, true)) return true;
    // The node's name is a name, whatever it looks like.
    for (const std::string& dns : names_of(certificate, GEN_DNS))
        if (naive_dns(dns, node, false)) return true;
    return std::any_of(addresses.begin(), addresses.end(),
                       [&](const std::string& address) { return naive_has(certificate, address, false); });
}

void check(net::X509Ptr certificate, const std::string& node, const Strings& addresses) {
    X509* raw = certificate.get();
    auto impl = std::make_shared<net::PeerCertificate::Impl>();
    impl->leaf = std::move(certificate);
    const net::PeerCertificate shown{std::move(impl)};
    const std::string text = shown.description();
    require(text.size() <= net::PeerCertificate::kMaxDescription, "a description is bounded");
    require(std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e; }),
            "a description is one printable line");
    shown.key_sha256();
    shown.is_for_servers();
    for (const std::string& dialled : addresses) {
        const scraper::ExpectedNode expected{node, addresses, dialled};
        for (const auto names : {scraper::CertificateNames::node, scraper::CertificateNames::address}) {
            const bool strict = names == scraper::CertificateNames::address;
            if (is_of_node(shown, expected, names))
                require(naive_is_of_node(raw, node, addresses, dialled, strict), "the rules deny it");
        }
    }
}

void add_subject(X509* certificate, int nid, const std::string& value) {
    X509_NAME_add_entry_by_NID(X509_get_subject_name(certificate), nid, MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(value.data()),
                               static_cast<int>(value.size()), -1, 0);
}

void add_name(GENERAL_NAMES* names, int kind, const std::string& value) {
    GENERAL_NAME* name = GENERAL_NAME_new();
    ASN1_STRING* text = ASN1_STRING_type_new(kind == GEN_DNS ? V_ASN1_IA5STRING : V_ASN1_OCTET_STRING);
    ASN1_STRING_set(text, value.data(), static_cast<int>(value.size()));
    GENERAL_NAME_set0_value(name, kind, text);
    sk_GENERAL_NAME_push(names, name);
}

Strings lines_of(std::string_view text) {
    Strings lines;
    for (std::size_t at = 0; at <= text.size() && lines.size() < 64;) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

// A text of lines: C and O of the subject, D and I of the alternative names (I: an address as text, or
// bytes), N the node, A its addresses.
void check_text(std::string_view text) {
    net::X509Ptr certificate{X509_new()};
    X509_set_version(certificate.get(), X509_VERSION_3);
    const Names names{GENERAL_NAMES_new()};
    std::string node = "n";
    Strings addresses;
    for (const std::string& line : lines_of(text)) {
        if (line.empty()) continue;
        const std::string value = line.substr(1);
        if (line[0] == 'C') add_subject(certificate.get(), NID_commonName, value);
        if (line[0] == 'O') add_subject(certificate.get(), NID_organizationName, value);
        if (line[0] == 'D') add_name(names.get(), GEN_DNS, value);
        if (line[0] == 'I') add_name(names.get(), GEN_IPADD, binary(value).empty() ? value : binary(value));
        if (line[0] == 'N') node = value;
        if (line[0] == 'A' && addresses.size() < 16) addresses.push_back(value);
    }
    if (sk_GENERAL_NAME_num(names.get()) > 0)
        X509_add1_ext_i2d(certificate.get(), NID_subject_alt_name, names.get(), 0, 0);
    check(std::move(certificate), node, addresses);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    if (data[0] != 0x30) {
        check_text(text_of(data, size));
        return 0;
    }
    const unsigned char* at = data;
    net::X509Ptr certificate{d2i_X509(nullptr, &at, static_cast<long>(size))};
    if (certificate)
        check(std::move(certificate), "n1", {"10.0.0.1", "n1.example.org", "fd00::1", "N1", "*.example.org"});
    return 0;
}

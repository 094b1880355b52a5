// SPDX-License-Identifier: Apache-2.0
// Whom a certificate is for, and what it says of itself.
#include "net/tls/certificate.hpp"
#include "net/tls/openssl.hpp"
#include "net/x509/host_name.hpp"
#include "text/printable.hpp"

#include <array>
#include <optional>

#include <boost/asio/ip/address.hpp>
#include <openssl/err.h>
#include <openssl/x509v3.h>

namespace net {
namespace {

using GeneralNamesPtr = std::unique_ptr<GENERAL_NAMES, OpensslFree<GENERAL_NAMES_free>>;

// Of each kind of name. A certificate may have thousands.
constexpr int kShownNames = 6;
constexpr std::size_t kShownBytes = 80;

// Foreign bytes in a line of ours.
std::string shown(std::string_view text) {
    std::string out = text::printable(text.substr(0, kShownBytes));
    if (text.size() > kShownBytes) out += "...";
    return out;
}

std::string_view bytes_of(const ASN1_STRING* text) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
            static_cast<std::size_t>(ASN1_STRING_length(text))};
}

// Without a zone: no certificate has one.
std::optional<boost::asio::ip::address> address_of(std::string_view text) {
    boost::system::error_code none;
    const auto address = boost::asio::ip::make_address(text, none);
    if (none || text.find('%') != text.npos) return std::nullopt;
    return address;
}

std::string address_text(std::string_view bytes) {
    namespace ip = boost::asio::ip;
    if (bytes.size() == 4) {
        ip::address_v4::bytes_type v4;
        std::copy(bytes.begin(), bytes.end(), v4.begin());
        return ip::make_address_v4(v4).to_string();
    }
    if (bytes.size() == 16) {
        ip::address_v6::bytes_type v6;
        std::copy(bytes.begin(), bytes.end(), v6.begin());
        return ip::make_address_v6(v6).to_string();
    }
    return "of " + std::to_string(bytes.size()) + " bytes";
}

std::string alternative_names_text(X509* certificate) {
    const GeneralNamesPtr names{
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
    std::string text;
    int known = 0;
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type != GEN_DNS && name->type != GEN_IPADD) continue;
        if (++known > kShownNames) continue;
        text += text.empty() ? "" : ", ";
        if (name->type == GEN_DNS) text += "DNS " + shown(bytes_of(name->d.dNSName));
        if (name->type == GEN_IPADD) text += "IP " + address_text(bytes_of(name->d.iPAddress));
    }
    if (known > kShownNames) text += " and " + std::to_string(known - kShownNames) + " more";
    return text.empty() ? "no DNS or IP names" : text;
}

std::string name_text(const X509_NAME* name) {
    const BioPtr bio{BIO_new(BIO_s_mem())};
    X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253);
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return size > 0 ? shown({text, static_cast<std::size_t>(size)}) : "none";
}

std::string time_text(const ASN1_TIME* time) {
    std::tm when{};
    if (ASN1_TIME_to_tm(time, &when) != 1) return "an unreadable time";
    std::array<char, 32> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &when);
    return {text.data(), size};
}

std::string usage_text(X509* certificate) {
    const std::uint32_t usage = X509_get_extended_key_usage(certificate);
    if (usage == UINT32_MAX) return "none";
    std::string text;
    const auto add = [&](std::uint32_t bit, std::string_view name) {
        if ((usage & bit) != 0) text.append(text.empty() ? "" : ", ").append(name);
    };
    add(XKU_SSL_SERVER, "serverAuth");
    add(XKU_SSL_CLIENT, "clientAuth");
    add(XKU_ANYEKU, "any");
    return text.empty() ? "others" : text;
}

}  // namespace

bool PeerCertificate::has_dns_name(std::string_view name, Wildcards wildcards) const {
    const PeerCertificate shown = read();
    if (!shown || address_of(name)) return false;
    const bool has = x509::has_dns_name(shown.impl_->leaf.get(), name, wildcards);
    ERR_clear_error();
    return has;
}

bool PeerCertificate::has_address(std::string_view text) const {
    const auto address = address_of(text);
    const PeerCertificate shown = read();
    if (!shown || !address) return false;
    const auto check = [&](const auto& bytes) {
        return X509_check_ip(shown.impl_->leaf.get(), bytes.data(), bytes.size(), 0) == 1;
    };
    const bool has =
        address->is_v4() ? check(address->to_v4().to_bytes()) : check(address->to_v6().to_bytes());
    ERR_clear_error();
    return has;
}

bool PeerCertificate::is_for_servers() const {
    const PeerCertificate shown = read();
    if (!shown) return false;
    const std::uint32_t usage = X509_get_extended_key_usage(shown.impl_->leaf.get());
    return usage != UINT32_MAX && (usage & (XKU_SSL_SERVER | XKU_ANYEKU)) != 0;
}

std::string PeerCertificate::description() const {
    const PeerCertificate shown = read();
    if (!shown) return "no certificate";
    X509* leaf = shown.impl_->leaf.get();
    std::string text = "subject " + name_text(X509_get_subject_name(leaf));
    text += "; issuer " + name_text(X509_get_issuer_name(leaf));
    text += "; valid from " + time_text(X509_get0_notBefore(leaf));
    text += " to " + time_text(X509_get0_notAfter(leaf));
    text += "; extended key usages: " + usage_text(leaf);
    // Last: the only part that can be long.
    text += "; names: " + alternative_names_text(leaf);
    ERR_clear_error();
    return text.substr(0, kMaxDescription);
}

}  // namespace net

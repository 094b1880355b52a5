// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/certificate.hpp"

#include "net/tls/certificate.hpp"
#include "topd/doctor/finding.hpp"

#include <ctime>
#include <memory>

#include <boost/asio/ip/address.hpp>
#include <fmt/chrono.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace topd::doctor {
namespace {

using SystemClock = std::chrono::system_clock;

template <auto free_function>
struct Free {
    template <class T>
    void operator()(T* p) const {
        free_function(p);
    }
};
using X509Ptr = std::unique_ptr<X509, Free<X509_free>>;
using BioPtr = std::unique_ptr<BIO, Free<BIO_free>>;
using NamesPtr = std::unique_ptr<GENERAL_NAMES, Free<GENERAL_NAMES_free>>;

// Empty: there is none, or one is broken.
std::vector<X509Ptr> parse(std::string_view pem) {
    const BioPtr bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    std::vector<X509Ptr> found;
    ERR_clear_error();
    while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))
        found.emplace_back(certificate);
    const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (!at_end) found.clear();
    return found;
}

std::string common_name(const X509* certificate) {
    char name[256] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
    return one_line(name);
}

std::string alternative_name(const GENERAL_NAME* name) {
    const auto bytes_of = [](const ASN1_STRING* text) {
        return std::string{reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                           static_cast<std::size_t>(ASN1_STRING_length(text))};
    };
    if (name->type == GEN_DNS) return bytes_of(name->d.dNSName);
    if (name->type != GEN_IPADD) return {};
    const std::string bytes = bytes_of(name->d.iPAddress);
    namespace ip = boost::asio::ip;
    if (ip::address_v4::bytes_type v4; bytes.size() == v4.size()) {
        std::copy(bytes.begin(), bytes.end(), v4.begin());
        return ip::address_v4{v4}.to_string();
    }
    ip::address_v6::bytes_type v6;
    if (bytes.size() != v6.size()) return {};
    std::copy(bytes.begin(), bytes.end(), v6.begin());
    return ip::address_v6{v6}.to_string();
}

std::string alternative_names(const X509* certificate) {
    const NamesPtr names{
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
    std::string text;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const std::string name = alternative_name(sk_GENERAL_NAME_value(names.get(), i));
        if (!name.empty()) text += (text.empty() ? "" : ", ") + name;
    }
    return text.empty() ? "none" : one_line(text);
}

SystemClock::time_point not_after(const X509* certificate) {
    std::tm when{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &when) != 1) return {};
    // Certificates without an end say 9999, which the clock's nanoseconds do not reach.
    const std::chrono::seconds last =
        std::chrono::floor<std::chrono::seconds>(SystemClock::time_point::max().time_since_epoch());
    return SystemClock::time_point{std::min(std::chrono::seconds{timegm(&when)}, last)};
}

Verdict verdict_of(int error) {
    switch (error) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return Verdict::expired;
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
            return Verdict::name;
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_CERT_SIGNATURE_FAILURE:
            return Verdict::authority;
        default:
            return Verdict::other;
    }
}

}  // namespace

std::vector<Certificate> read_certificates(std::string_view pem) {
    std::vector<Certificate> certificates;
    for (const X509Ptr& x509 : parse(pem))
        certificates.push_back(
            {common_name(x509.get()), alternative_names(x509.get()), not_after(x509.get())});
    return certificates;
}

std::string date(SystemClock::time_point when) {
    return fmt::format("{:%Y-%m-%d}", fmt::gmtime(SystemClock::to_time_t(when)));
}

Verification verify_server(std::string_view chain, std::string_view authorities, const std::string& name,
                           SystemClock::time_point now) {
    const auto trusted = net::TrustPool::from_pem(authorities);
    if (!trusted) return {Verdict::bad_authorities, "not PEM certificates"};
    const net::Error error = trusted->verify_server(chain, name, now);
    if (!error) return {};
    if (error.category() != net::certificate_category()) return {Verdict::other, error.message()};
    return {verdict_of(error.value()), error.message()};
}

}  // namespace topd::doctor

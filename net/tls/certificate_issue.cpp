// SPDX-License-Identifier: Apache-2.0
// Making certificates: our own self-signed pair, and the authorities of simulated clusters and tests.
#include "net/tls/certificate.hpp"
#include "net/tls/openssl.hpp"

#include <stdexcept>

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace net {
namespace {

std::string pem_of(X509* certificate) {
    const BioPtr bio{BIO_new(BIO_s_mem())};
    PEM_write_bio_X509(bio.get(), certificate);
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

// SEC 1 form ("BEGIN EC PRIVATE KEY"), which Go reads and writes.
std::string pem_of(EVP_PKEY* key) {
    const BioPtr bio{BIO_new(BIO_s_mem())};
    PEM_write_bio_PrivateKey_traditional(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    using ExtensionPtr = std::unique_ptr<X509_EXTENSION, OpensslFree<X509_EXTENSION_free>>;
    const ExtensionPtr extension{X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str())};
    if (!extension) throw std::invalid_argument{"certificate extension not understood: " + value};
    X509_add_ext(certificate, extension.get(), -1);
}

void add_subject(X509_NAME* name, const char* field, const std::string& value) {
    X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(value.data()),
                               static_cast<int>(value.size()), -1, 0);
}

X509Ptr begin_certificate(EVP_PKEY* key, std::chrono::seconds not_before, std::chrono::seconds not_after) {
    X509Ptr certificate{X509_new()};
    X509_set_version(certificate.get(), X509_VERSION_3);
    std::uint64_t serial = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), not_before.count());
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), not_after.count());
    X509_set_pubkey(certificate.get(), key);
    return certificate;
}

std::string alternative_names(const CertificateRequest& request) {
    std::string names;
    for (const std::string& name : request.dns_names) names += (names.empty() ? "DNS:" : ",DNS:") + name;
    for (const std::string& address : request.ip_addresses)
        names += (names.empty() ? "IP:" : ",IP:") + address;
    return names;
}

struct Issuer {
    X509Ptr certificate;
    KeyPtr key;
};

Issuer issuer_of(const KeyPair& authority) {
    auto certificates = read_certificates(authority.certificate_pem);
    auto key = read_key(authority.key_pem);
    if (!certificates || !key) throw std::invalid_argument{"the authority is not a PEM certificate and key"};
    return {std::move(certificates->front()), std::move(*key)};
}

KeyPtr new_key() {
    KeyPtr key{EVP_EC_gen("P-256")};
    if (!key) throw std::runtime_error{"OpenSSL makes no P-256 key"};
    return key;
}

// Self-signed without an issuer.
KeyPair authority_by(const Issuer* by, const std::string& common_name) {
    const KeyPtr key = new_key();
    const X509Ptr certificate =
        begin_certificate(key.get(), std::chrono::hours{-1}, std::chrono::hours{24 * 3650});
    X509* issuer = by ? by->certificate.get() : certificate.get();
    add_subject(X509_get_subject_name(certificate.get()), "CN", common_name);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer));
    add_extension(certificate.get(), issuer, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate.get(), issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(certificate.get(), issuer, NID_subject_key_identifier, "hash");
    X509_sign(certificate.get(), by ? by->key.get() : key.get(), EVP_sha256());
    return {pem_of(certificate.get()), pem_of(key.get())};
}

}  // namespace

KeyPair make_authority(const std::string& common_name) {
    return authority_by(nullptr, common_name);
}

KeyPair issue_authority(const KeyPair& authority, const std::string& common_name) {
    const Issuer issuer = issuer_of(authority);
    return authority_by(&issuer, common_name);
}

KeyPair issue(const KeyPair& authority, const CertificateRequest& request) {
    const Issuer by = issuer_of(authority);
    X509* issuer = by.certificate.get();

    const KeyPtr key = new_key();
    const X509Ptr certificate =
        begin_certificate(key.get(), request.not_before_offset, request.not_after_offset);
    X509_NAME* name = X509_get_subject_name(certificate.get());
    for (const std::string& organization : request.organizations) add_subject(name, "O", organization);
    if (!request.common_name.empty()) add_subject(name, "CN", request.common_name);
    for (const std::string& uid : request.uids) add_subject(name, kUidType, uid);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer));
    add_extension(certificate.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(certificate.get(), issuer, NID_key_usage, "critical,digitalSignature");
    std::string usage = request.server ? "serverAuth" : "";
    if (request.client) usage += usage.empty() ? "clientAuth" : ",clientAuth";
    if (request.any) usage += usage.empty() ? "anyExtendedKeyUsage" : ",anyExtendedKeyUsage";
    if (!usage.empty()) add_extension(certificate.get(), issuer, NID_ext_key_usage, usage);
    if (const std::string names = alternative_names(request); !names.empty())
        add_extension(certificate.get(), issuer, NID_subject_alt_name, names);
    X509_sign(certificate.get(), by.key.get(), EVP_sha256());
    return {pem_of(certificate.get()), pem_of(key.get())};
}

KeyPair make_self_signed(const std::vector<std::string>& names) {
    // As Go's GenerateSelfSignedCertKey does (client-go util/cert): a throw-away authority signs the pair and
    // is appended to the certificate file, so that clients may pin either.
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    const KeyPair authority = make_authority("localhost-ca@" + std::to_string(now));
    CertificateRequest request;
    request.common_name = "localhost@" + std::to_string(now);
    request.dns_names = names;
    request.dns_names.insert(request.dns_names.begin(), "localhost");
    request.ip_addresses = {"127.0.0.1", "::1"};
    request.server = true;
    KeyPair pair = issue(authority, request);
    pair.certificate_pem += authority.certificate_pem;
    return pair;
}

}  // namespace net

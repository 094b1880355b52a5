// SPDX-License-Identifier: Apache-2.0
#include "net/tls/certificate_draft.hpp"

#include <stdexcept>

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace net {
namespace {

std::string text_of(BIO* bio) {
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio, &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
    const BioPtr bio{BIO_new(BIO_s_mem())};
    PEM_write_bio_X509(bio.get(), certificate);
    return text_of(bio.get());
}

// SEC 1 form ("BEGIN EC PRIVATE KEY"), which Go reads and writes.
std::string pem_of(EVP_PKEY* key) {
    const BioPtr bio{BIO_new(BIO_s_mem())};
    PEM_write_bio_PrivateKey_traditional(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return text_of(bio.get());
}

}  // namespace

CertificateDraft::CertificateDraft(std::chrono::seconds not_before, std::chrono::seconds not_after)
    : key_{EVP_EC_gen("P-256")}, certificate_{X509_new()} {
    if (!key_) throw std::runtime_error{"OpenSSL makes no P-256 key"};
    X509_set_version(certificate_.get(), X509_VERSION_3);
    std::uint64_t serial = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate_.get()), serial >> 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate_.get()), not_before.count());
    X509_gmtime_adj(X509_getm_notAfter(certificate_.get()), not_after.count());
    X509_set_pubkey(certificate_.get(), key_.get());
}

void CertificateDraft::add_subject(const char* field, const std::string& value) {
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate_.get()), field, MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(value.data()),
                               static_cast<int>(value.size()), -1, 0);
}

void CertificateDraft::add_extension(int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, nullptr, certificate_.get(), nullptr, nullptr, 0);
    using ExtensionPtr = std::unique_ptr<X509_EXTENSION, OpensslFree<X509_EXTENSION_free>>;
    const ExtensionPtr extension{X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str())};
    if (!extension) throw std::invalid_argument{"certificate extension not understood: " + value};
    X509_add_ext(certificate_.get(), extension.get(), -1);
}

void CertificateDraft::add_authority_extensions() {
    add_extension(NID_basic_constraints, "critical,CA:TRUE");
    add_extension(NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(NID_subject_key_identifier, "hash");
}

void CertificateDraft::add_leaf_extensions() {
    add_extension(NID_basic_constraints, "critical,CA:FALSE");
    add_extension(NID_key_usage, "critical,digitalSignature");
}

KeyPair CertificateDraft::sign_by(X509* issuer, EVP_PKEY* key) {
    X509_set_issuer_name(certificate_.get(), X509_get_subject_name(issuer));
    X509_sign(certificate_.get(), key, EVP_sha256());
    return {pem_of(certificate_.get()), pem_of(key_.get())};
}

}  // namespace net

// SPDX-License-Identifier: Apache-2.0
#include "net/certificate.hpp"

#include "net/openssl.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <span>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace net {
namespace {

using SystemClock = std::chrono::system_clock;

using ObjectPtr = std::unique_ptr<ASN1_OBJECT, OpensslFree<ASN1_OBJECT_free>>;

std::vector<std::string> subject_values(const X509* certificate, const ASN1_OBJECT* type) {
    std::vector<std::string> values;
    const X509_NAME* subject = X509_get_subject_name(certificate);
    for (int at = -1; (at = X509_NAME_get_index_by_OBJ(subject, type, at)) >= 0;) {
        const ASN1_STRING* data = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
        unsigned char* utf8 = nullptr;
        const int size = ASN1_STRING_to_UTF8(&utf8, data);
        if (size < 0) continue;
        values.emplace_back(reinterpret_cast<char*>(utf8), static_cast<std::size_t>(size));
        OPENSSL_free(utf8);
    }
    return values;
}

std::string lower_hex(std::span<const unsigned char> bytes) {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : bytes) {
        text += kHex[byte >> 4];
        text += kHex[byte & 15];
    }
    return text;
}

// The password callback for keys: refuses, so that an encrypted key is an error and not a prompt.
int no_password(char*, int, int, void*) {
    return 0;
}

BioPtr reader_of(std::string_view text) {
    return BioPtr{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

// Certificates without an end say 9999, which the clock's nanoseconds do not reach.
SystemClock::time_point time_of(const ASN1_TIME* time, SystemClock::time_point unreadable) {
    std::tm when{};
    if (ASN1_TIME_to_tm(time, &when) != 1) return unreadable;
    using std::chrono::floor, std::chrono::seconds;
    const seconds since_epoch{timegm(&when)};
    const seconds first = floor<seconds>(SystemClock::time_point::min().time_since_epoch()) + seconds{1};
    const seconds last = floor<seconds>(SystemClock::time_point::max().time_since_epoch());
    return SystemClock::time_point{std::clamp(since_epoch, first, last)};
}

Validity validity_of(const STACK_OF(X509) * chain) {
    Validity all{SystemClock::time_point::min(), SystemClock::time_point::max()};
    for (int i = 0; i < sk_X509_num(chain); ++i) {
        const X509* certificate = sk_X509_value(chain, i);
        all.from =
            std::max(all.from, time_of(X509_get0_notBefore(certificate), SystemClock::time_point::max()));
        all.until =
            std::min(all.until, time_of(X509_get0_notAfter(certificate), SystemClock::time_point::min()));
    }
    return all;
}

// Go's rule, which knows no other purposes of a certificate than its extended key usages: of those that name
// some each must name clientAuth or any. OpenSSL's own check refuses "any" and asks for more.
bool is_for_clients(const STACK_OF(X509) * chain) {
    for (int i = 0; i < sk_X509_num(chain); ++i) {
        // All ones: it names none.
        const std::uint32_t usages = X509_get_extended_key_usage(sk_X509_value(chain, i));
        if ((usages & (XKU_SSL_CLIENT | XKU_ANYEKU)) == 0) return false;
    }
    return true;
}

}  // namespace

Result<std::vector<X509Ptr>> read_certificates(std::string_view pem) {
    const BioPtr bio = reader_of(pem);
    std::vector<X509Ptr> found;
    ERR_clear_error();
    while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr))
        found.emplace_back(certificate);
    const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (found.empty() || !at_end) return make_error_code(Errc::bad_pem);
    return found;
}

Result<KeyPtr> read_key(std::string_view pem) {
    const BioPtr bio = reader_of(pem);
    KeyPtr key{PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr)};
    ERR_clear_error();
    if (!key) return make_error_code(Errc::bad_pem);
    return key;
}

std::string PeerCertificate::common_name() const {
    // Go's x509 takes the last CommonName of the subject.
    auto names = common_names();
    return names.empty() ? std::string{} : std::move(names.back());
}

std::vector<std::string> PeerCertificate::common_names() const {
    if (!impl_) return {};
    return subject_values(impl_->leaf.get(), OBJ_nid2obj(NID_commonName));
}

std::vector<std::string> PeerCertificate::organizations() const {
    if (!impl_) return {};
    return subject_values(impl_->leaf.get(), OBJ_nid2obj(NID_organizationName));
}

std::vector<std::string> PeerCertificate::uids() const {
    if (!impl_) return {};
    const ObjectPtr type{OBJ_txt2obj(kUidType, 1)};
    return subject_values(impl_->leaf.get(), type.get());
}

std::string PeerCertificate::sha256() const {
    if (!impl_) return {};
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (X509_digest(impl_->leaf.get(), EVP_sha256(), digest.data(), &size) != 1) return {};
    return lower_hex({digest.data(), size});
}

std::string PeerCertificate::key_sha256() const {
    if (!impl_) return {};
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(impl_->leaf.get()), &der);
    if (size <= 0) return {};
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned digest_size = 0;
    const bool done = EVP_Digest(der, static_cast<std::size_t>(size), digest.data(), &digest_size,
                                 EVP_sha256(), nullptr) == 1;
    OPENSSL_free(der);
    return done ? lower_hex({digest.data(), digest_size}) : std::string{};
}

std::chrono::system_clock::time_point PeerCertificate::not_after() const {
    if (!impl_) return {};
    return time_of(X509_get0_notAfter(impl_->leaf.get()), {});
}

std::any& PeerCertificate::note() const {
    return impl_->note;
}

Result<TrustPool> TrustPool::from_pem(std::string_view pem) {
    auto certificates = read_certificates(pem);
    if (!certificates) return certificates.error();
    auto impl = std::make_shared<Impl>();
    impl->store.reset(X509_STORE_new());
    for (const X509Ptr& certificate : *certificates)
        X509_STORE_add_cert(impl->store.get(), certificate.get());
    // Kubernetes' authorities may be intermediates: any certificate of the pool ends a chain, as in Go.
    X509_STORE_set_flags(impl->store.get(), X509_V_FLAG_PARTIAL_CHAIN);
    TrustPool pool;
    pool.impl_ = std::move(impl);
    return pool;
}

Result<Validity> TrustPool::verify_client(const PeerCertificate& peer, SystemClock::time_point now) const {
    if (!peer) return make_error_code(Errc::no_certificate);
    if (!impl_) return Error{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, certificate_category()};
    using ContextPtr = std::unique_ptr<X509_STORE_CTX, OpensslFree<X509_STORE_CTX_free>>;
    struct StackFree {
        void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
    };
    const std::unique_ptr<STACK_OF(X509), StackFree> chain{sk_X509_new_null()};
    for (const X509Ptr& certificate : peer.impl()->intermediates)
        sk_X509_push(chain.get(), certificate.get());

    const ContextPtr context{X509_STORE_CTX_new()};
    ERR_clear_error();
    X509_STORE_CTX_init(context.get(), impl_->store.get(), peer.impl()->leaf.get(), chain.get());
    X509_STORE_CTX_set_time(context.get(), 0, SystemClock::to_time_t(now));
    const bool good = X509_verify_cert(context.get()) == 1;
    ERR_clear_error();
    if (!good) return Error{X509_STORE_CTX_get_error(context.get()), certificate_category()};
    const STACK_OF(X509)* found = X509_STORE_CTX_get0_chain(context.get());
    if (!is_for_clients(found)) return Error{X509_V_ERR_INVALID_PURPOSE, certificate_category()};
    return validity_of(found);
}

}  // namespace net

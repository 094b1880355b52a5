// SPDX-License-Identifier: Apache-2.0
#include "net/tls/certificate.hpp"

#include "net/tls/openssl.hpp"
#include "net/x509/bundle.hpp"
#include "net/x509/chain.hpp"
#include "net/x509/extensions.hpp"
#include "net/x509/host_name.hpp"
#include "text/printable.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <optional>
#include <span>

#include <boost/asio/ip/address.hpp>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace net {
namespace {

using SystemClock = std::chrono::system_clock;

// How much of its names a description shows. A certificate may have thousands.
constexpr int kShownNames = 6;
constexpr std::size_t kShownBytes = 80;

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

// Foreign bytes in a line of ours.
std::string shown(std::string_view text) {
    std::string out = text::printable(text.substr(0, kShownBytes));
    if (text.size() > kShownBytes) out += "...";
    return out;
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
    if (ip::address_v4::bytes_type v4; bytes.size() == v4.size()) {
        std::copy(bytes.begin(), bytes.end(), v4.begin());
        return ip::make_address_v4(v4).to_string();
    }
    if (ip::address_v6::bytes_type v6; bytes.size() == v6.size()) {
        std::copy(bytes.begin(), bytes.end(), v6.begin());
        return ip::make_address_v6(v6).to_string();
    }
    return "of " + std::to_string(bytes.size()) + " bytes";
}

x509::GeneralNamesPtr alternative_names(const X509* certificate) {
    return x509::GeneralNamesPtr{
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
}

std::string alternative_names_text(const X509* certificate) {
    const x509::GeneralNamesPtr names = alternative_names(certificate);
    std::string text;
    int known = 0;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type != GEN_DNS && name->type != GEN_IPADD) continue;
        if (++known > kShownNames) continue;
        text += text.empty() ? "" : ", ";
        if (name->type == GEN_DNS) text += "DNS " + shown(x509::bytes_of(name->d.dNSName));
        if (name->type == GEN_IPADD) text += "IP " + address_text(x509::bytes_of(name->d.iPAddress));
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

BioPtr reader_of(std::string_view text) {
    return BioPtr{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
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

Result<std::vector<PeerCertificate>> PeerCertificate::from_pem(std::string_view pem) {
    auto certificates = read_certificates(pem);
    if (!certificates) return certificates.error();
    std::vector<PeerCertificate> read;
    for (X509Ptr& one : *certificates) {
        auto impl = std::make_shared<Impl>();
        impl->leaf = std::move(one);
        read.emplace_back(std::move(impl));
    }
    return read;
}

PeerCertificate PeerCertificate::read() const {
    if (!impl_ || impl_->leaf) return *this;
    auto fresh = std::make_shared<Impl>();
    const auto* at = reinterpret_cast<const unsigned char*>(impl_->der.data());
    const unsigned char* const end = at + impl_->der.size();
    while (at < end) {
        X509Ptr next{d2i_X509(nullptr, &at, end - at)};
        // It was made of certificates: memory is short.
        if (!next) return {};
        if (fresh->leaf)
            fresh->intermediates.push_back(std::move(next));
        else
            fresh->leaf = std::move(next);
    }
    if (!fresh->leaf) return {};
    return PeerCertificate{std::move(fresh)};
}

std::size_t PeerCertificate::kept_bytes() const {
    return impl_ ? impl_->der.size() : 0;
}

std::string PeerCertificate::common_name() const {
    // Go's x509 takes the last CommonName of the subject.
    auto names = common_names();
    return names.empty() ? std::string{} : std::move(names.back());
}

std::vector<std::string> PeerCertificate::common_names() const {
    const PeerCertificate shown = read();
    if (!shown) return {};
    return subject_values(shown.impl_->leaf.get(), OBJ_nid2obj(NID_commonName));
}

std::vector<std::string> PeerCertificate::organizations() const {
    const PeerCertificate shown = read();
    if (!shown) return {};
    return subject_values(shown.impl_->leaf.get(), OBJ_nid2obj(NID_organizationName));
}

std::vector<std::string> PeerCertificate::uids() const {
    const PeerCertificate shown = read();
    if (!shown) return {};
    const ObjectPtr type{OBJ_txt2obj(kUidType, 1)};
    return subject_values(shown.impl_->leaf.get(), type.get());
}

std::string PeerCertificate::sha256() const {
    const PeerCertificate shown = read();
    if (!shown) return {};
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (X509_digest(shown.impl_->leaf.get(), EVP_sha256(), digest.data(), &size) != 1) return {};
    return lower_hex({digest.data(), size});
}

std::string PeerCertificate::key_sha256() const {
    const PeerCertificate shown = read();
    if (!shown) return {};
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(shown.impl_->leaf.get()), &der);
    if (size <= 0) return {};
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned digest_size = 0;
    const bool done = EVP_Digest(der, static_cast<std::size_t>(size), digest.data(), &digest_size,
                                 EVP_sha256(), nullptr) == 1;
    OPENSSL_free(der);
    return done ? lower_hex({digest.data(), digest_size}) : std::string{};
}

std::chrono::system_clock::time_point PeerCertificate::not_after() const {
    const PeerCertificate shown = read();
    if (!shown) return {};
    return x509::validity_of(shown.impl_->leaf.get()).until - SystemClock::duration{1};
}

std::vector<std::string> PeerCertificate::names() const {
    const PeerCertificate shown = read();
    if (!shown) return {};
    const x509::GeneralNamesPtr all = alternative_names(shown.impl_->leaf.get());
    std::vector<std::string> names;
    for (int i = 0; i < sk_GENERAL_NAME_num(all.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(all.get(), i);
        if (name->type == GEN_DNS) names.emplace_back(x509::bytes_of(name->d.dNSName));
        if (name->type == GEN_IPADD) names.push_back(address_text(x509::bytes_of(name->d.iPAddress)));
    }
    ERR_clear_error();
    return names;
}

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

std::any& PeerCertificate::note() const {
    return impl_->note;
}

Result<TrustPool> TrustPool::from_pem(std::string_view pem) {
    x509::Bundle bundle = x509::read_bundle(pem);
    if (bundle.certificates.empty()) return make_error_code(Errc::bad_pem);
    TrustPool pool;
    pool.impl_ = std::make_shared<Impl>(Impl{std::move(bundle.certificates), std::move(bundle.complaints)});
    return pool;
}

const std::vector<std::string>& TrustPool::complaints() const {
    static const std::vector<std::string> none;
    return impl_ ? impl_->complaints : none;
}

Result<Validity> TrustPool::verify_client(const PeerCertificate& shown, SystemClock::time_point now) const {
    const PeerCertificate peer = shown.read();
    if (!peer) return make_error_code(Errc::no_certificate);
    x509::Question question;
    question.leaf = peer.impl()->leaf.get();
    for (const X509Ptr& one : peer.impl()->intermediates) question.shown.push_back(one.get());
    if (impl_)
        for (const X509Ptr& one : impl_->authorities) question.trusted.push_back(one.get());
    question.purpose = x509::Purpose::client;
    question.now = now;
    return x509::verify(question);
}

Error TrustPool::verify_server(std::string_view chain_pem, std::string_view host,
                               SystemClock::time_point now) const {
    const auto chain = read_certificates(chain_pem);
    if (!chain) return chain.error();
    x509::Question question;
    question.leaf = chain->front().get();
    for (std::size_t i = 1; i < chain->size(); ++i) question.shown.push_back((*chain)[i].get());
    if (impl_)
        for (const X509Ptr& one : impl_->authorities) question.trusted.push_back(one.get());
    question.now = now;
    if (const auto good = x509::verify(question); !good) return good.error();
    const int error = x509::check_host(question.leaf, host);
    return error == X509_V_OK ? Error{} : Error{error, certificate_category()};
}

}  // namespace net

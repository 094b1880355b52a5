// SPDX-License-Identifier: Apache-2.0
#include "net/tls/pem_fault.hpp"

#include "net/tls/openssl.hpp"
#include "text/printable.hpp"

#include <algorithm>
#include <vector>

#include <openssl/err.h>
#include <openssl/pem.h>

namespace net {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kDashes = "-----";
// Of "-----BEGIN " in base64, as a Secret's data has it.
constexpr std::string_view kBeginInBase64 = "LS0tLS1CRUdJTi";
constexpr std::size_t kLabelBytes = 40;

// What each block says it is.
std::vector<std::string> labels_of(std::string_view text) {
    std::vector<std::string> labels;
    for (std::size_t at = 0; (at = text.find(kBegin, at)) != text.npos;) {
        at += kBegin.size();
        const std::string_view rest = text.substr(at, kLabelBytes);
        const std::size_t end = rest.find(kDashes);
        if (end != rest.npos) labels.emplace_back(rest.substr(0, end));
    }
    return labels;
}

bool is_certificate(std::string_view label) {
    return label == "CERTIFICATE" || label == "X509 CERTIFICATE" || label == "TRUSTED CERTIFICATE";
}

bool is_private_key(std::string_view label) {
    return label.ends_with("PRIVATE KEY");
}

// The same for both; empty: there are PEM blocks.
std::string form_fault(std::string_view text, const std::vector<std::string>& labels) {
    if (!labels.empty()) return {};
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == text.npos) return "is empty";
    // A SEQUENCE of more than 127 bytes (X.690): a certificate, a key or PKCS #12.
    if (text.size() > 2 && text[0] == '\x30' && (text[1] & '\x80') != 0)
        return "is in DER form (or PKCS #12); topd reads PEM";
    if (text.substr(begin).starts_with(kBeginInBase64)) return "is base64 of PEM text: decode it once";
    return "holds no PEM block";
}

// With an article, as it stands in a sentence.
std::string shown(const std::string& label) {
    return '"' + text::printable(label) + '"';
}

BioPtr reader_of(std::string_view text) {
    return BioPtr{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

int no_password(char*, int, int, void*) {
    return 0;
}

std::string openssl_reason() {
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return reason ? reason : "unknown error";
}

KeyPtr key_of(std::string_view text) {
    ERR_clear_error();
    return KeyPtr{PEM_read_bio_PrivateKey(reader_of(text).get(), nullptr, no_password, nullptr)};
}

// The place among the certificates of the one that has this key, counted from 1; 0: none has.
int place_of_key(std::string_view certificates, EVP_PKEY* key) {
    const BioPtr bio = reader_of(certificates);
    int place = 0;
    while (const X509Ptr next{PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr)}) {
        ++place;
        if (X509_check_private_key(next.get(), key) == 1) return place;
    }
    return 0;
}

}  // namespace

std::string certificates_fault(std::string_view text) {
    const std::vector<std::string> labels = labels_of(text);
    if (std::string fault = form_fault(text, labels); !fault.empty()) return fault;
    if (std::none_of(labels.begin(), labels.end(), is_certificate)) {
        if (is_private_key(labels.front())) return "holds a key where a certificate is expected";
        return "holds " + shown(labels.front()) + " where a certificate is expected";
    }
    ERR_clear_error();
    const BioPtr bio = reader_of(text);
    int place = 0;
    for (;; ++place)
        if (const X509Ptr next{PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr)}; !next) break;
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
        return "its certificate number " + std::to_string(place + 1) + " cannot be read: " + openssl_reason();
    ERR_clear_error();
    return {};
}

std::string key_fault(std::string_view text) {
    const std::vector<std::string> labels = labels_of(text);
    if (std::string fault = form_fault(text, labels); !fault.empty()) return fault;
    const auto key = std::find_if(labels.begin(), labels.end(), is_private_key);
    if (key == labels.end()) {
        if (is_certificate(labels.front())) return "holds a certificate where a private key is expected";
        return "holds " + shown(labels.front()) + " where a private key is expected";
    }
    if (key_of(text)) return {};
    const std::string reason = openssl_reason();
    if (*key == "ENCRYPTED PRIVATE KEY" || text.find("Proc-Type: 4,ENCRYPTED") != text.npos)
        return "is encrypted; topd takes keys without a passphrase (openssl pkey -in FILE -out NEW)";
    if (*key == "OPENSSH PRIVATE KEY") return "is a key of SSH's own form (ssh-keygen -p -m PEM -f FILE)";
    return "its private key cannot be read: " + reason;
}

std::string pair_fault(const KeyPair& pair, std::string_view certificate_name, std::string_view key_name) {
    if (const std::string fault = certificates_fault(pair.certificate_pem); !fault.empty())
        return std::string{certificate_name} + ": " + fault;
    if (const std::string fault = key_fault(pair.key_pem); !fault.empty())
        return std::string{key_name} + ": " + fault;
    const int place = place_of_key(pair.certificate_pem, key_of(pair.key_pem).get());
    ERR_clear_error();
    if (place == 1) return {};
    if (place > 1)
        return std::string{certificate_name} + ": the key's own certificate is number " +
               std::to_string(place) + " in it, and has to be the first";
    return std::string{key_name} + ": the key does not belong to the certificate in " +
           std::string{certificate_name};
}

}  // namespace net

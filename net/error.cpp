// SPDX-License-Identifier: Apache-2.0
#include "net/error.hpp"

#include <array>

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

namespace net {
namespace {

class NetCategory final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "net"; }
    std::string message(int value) const override {
        switch (static_cast<Errc>(value)) {
            case Errc::timeout:
                return "timed out";
            case Errc::closed:
                return "the peer closed the connection";
            case Errc::cut_short:
                return "the peer closed the connection in the middle of a message";
            case Errc::bad_message:
                return "the peer's message is not valid HTTP/1.x";
            case Errc::head_too_large:
                return "the head of the message is too large";
            case Errc::body_too_large:
                return "the body of the message is too large";
            case Errc::unknown_host:
                return "no such host";
            case Errc::not_tls:
                return "the peer does not speak TLS";
            case Errc::no_certificate:
                return "the peer showed no certificate";
            case Errc::bad_pem:
                return "not a PEM certificate or key";
            case Errc::key_mismatch:
                return "the private key does not belong to the certificate";
            case Errc::refused_content:
                return "the content was refused";
            case Errc::stopped:
                return "stopped";
            case Errc::overloaded:
                return "too much is waiting already";
            case Errc::unknown_suite:
                return "no such TLS cipher suite";
        }
        return "unknown error";
    }
};

class CertificateCategory final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "x509"; }
    std::string message(int value) const override {
        return std::string{"certificate not accepted: "} + words(value);
    }

  private:
    // OpenSSL's, where they say what is meant.
    static const char* words(int value) {
        switch (value) {
            case X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
                return "it relies on the legacy Common Name, which counts as no name, or has names that "
                       "cannot be "
                       "checked; it needs subject alternative names";
            case X509_V_ERR_CERT_REJECTED:
                return "it is malformed: a negative serial number, an extension that is unreadable or there "
                       "twice, "
                       "or a key of a kind that is not supported";
            case X509_V_ERR_CA_MD_TOO_WEAK:
                return "a certificate of the chain is signed with MD5 or SHA-1, which count no more";
            case X509_V_ERR_CA_KEY_TOO_SMALL:
                return "an authority's RSA key has less than 1024 bits";
            case X509_V_ERR_EE_KEY_TOO_SMALL:
                return "its RSA key has less than 1024 bits, or more than 8192";
            case X509_V_ERR_INVALID_CA:
                return "it is signed by a certificate that is no authority's (basicConstraints without CA)";
            case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
                return "the authority's key usage lacks keyCertSign";
            case X509_V_ERR_INVALID_PURPOSE:
                return "it, or an authority of its chain, is for another extended key usage";
            default:
                return X509_verify_cert_error_string(value);
        }
    }
};

class TlsCategory final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "tls"; }
    std::string message(int value) const override {
        const auto code = static_cast<unsigned long>(static_cast<unsigned>(value));
        const char* reason = ERR_reason_error_string(code);
        return std::string{"TLS: "} + (reason ? reason : "error " + std::to_string(code));
    }
};

}  // namespace

Error make_error_code(Errc e) {
    static const NetCategory category;
    return {static_cast<int>(e), category};
}

const boost::system::error_category& certificate_category() {
    static const CertificateCategory category;
    return category;
}

CertificateFault certificate_fault(const Error& error) {
    if (!error || error.category() != certificate_category()) return CertificateFault::none;
    switch (error.value()) {
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return CertificateFault::unknown_authority;
        case X509_V_ERR_CERT_SIGNATURE_FAILURE:
            return CertificateFault::signature;
        case X509_V_ERR_CA_MD_TOO_WEAK:
        case X509_V_ERR_CA_KEY_TOO_SMALL:
        case X509_V_ERR_EE_KEY_TOO_SMALL:
        case X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM:
            return CertificateFault::weak;
        case X509_V_ERR_CERT_REJECTED:
        case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION:
            return CertificateFault::malformed;
        case X509_V_ERR_INVALID_CA:
        case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
        case X509_V_ERR_PATH_LENGTH_EXCEEDED:
        case X509_V_ERR_PERMITTED_VIOLATION:
        case X509_V_ERR_EXCLUDED_VIOLATION:
        case X509_V_ERR_NO_EXPLICIT_POLICY:
        case X509_V_ERR_CERT_CHAIN_TOO_LONG:
            return CertificateFault::issuer;
        case X509_V_ERR_CERT_HAS_EXPIRED:
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return CertificateFault::expired;
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
        case X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
            return CertificateFault::name;
        case X509_V_ERR_INVALID_PURPOSE:
            return CertificateFault::usage;
        default:
            return CertificateFault::other;
    }
}

const boost::system::error_category& tls_category() {
    static const TlsCategory category;
    return category;
}

}  // namespace net

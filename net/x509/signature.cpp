// SPDX-License-Identifier: Apache-2.0
#include "net/x509/signature.hpp"

#include "net/x509/extensions.hpp"

#include <openssl/err.h>

namespace net::x509 {
namespace {

bool is_strong(int digest) {
    return digest == NID_sha256 || digest == NID_sha384 || digest == NID_sha512;
}

// Whether the mask is made by MGF1 with that digest, and says so.
bool masks_with(const RSA_PSS_PARAMS& params, int digest) {
    const X509_ALGOR* mask = params.maskGenAlgorithm;
    if (!mask || OBJ_obj2nid(mask->algorithm) != NID_mgf1) return false;
    using AlgorithmPtr = std::unique_ptr<X509_ALGOR, OpensslFree<X509_ALGOR_free>>;
    const AlgorithmPtr hash{
        static_cast<X509_ALGOR*>(ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(X509_ALGOR), mask->parameter))};
    return hash && OBJ_obj2nid(hash->algorithm) == digest;
}

// PSS counts with a salt as long as its digest, the same digest in the mask and the usual trailer (Go,
// crypto/x509: getSignatureAlgorithmFromAI).
bool has_usual_parameters(const X509* certificate, int digest) {
    using ParamsPtr = std::unique_ptr<RSA_PSS_PARAMS, OpensslFree<RSA_PSS_PARAMS_free>>;
    const X509_ALGOR* algorithm = X509_get0_tbs_sigalg(certificate);
    const ParamsPtr params{static_cast<RSA_PSS_PARAMS*>(
        ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(RSA_PSS_PARAMS), algorithm->parameter))};
    if (!params || !params->saltLength || !masks_with(*params, digest)) return false;
    if (params->trailerField && ASN1_INTEGER_get(params->trailerField) != 1) return false;
    return ASN1_INTEGER_get(params->saltLength) == EVP_MD_get_size(EVP_get_digestbynid(digest));
}

int check_algorithm(const X509* child, const EVP_PKEY* key) {
    int digest = NID_undef;
    int key_kind = NID_undef;
    if (X509_get_signature_info(const_cast<X509*>(child), &digest, &key_kind, nullptr, nullptr) != 1)
        return X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM;
    const int kind = EVP_PKEY_get_base_id(key);
    if (key_kind == NID_ED25519)
        return kind == EVP_PKEY_ED25519 ? X509_V_OK : X509_V_ERR_CERT_SIGNATURE_FAILURE;
    if (digest == NID_md5 || digest == NID_sha1) return X509_V_ERR_CA_MD_TOO_WEAK;
    if (!is_strong(digest)) return X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM;
    if (key_kind == NID_rsassaPss && !has_usual_parameters(child, digest))
        return X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM;
    if (kind == EVP_PKEY_RSA)
        return EVP_PKEY_get_bits(key) < kMinRsaBits ? X509_V_ERR_CA_KEY_TOO_SMALL : X509_V_OK;
    return kind == EVP_PKEY_EC ? X509_V_OK : X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM;
}

}  // namespace

int check_signature(X509* child, X509* parent) {
    const auto basic = basic_constraints(parent);
    const bool is_authority = basic ? basic->is_authority : X509_get_version(parent) != X509_VERSION_3;
    if (!is_authority) return X509_V_ERR_INVALID_CA;
    if (!may_sign_certificates(parent)) return X509_V_ERR_KEYUSAGE_NO_CERTSIGN;
    EVP_PKEY* key = X509_get0_pubkey(parent);
    if (!key) return X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY;
    if (const int error = check_algorithm(child, key); error != X509_V_OK) return error;
    const bool good = X509_verify(child, key) == 1;
    ERR_clear_error();
    return good ? X509_V_OK : X509_V_ERR_CERT_SIGNATURE_FAILURE;
}

int check_key_size(const X509* certificate) {
    const EVP_PKEY* key = X509_get0_pubkey(certificate);
    if (!key || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) return X509_V_OK;
    const int bits = EVP_PKEY_get_bits(key);
    return bits < kMinRsaBits || bits > kMaxRsaBits ? X509_V_ERR_EE_KEY_TOO_SMALL : X509_V_OK;
}

}  // namespace net::x509

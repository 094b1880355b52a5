// SPDX-License-Identifier: Apache-2.0
// What Go's parser does not read although OpenSSL's does.
#include "net/x509/constraints.hpp"
#include "net/x509/extensions.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include <openssl/ec.h>
#include <openssl/obj_mac.h>

namespace net::x509 {
namespace {

bool is_readable_key(const X509* certificate) {
    X509_PUBKEY* shown = X509_get_X509_PUBKEY(certificate);
    const unsigned char* bytes = nullptr;
    int size = 0;
    X509_ALGOR* algorithm = nullptr;
    if (X509_PUBKEY_get0_param(nullptr, &bytes, &size, &algorithm, shown) != 1) return false;
    const ASN1_OBJECT* name = nullptr;
    int parameter = V_ASN1_UNDEF;
    X509_ALGOR_get0(&name, &parameter, nullptr, algorithm);
    const int nid = OBJ_obj2nid(name);
    if (nid == NID_rsaEncryption) return parameter == V_ASN1_NULL && X509_PUBKEY_get0(shown) != nullptr;
    if (nid == NID_ED25519 || nid == NID_X25519 || nid == NID_dsa) return X509_PUBKEY_get0(shown) != nullptr;
    // Keys of other kinds are not looked at; they have signed nothing.
    if (nid != NID_X9_62_id_ecPublicKey) return true;
    static constexpr const char* kCurves[] = {SN_secp224r1, SN_X9_62_prime256v1, SN_secp384r1, SN_secp521r1};
    const EVP_PKEY* key = X509_PUBKEY_get0(shown);
    char group[64] = "";
    // Only whole points.
    if (!key || parameter != V_ASN1_OBJECT || size < 1 || bytes[0] != POINT_CONVERSION_UNCOMPRESSED)
        return false;
    if (EVP_PKEY_get_group_name(key, group, sizeof group, nullptr) != 1) return false;
    return std::find(std::begin(kCurves), std::end(kCurves), std::string_view{group}) != std::end(kCurves);
}

bool is_ia5(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool are_readable_names(const GENERAL_NAMES* names) {
    for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
        const bool is_text = name->type == GEN_DNS || name->type == GEN_EMAIL || name->type == GEN_URI;
        if (is_text && !is_ia5(bytes_of(name->d.ia5))) return false;
        if (name->type != GEN_IPADD) continue;
        const std::size_t size = bytes_of(name->d.iPAddress).size();
        if (size != 4 && size != 16) return false;
    }
    return true;
}

// Every extension that Go reads is read, whether anything asks for it or not.
bool is_readable_extension(const X509* certificate, X509_EXTENSION* one) {
    const int nid = OBJ_obj2nid(X509_EXTENSION_get_object(one));
    const bool critical = X509_EXTENSION_get_critical(one) != 0;
    static constexpr int kRead[] = {
        NID_key_usage,          NID_basic_constraints,       NID_crl_distribution_points,
        NID_policy_constraints, NID_ext_key_usage,           NID_certificate_policies,
        NID_policy_mappings,    NID_inhibit_any_policy,      NID_subject_key_identifier,
        NID_info_access,        NID_authority_key_identifier};
    if (critical &&
        (nid == NID_subject_key_identifier || nid == NID_authority_key_identifier || nid == NID_info_access))
        return false;
    if (nid == NID_subject_alt_name) {
        const GeneralNamesPtr names{extension<GENERAL_NAMES>(certificate, nid)};
        return names && are_readable_names(names.get());
    }
    if (nid == NID_name_constraints) return are_readable_constraints(certificate);
    if (std::find(std::begin(kRead), std::end(kRead), nid) == std::end(kRead)) return true;
    void* value = X509V3_EXT_d2i(one);
    if (!value) return false;
    const X509V3_EXT_METHOD* method = X509V3_EXT_get(one);
    if (method->it)
        ASN1_item_free(static_cast<ASN1_VALUE*>(value), ASN1_ITEM_ptr(method->it));
    else
        method->ext_free(value);
    return true;
}

}  // namespace

std::string_view unreadable(const X509* certificate) {
    if (X509_get_version(certificate) > X509_VERSION_3) return "its version is unknown";
    if ((ASN1_STRING_type(X509_get0_serialNumber(certificate)) & V_ASN1_NEG) != 0)
        return "its serial number is negative";
    const X509_ALGOR* outer = nullptr;
    X509_get0_signature(nullptr, &outer, certificate);
    if (X509_ALGOR_cmp(outer, X509_get0_tbs_sigalg(certificate)) != 0)
        return "it names two signature algorithms";
    if (!is_readable_key(certificate)) return "its public key is of a kind that is not supported";
    if (X509_get_version(certificate) != X509_VERSION_3) return {};
    std::set<std::string> seen;
    for (int i = 0; i < X509_get_ext_count(certificate); ++i) {
        X509_EXTENSION* one = X509_get_ext(certificate, i);
        const ASN1_OBJECT* name = X509_EXTENSION_get_object(one);
        if (!seen.emplace(reinterpret_cast<const char*>(OBJ_get0_data(name)), OBJ_length(name)).second)
            return "it has an extension twice";
        if (!is_readable_extension(certificate, one)) return "one of its extensions is malformed";
    }
    return {};
}

}  // namespace net::x509

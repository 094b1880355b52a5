// SPDX-License-Identifier: Apache-2.0
#include "net/x509/extensions.hpp"

#include "net/x509/constraints.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include <openssl/ec.h>
#include <openssl/obj_mac.h>

namespace net::x509 {
namespace {

using BasicPtr = std::unique_ptr<BASIC_CONSTRAINTS, OpensslFree<BASIC_CONSTRAINTS_free>>;
using BitsPtr = std::unique_ptr<ASN1_BIT_STRING, OpensslFree<ASN1_BIT_STRING_free>>;
using OctetsPtr = std::unique_ptr<ASN1_OCTET_STRING, OpensslFree<ASN1_OCTET_STRING_free>>;
using KeyIdPtr = std::unique_ptr<AUTHORITY_KEYID, OpensslFree<AUTHORITY_KEYID_free>>;
using UsagesPtr = std::unique_ptr<EXTENDED_KEY_USAGE, OpensslFree<EXTENDED_KEY_USAGE_free>>;

constexpr int kKeyCertSign = 5;

std::string_view der_of(const X509_NAME* name) {
    const unsigned char* der = nullptr;
    std::size_t size = 0;
    if (X509_NAME_get0_der(name, &der, &size) != 1) return {};
    return {reinterpret_cast<const char*>(der), size};
}

// Go hands on the names of these kinds; one that has none of them says nothing.
bool has_known_name(const X509* certificate) {
    const GeneralNamesPtr names{extension<GENERAL_NAMES>(certificate, NID_subject_alt_name)};
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const int type = sk_GENERAL_NAME_value(names.get(), i)->type;
        if (type == GEN_DNS || type == GEN_EMAIL || type == GEN_IPADD || type == GEN_URI) return true;
    }
    return false;
}

bool has_unknown_subtree(const STACK_OF(GENERAL_SUBTREE) * subtrees) {
    for (int i = 0; i < sk_GENERAL_SUBTREE_num(subtrees); ++i) {
        const int type = sk_GENERAL_SUBTREE_value(subtrees, i)->base->type;
        if (type != GEN_DNS && type != GEN_EMAIL && type != GEN_IPADD && type != GEN_URI) return true;
    }
    return false;
}

bool understands_constraints(const X509* certificate) {
    const NameConstraintsPtr all{extension<NAME_CONSTRAINTS>(certificate, NID_name_constraints)};
    return all && !has_unknown_subtree(all->permittedSubtrees) && !has_unknown_subtree(all->excludedSubtrees);
}

bool is_understood(const X509* certificate, int nid) {
    static constexpr int kKnown[] = {NID_key_usage,
                                     NID_basic_constraints,
                                     NID_crl_distribution_points,
                                     NID_authority_key_identifier,
                                     NID_policy_constraints,
                                     NID_ext_key_usage,
                                     NID_subject_key_identifier,
                                     NID_certificate_policies,
                                     NID_policy_mappings,
                                     NID_inhibit_any_policy,
                                     NID_info_access};
    if (nid == NID_subject_alt_name) return has_known_name(certificate);
    if (nid == NID_name_constraints) return understands_constraints(certificate);
    return std::find(std::begin(kKnown), std::end(kKnown), nid) != std::end(kKnown);
}

// What Go's parser does not read although OpenSSL's does.
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

std::string_view subject_of(const X509* certificate) {
    return der_of(X509_get_subject_name(certificate));
}

std::string_view issuer_of(const X509* certificate) {
    return der_of(X509_get_issuer_name(certificate));
}

std::string_view bytes_of(const ASN1_STRING* text) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
            static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::optional<std::string_view> raw_extension(const X509* certificate, int nid) {
    if (X509_get_version(certificate) != X509_VERSION_3) return std::nullopt;
    const int at = X509_get_ext_by_NID(certificate, nid, -1);
    if (at < 0) return std::nullopt;
    return bytes_of(X509_EXTENSION_get_data(X509_get_ext(certificate, at)));
}

std::optional<BasicConstraints> basic_constraints(const X509* certificate) {
    const BasicPtr basic{extension<BASIC_CONSTRAINTS>(certificate, NID_basic_constraints)};
    if (!basic) return std::nullopt;
    BasicConstraints found;
    found.is_authority = basic->ca != 0;
    if (basic->pathlen) found.path_length = ASN1_INTEGER_get(basic->pathlen);
    return found;
}

bool may_sign_certificates(const X509* certificate) {
    const BitsPtr usage{extension<ASN1_BIT_STRING>(certificate, NID_key_usage)};
    if (!usage) return true;
    bool any = false;
    for (int bit = 0; bit < 9; ++bit) any = any || ASN1_BIT_STRING_get_bit(usage.get(), bit) != 0;
    return !any || ASN1_BIT_STRING_get_bit(usage.get(), kKeyCertSign) != 0;
}

bool is_for(const X509* certificate, int usage_nid) {
    const UsagesPtr usages{extension<EXTENDED_KEY_USAGE>(certificate, NID_ext_key_usage)};
    if (!usages || sk_ASN1_OBJECT_num(usages.get()) == 0) return true;
    for (int i = 0; i < sk_ASN1_OBJECT_num(usages.get()); ++i) {
        const int nid = OBJ_obj2nid(sk_ASN1_OBJECT_value(usages.get(), i));
        if (nid == usage_nid || nid == NID_anyExtendedKeyUsage) return true;
    }
    return false;
}

std::string subject_key_id(const X509* certificate) {
    const OctetsPtr id{extension<ASN1_OCTET_STRING>(certificate, NID_subject_key_identifier)};
    return id ? std::string{bytes_of(id.get())} : std::string{};
}

std::string authority_key_id(const X509* certificate) {
    const KeyIdPtr id{extension<AUTHORITY_KEYID>(certificate, NID_authority_key_identifier)};
    return id && id->keyid ? std::string{bytes_of(id->keyid)} : std::string{};
}

bool has_unhandled_critical(const X509* certificate) {
    if (X509_get_version(certificate) != X509_VERSION_3) return false;
    for (int i = 0; i < X509_get_ext_count(certificate); ++i) {
        X509_EXTENSION* one = X509_get_ext(certificate, i);
        if (X509_EXTENSION_get_critical(one) != 0 &&
            !is_understood(certificate, OBJ_obj2nid(X509_EXTENSION_get_object(one))))
            return true;
    }
    return false;
}

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

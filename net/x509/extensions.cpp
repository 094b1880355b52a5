// SPDX-License-Identifier: Apache-2.0
#include "net/x509/extensions.hpp"

#include <algorithm>
#include <iterator>

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

}  // namespace net::x509

// SPDX-License-Identifier: Apache-2.0
// What a certificate says in its extensions, as Go's crypto/x509 takes it. For net's own .cpp files.
#pragma once

#include "net/tls/openssl.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/x509v3.h>

namespace net::x509 {

using GeneralNamesPtr = std::unique_ptr<GENERAL_NAMES, OpensslFree<GENERAL_NAMES_free>>;
using NameConstraintsPtr = std::unique_ptr<NAME_CONSTRAINTS, OpensslFree<NAME_CONSTRAINTS_free>>;

// The DER forms, which is what is compared: another spelling of a name is another name.
std::string_view subject_of(const X509* certificate);
std::string_view issuer_of(const X509* certificate);
std::string_view bytes_of(const ASN1_STRING* text);

// Null: it is not there, or cannot be read. Only version 3 has any.
template <class T>
T* extension(const X509* certificate, int nid) {
    if (X509_get_version(certificate) != X509_VERSION_3) return nullptr;
    return static_cast<T*>(X509_get_ext_d2i(certificate, nid, nullptr, nullptr));
}
// The raw value; none: it is not there.
std::optional<std::string_view> raw_extension(const X509* certificate, int nid);

struct BasicConstraints {
    bool is_authority = false;
    // How many intermediates may stand below; none: any number.
    std::optional<long> path_length;
};
std::optional<BasicConstraints> basic_constraints(const X509* certificate);
// No key usage, one without a bit, or keyCertSign.
bool may_sign_certificates(const X509* certificate);
// No extended key usage, any, or this one.
bool is_for(const X509* certificate, int usage_nid);
// Empty: it has none.
std::string subject_key_id(const X509* certificate);
std::string authority_key_id(const X509* certificate);
// One that is critical and that nobody here understands.
bool has_unhandled_critical(const X509* certificate);

// Whether Go reads it at all. What it does not read does not count, wherever it stands. Empty: it does; else
// what is wrong, for people.
std::string_view unreadable(const X509* certificate);

}  // namespace net::x509

// SPDX-License-Identifier: Apache-2.0
// What can go wrong between us and a peer, as values.
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace net {

using Error = boost::system::error_code;

template <class T = void>
using Result = boost::system::result<T>;

// Each value's message is a sentence for the log. See also certificate_category() and tls_category().
enum class Errc {
    timeout = 1,      // the peer was not done by the deadline
    closed,           // the peer closed the connection
    cut_short,        // the peer closed the connection in the middle of a message
    bad_message,      // what came is not HTTP/1.x
    head_too_large,   // the head of a message is over the limit
    body_too_large,   // the body of a message is over the limit
    unknown_host,     // the name has no address
    not_tls,          // the peer does not speak TLS
    no_certificate,   // the peer showed no certificate
    bad_pem,          // a file or value holds no usable PEM certificate or key
    key_mismatch,     // a private key does not belong to its certificate
    refused_content,  // the reader of a body gave up on it
    stopped,          // we are shutting down
    overloaded,       // a limit of ours was reached
    unknown_suite,    // a TLS cipher suite of that name is not known
};

Error make_error_code(Errc e);

// Values are X509_V_ERR_*: why a certificate was not accepted.
const boost::system::error_category& certificate_category();

// The same by kinds: for each kind there is something else to do.
enum class CertificateFault {
    none,               // the error is of another category, or none
    unknown_authority,  // nobody who is trusted vouches for it, and nothing else is wrong with it
    signature,          // a trusted authority of its issuer's name has not signed it
    weak,               // a key or signature algorithm of the chain that counts no more
    malformed,          // Go programs do not read it either
    issuer,             // an authority of the chain may not sign it
    expired,            // or not valid yet
    name,               // it is for another host
    usage,              // it is for another extended key usage
    other,
};
CertificateFault certificate_fault(const Error& error);

// Values are OpenSSL's packed error codes.
const boost::system::error_category& tls_category();

}  // namespace net

template <>
struct boost::system::is_error_code_enum<net::Errc> : std::true_type {};

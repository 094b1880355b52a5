// SPDX-License-Identifier: Apache-2.0
#include "net/tls/certificate_draft.hpp"

#include <openssl/x509v3.h>

namespace net {
namespace {

using std::chrono::hours;

constexpr hours kAnHourAgo{-1};

}  // namespace

KeyPair make_self_signed(const std::vector<std::string>& names) {
    // As Go's GenerateSelfSignedCertKey does (client-go util/cert): a throw-away authority signs the pair and
    // is appended to the certificate file, so that clients may pin either.
    const auto now = std::to_string(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
    CertificateDraft authority{kAnHourAgo, hours{24 * 3650}};
    authority.add_subject("CN", "localhost-ca@" + now);
    authority.add_authority_extensions();
    const KeyPair by = authority.sign();

    CertificateDraft draft{kAnHourAgo, hours{24 * 365}};
    draft.add_subject("CN", "localhost@" + now);
    draft.add_leaf_extensions();
    draft.add_extension(NID_ext_key_usage, "serverAuth");
    std::string alternatives = "DNS:localhost";
    for (const std::string& name : names) alternatives += ",DNS:" + name;
    draft.add_extension(NID_subject_alt_name, alternatives + ",IP:127.0.0.1,IP:::1");
    KeyPair pair = draft.sign_by(authority);
    pair.certificate_pem += by.certificate_pem;
    return pair;
}

}  // namespace net

// SPDX-License-Identifier: Apache-2.0
#include "test/net/tls/authority.hpp"

#include "net/tls/certificate_draft.hpp"

#include <stdexcept>

#include <openssl/x509v3.h>

namespace net {
namespace {

std::string alternative_names(const CertificateRequest& request) {
    std::string names;
    for (const std::string& name : request.dns_names) names += (names.empty() ? "DNS:" : ",DNS:") + name;
    for (const std::string& address : request.ip_addresses)
        names += (names.empty() ? "IP:" : ",IP:") + address;
    return names;
}

std::string usages(const CertificateRequest& request) {
    std::string usages = request.server ? "serverAuth" : "";
    if (request.client) usages += usages.empty() ? "clientAuth" : ",clientAuth";
    if (request.any) usages += usages.empty() ? "anyExtendedKeyUsage" : ",anyExtendedKeyUsage";
    return usages;
}

KeyPair sign(CertificateDraft& draft, const KeyPair& authority) {
    const auto certificates = read_certificates(authority.certificate_pem);
    const auto key = read_key(authority.key_pem);
    if (!certificates || !key) throw std::invalid_argument{"the authority is not a PEM certificate and key"};
    return draft.sign_by(certificates->front().get(), key->get());
}

CertificateDraft authority_draft(const std::string& common_name,
                                 const std::vector<std::string>& organizations = {}) {
    CertificateDraft draft{std::chrono::hours{-1}, std::chrono::hours{24 * 3650}};
    for (const std::string& organization : organizations) draft.add_subject("O", organization);
    draft.add_subject("CN", common_name);
    draft.add_authority_extensions();
    return draft;
}

}  // namespace

KeyPair make_authority(const std::string& common_name, const std::vector<std::string>& organizations) {
    return authority_draft(common_name, organizations).sign();
}

KeyPair issue_authority(const KeyPair& authority, const std::string& common_name) {
    CertificateDraft draft = authority_draft(common_name);
    return sign(draft, authority);
}

KeyPair issue(const KeyPair& authority, const CertificateRequest& request) {
    CertificateDraft draft{request.not_before_offset, request.not_after_offset};
    for (const std::string& organization : request.organizations) draft.add_subject("O", organization);
    if (!request.common_name.empty()) draft.add_subject("CN", request.common_name);
    for (const std::string& uid : request.uids) draft.add_subject(kUidType, uid);
    draft.add_leaf_extensions();
    if (const std::string text = usages(request); !text.empty()) draft.add_extension(NID_ext_key_usage, text);
    if (const std::string names = alternative_names(request); !names.empty())
        draft.add_extension(NID_subject_alt_name, names);
    return sign(draft, authority);
}

}  // namespace net

// SPDX-License-Identifier: Apache-2.0
#include "scraper/kubelet_certificate.hpp"

#include <algorithm>
#include <vector>

namespace scraper {
namespace {

// The subject of kubelets' serving certificates (k8s.io/kubernetes, pkg/apis/certificates/helpers.go,
// ValidateKubeletServingCSR): CN=system:node:NAME and O=system:nodes alone.
constexpr std::string_view kNodePrefix = "system:node:";
constexpr std::string_view kNodesGroup = "system:nodes";

constexpr std::size_t kAcceptedBytes = 400;

using Wildcards = net::PeerCertificate::Wildcards;

bool has(const net::PeerCertificate& shown, std::string_view name, Wildcards wildcards) {
    return shown.has_address(name) || shown.has_dns_name(name, wildcards);
}

bool is_node(std::string_view common_name, std::string_view node) {
    return common_name.starts_with(kNodePrefix) && common_name.substr(kNodePrefix.size()) == node;
}

}  // namespace

bool is_of_node(const net::PeerCertificate& shown, const ExpectedNode& expected, CertificateNames names) {
    // A wildcard is for no node in particular: it counts for what is dialled only, as everywhere in TLS.
    if (names == CertificateNames::address) return has(shown, expected.dialled, Wildcards::taken);

    const std::vector<std::string> subjects = shown.common_names();
    // A certificate that says which node it is for is for no other, whatever addresses it has: those are
    // given anew when a node goes.
    for (const std::string& subject : subjects)
        if (subject.starts_with(kNodePrefix) && !is_node(subject, expected.name)) return false;
    const bool by_subject = subjects.size() == 1 && is_node(subjects.front(), expected.name) &&
                            shown.organizations() == std::vector<std::string>{std::string{kNodesGroup}};
    if (by_subject || has(shown, expected.dialled, Wildcards::taken) ||
        shown.has_dns_name(expected.name, Wildcards::refused))
        return true;
    return std::any_of(expected.addresses.begin(), expected.addresses.end(),
                       [&](const std::string& address) { return has(shown, address, Wildcards::refused); });
}

std::string accepted_names(const ExpectedNode& expected, CertificateNames names) {
    if (names == CertificateNames::address) return std::string{expected.dialled};
    std::string text{expected.name};
    for (const std::string& address : expected.addresses)
        if (address != expected.name) text += ", " + address;
    text = text.substr(0, kAcceptedBytes);
    return text + " or the subject CN=system:node:NAME,O=system:nodes of this node";
}

}  // namespace scraper

// SPDX-License-Identifier: Apache-2.0
#include "scraper/kubelet/kubelet_certificate.hpp"

#include <algorithm>
#include <utility>
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

// Names of machines know no case (RFC 4343). Of bytes beyond ASCII it counts.
bool is_same(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char left, char right) { return lower(left) == lower(right); });
}

bool is_node(std::string_view common_name, std::string_view node) {
    return common_name.starts_with(kNodePrefix) && is_same(common_name.substr(kNodePrefix.size()), node);
}

// One is the short form of the other: n1 and n1.example.org, but not n1.example.com.
bool may_be_same(std::string_view a, std::string_view b) {
    if (a.size() > b.size()) std::swap(a, b);
    return !a.empty() && a.find('.') == a.npos && b.size() > a.size() && b[a.size()] == '.' &&
           is_same(a, b.substr(0, a.size()));
}

}  // namespace

std::string other_node(const net::PeerCertificate& shown, const ExpectedNode& expected) {
    for (const std::string& subject : shown.common_names()) {
        if (!subject.starts_with(kNodePrefix) || is_node(subject, expected.name)) continue;
        const std::string_view named = std::string_view{subject}.substr(kNodePrefix.size());
        // A machine that is called by its full name there and by the short one here. What it answers at has
        // to be its own.
        if (may_be_same(named, expected.name) && has(shown, expected.dialled, Wildcards::refused)) continue;
        return named.empty() ? "none" : std::string{named};
    }
    return {};
}

bool is_of_node(const net::PeerCertificate& shown, const ExpectedNode& expected, CertificateNames names) {
    // A wildcard is for no node in particular: it counts for what is dialled only, as everywhere in TLS.
    if (names == CertificateNames::address) return has(shown, expected.dialled, Wildcards::taken);

    // A certificate that says which node it is for is for no other, whatever addresses it has: those are
    // given anew when a node goes.
    if (!other_node(shown, expected).empty()) return false;
    const std::vector<std::string> subjects = shown.common_names();
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

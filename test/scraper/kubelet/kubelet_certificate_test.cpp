// SPDX-License-Identifier: Apache-2.0
#include "scraper/kubelet/kubelet_certificate.hpp"

#include "test/net/tls/authority.hpp"
#include "test/scraper/shown_certificate.hpp"

#include <catch2/catch.hpp>

using scraper::CertificateNames;
using scraper::ExpectedNode;
using scraper::is_of_node;
using scraper::test::shown;

namespace {

using Strings = std::vector<std::string>;

const Strings kAddresses{"10.0.0.1", "fd00::1", "n1.example.org", "192.0.2.1"};

net::CertificateRequest request(std::string common_name, Strings organizations, Strings dns_names,
                                Strings ip_addresses) {
    net::CertificateRequest r;
    r.common_name = std::move(common_name);
    r.organizations = std::move(organizations);
    r.dns_names = std::move(dns_names);
    r.ip_addresses = std::move(ip_addresses);
    r.server = true;
    return r;
}

}  // namespace

TEST_CASE("a certificate is a node's by any name that only this node has, or strictly by what is dialled") {
    struct Case {
        const char* name;
        net::CertificateRequest request;
        std::string dialled;
        bool node;
        bool address;
    };
    const Strings nodes{"system:nodes"};
    const Case cases[] = {
        {"the address that is dialled", request("k", {}, {}, {"10.0.0.1"}), "10.0.0.1", true, true},
        {"an IPv6 address that is dialled", request("k", {}, {}, {"fd00::1"}), "fd00::1", true, true},
        {"the same in another spelling", request("k", {}, {}, {"fd00::1"}), "FD00:0:0::0:1", true, true},
        {"another address of the node", request("k", {}, {}, {"192.0.2.1"}), "10.0.0.1", true, false},
        {"its IPv6 address where IPv4 is dialled", request("k", {}, {}, {"fd00::1"}), "10.0.0.1", true,
         false},
        {"its host name", request("k", {}, {"n1.example.org"}, {}), "10.0.0.1", true, false},
        {"its host name in capitals", request("k", {}, {"N1.Example.ORG"}, {}), "10.0.0.1", true, false},
        {"its host name with a dot at the end", request("k", {}, {"n1.example.org"}, {}), "n1.example.org.",
         true, true},
        {"the node's name", request("k", {}, {"n1"}, {}), "10.0.0.1", true, false},
        {"the subject of its CSR and no name", request("system:node:n1", nodes, {}, {}), "10.0.0.1", true,
         false},
        {"that subject and another address", request("system:node:n1", nodes, {}, {"10.9.9.9"}), "10.0.0.1",
         true, false},
        {"that subject without its group", request("system:node:n1", {}, {}, {}), "10.0.0.1", false, false},
        {"that subject in a second group", request("system:node:n1", {"system:nodes", "x"}, {}, {}),
         "10.0.0.1", false, false},
        {"another node's subject", request("system:node:n2", nodes, {}, {}), "10.0.0.1", false, false},
        {"another node's, with our address", request("system:node:n2", nodes, {"n1"}, {"10.0.0.1"}),
         "10.0.0.1", false, true},
        {"the subject in capitals", request("system:node:N1", nodes, {}, {}), "10.0.0.1", true, false},
        {"the subject in capitals, and our address", request("system:node:N1", nodes, {"N1"}, {"10.0.0.1"}),
         "10.0.0.1", true, true},
        {"the prefix in capitals is no subject of a node", request("SYSTEM:NODE:n1", nodes, {}, {}),
         "10.0.0.1", false, false},
        {"the full name as subject, and the address",
         request("system:node:n1.example.org", nodes, {}, {"10.0.0.1"}), "10.0.0.1", true, true},
        {"the full name in capitals, and the address",
         request("system:node:N1.EXAMPLE.ORG", nodes, {}, {"10.0.0.1"}), "10.0.0.1", true, true},
        {"the full name as subject, and another address of ours",
         request("system:node:n1.example.org", nodes, {}, {"192.0.2.1"}), "10.0.0.1", false, false},
        {"the full name as subject, and nothing", request("system:node:n1.example.org", nodes, {}, {}),
         "10.0.0.1", false, false},
        {"the full name as subject, and a wildcard over the name that is dialled",
         request("system:node:n1.example.org", nodes, {"*.example.org"}, {}), "n1.example.org", false, true},
        {"another machine's full name, and our address",
         request("system:node:n11.example.org", nodes, {}, {"10.0.0.1"}), "10.0.0.1", false, true},
        {"a name that ends in ours, and our address", request("system:node:x.n1", nodes, {}, {"10.0.0.1"}),
         "10.0.0.1", false, true},
        {"a subject of no node, and our address", request("system:node:", nodes, {"n1"}, {"10.0.0.1"}),
         "10.0.0.1", false, true},
        {"a node whose name begins as ours", request("system:node:n11", nodes, {}, {}), "10.0.0.1", false,
         false},
        {"a node without a name", request("system:node:", nodes, {}, {}), "10.0.0.1", false, false},
        {"another node's names", request("k", {}, {"n2", "n2.example.org"}, {"10.0.0.2"}), "10.0.0.1", false,
         false},
        {"the address in the subject", request("10.0.0.1", {}, {}, {}), "10.0.0.1", false, false},
        {"the node's name in the subject", request("n1", {}, {}, {}), "10.0.0.1", false, false},
        {"the host name in the subject", request("n1.example.org", {}, {}, {}), "n1.example.org", false,
         false},
        {"the address as a DNS name", request("k", {}, {"10.0.0.1"}, {}), "10.0.0.1", false, false},
        {"a wildcard over the name that is dialled", request("k", {}, {"*.example.org"}, {}),
         "n1.example.org", true, true},
        {"a wildcard over a name that is not", request("k", {}, {"*.example.org"}, {}), "10.0.0.1", false,
         false},
        {"a wildcard for a part of a label", request("k", {}, {"n*.example.org"}, {}), "n1.example.org",
         false, false},
        {"a wildcard in the middle", request("k", {}, {"n1.*.org"}, {}), "n1.example.org", false, false},
        {"a wildcard over two labels", request("k", {}, {"*.org"}, {}), "n1.example.org", false, false},
        {"a wildcard over everything", request("k", {}, {"*"}, {}), "10.0.0.1", false, false},
        {"a domain", request("k", {}, {"example.org"}, {}), "n1.example.org", false, false},
        {"a name of a domain that is asked for", request("k", {}, {"x.example.org"}, {}), ".example.org",
         false, false},
        {"nothing", request("", {}, {}, {}), "10.0.0.1", false, false},
    };
    const net::KeyPair authority = net::make_authority("ca");
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            const net::PeerCertificate certificate = shown(net::issue(authority, c.request));
            const ExpectedNode expected{"n1", kAddresses, c.dialled};
            CHECK(is_of_node(certificate, expected, CertificateNames::node) == c.node);
            CHECK(is_of_node(certificate, expected, CertificateNames::address) == c.address);
        }
}

TEST_CASE("a wildcard counts for what is dialled alone, even over the node's own name") {
    const net::KeyPair authority = net::make_authority("ca");
    const auto certificate = shown(net::issue(authority, request("k", {}, {"*.example.org"}, {})));
    const Strings addresses{"10.0.0.1", "n1.example.org"};
    CHECK(is_of_node(certificate, {"n1.example.org", addresses, "n1.example.org"}, CertificateNames::node));
    CHECK_FALSE(is_of_node(certificate, {"n1.example.org", addresses, "10.0.0.1"}, CertificateNames::node));
}

TEST_CASE("a node that is called by its full name here takes the short one, with the dialled address") {
    const net::KeyPair authority = net::make_authority("ca");
    struct Case {
        const char* subject;
        Strings ip_addresses;
        const char* other;
    };
    const Case cases[] = {
        {"system:node:n1", {"10.0.0.1"}, ""},
        {"system:node:N1", {"10.0.0.1"}, ""},
        {"system:node:N1.Example.org", {}, ""},
        {"system:node:n1", {"10.0.0.2"}, "n1"},
        {"system:node:n2", {"10.0.0.1"}, "n2"},
        // Two full names that differ are two machines.
        {"system:node:n1.example.com", {"10.0.0.1"}, "n1.example.com"},
        {"system:node:n1.example", {"10.0.0.1"}, "n1.example"},
        {"system:node:", {"10.0.0.1"}, "none"},
        {"somebody", {"10.0.0.1"}, ""},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.subject << " with " << c.ip_addresses.size()) {
            const auto certificate =
                shown(net::issue(authority, request(c.subject, {"system:nodes"}, {}, c.ip_addresses)));
            const ExpectedNode expected{"n1.example.org", kAddresses, "10.0.0.1"};
            CHECK(other_node(certificate, expected) == c.other);
            CHECK(is_of_node(certificate, expected, CertificateNames::node) == (*c.other == '\0'));
        }
}

TEST_CASE("what would be accepted is said") {
    const ExpectedNode expected{"n1", kAddresses, "10.0.0.1"};
    CHECK(accepted_names(expected, CertificateNames::address) == "10.0.0.1");
    CHECK(accepted_names(expected, CertificateNames::node) ==
          "n1, 10.0.0.1, fd00::1, n1.example.org, 192.0.2.1 or the subject "
          "CN=system:node:NAME,O=system:nodes of this node");
    const Strings own{"n1", "10.0.0.1"};
    CHECK_THAT(accepted_names({"n1", own, "10.0.0.1"}, CertificateNames::node),
               Catch::StartsWith("n1, 10.0.0.1 or "));
    const Strings many(16, std::string(253, 'a'));
    CHECK(accepted_names({"n1", many, many[0]}, CertificateNames::node).size() < 500);
}

TEST_CASE("a certificate describes itself in one short printable line") {
    const net::KeyPair authority = net::make_authority("ca\n\x1b[31m");
    net::CertificateRequest of_node =
        request("system:node:n1", {"system:nodes"}, {"n1"}, {"10.0.0.1", "fd00::1"});
    of_node.client = true;
    const std::string text = shown(net::issue(authority, of_node)).description();
    CHECK_THAT(text,
               Catch::StartsWith("subject CN=system:node:n1,O=system:nodes; issuer CN=ca\\0A\\1B[31m; valid "
                                 "from 20"));
    CHECK_THAT(text,
               Catch::EndsWith("Z; extended key usages: serverAuth, clientAuth; names: DNS n1, IP 10.0.0.1, "
                               "IP fd00::1"));
    net::CertificateRequest bare = request("k", {}, {}, {});
    bare.server = false;
    CHECK_THAT(shown(net::issue(authority, bare)).description(),
               Catch::EndsWith("extended key usages: none; names: no DNS or IP names"));
    net::CertificateRequest full = request(std::string(64, 'k'), {}, Strings(200, std::string(200, 'n')), {});
    const std::string long_text = shown(net::issue(authority, full)).description();
    CHECK(long_text.size() <= net::PeerCertificate::kMaxDescription);
    CHECK(net::PeerCertificate{}.description() == "no certificate");
}

TEST_CASE("the key of a certificate stays the same when it is signed anew") {
    const net::KeyPair one = net::make_authority("a");
    const net::KeyPair other = net::make_authority("a");
    CHECK(shown(one).key_sha256().size() == 64);
    CHECK(shown(one).key_sha256() == shown(one).key_sha256());
    CHECK(shown(one).key_sha256() != shown(other).key_sha256());
    CHECK(shown(one).key_sha256() != shown(one).sha256());
}

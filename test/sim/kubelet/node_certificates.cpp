// SPDX-License-Identifier: Apache-2.0
#include "test/sim/kubelet/node_certificates.hpp"

#include "net/tls/openssl.hpp"
#include "test/net/tls/authority.hpp"
#include "test/sim/cluster/names.hpp"
#include "test/sim/cluster/seed.hpp"

#include <cstring>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <unordered_map>

#include <openssl/x509v3.h>

#include <netinet/in.h>
#include <sys/socket.h>

namespace sim {
namespace {

// The address in host order of our end of the connection; nullopt: not IPv4.
std::optional<std::uint32_t> local_address(SSL* ssl) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (getsockname(SSL_get_fd(ssl), reinterpret_cast<sockaddr*>(&storage), &size) != 0) return std::nullopt;
    std::uint32_t address = 0;
    if (storage.ss_family == AF_INET) {
        const auto* v4 = reinterpret_cast<const sockaddr_in*>(&storage);
        address = v4->sin_addr.s_addr;
    } else if (storage.ss_family == AF_INET6) {
        const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&storage);
        if (!IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) return std::nullopt;
        std::memcpy(&address, &v6->sin6_addr.s6_addr[12], sizeof address);
    }
    return ntohl(address);
}

void add_name(X509_NAME* name, const char* field, const std::string& value) {
    X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(value.data()),
                               static_cast<int>(value.size()), -1, 0);
}

void add_extension(X509* certificate, int nid, const std::string& value) {
    using ExtensionPtr = std::unique_ptr<X509_EXTENSION, net::OpensslFree<X509_EXTENSION_free>>;
    const ExtensionPtr extension{X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str())};
    X509_add_ext(certificate, extension.get(), -1);
}

}  // namespace

struct NodeCertificates::Impl {
    X509* find(std::uint32_t node);
    net::X509Ptr issue(const Node& node) const;
    static int choose(SSL* ssl, void* self);

    const std::vector<Node>& nodes;
    CertificateKind kind;
    net::KeyPair authority;
    net::X509Ptr issuer;
    net::KeyPtr issuer_key;
    // One for all: making keys would be most of the work.
    net::KeyPtr key;
    std::unordered_map<std::uint32_t, net::X509Ptr> certificates;
};

// As kubelets' serving certificates are (pkg/kubelet/certificate/kubelet.go). Not by net::issue(), which
// reads the authority's key and makes one anew each time: a millisecond, where thousands of nodes are
// connected to in one.
net::X509Ptr NodeCertificates::Impl::issue(const Node& node) const {
    net::X509Ptr certificate{X509_new()};
    X509* made = certificate.get();
    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(made), mix(std::hash<std::string>{}(node.uid)) >> 1);
    X509_gmtime_adj(X509_getm_notBefore(made), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made), 365L * 24 * 3600);
    X509_set_pubkey(made, key.get());
    add_name(X509_get_subject_name(made), "O", "system:nodes");
    add_name(X509_get_subject_name(made), "CN", "system:node:" + node.name);
    const bool self_signed = kind == CertificateKind::self_signed;
    X509_set_issuer_name(made, X509_get_subject_name(self_signed ? made : issuer.get()));
    add_extension(made, NID_ext_key_usage, "serverAuth");
    const std::string address = kind == CertificateKind::complete ? ",IP:" + node.ip : "";
    add_extension(made, NID_subject_alt_name, "DNS:" + node.name + address);
    X509_sign(made, self_signed ? key.get() : issuer_key.get(), EVP_sha256());
    return certificate;
}

X509* NodeCertificates::Impl::find(std::uint32_t index) {
    net::X509Ptr& certificate = certificates[index];
    if (!certificate) certificate = issue(nodes[index]);
    return certificate.get();
}

// Keeps the server's own certificate for addresses that are no node's.
int NodeCertificates::Impl::choose(SSL* ssl, void* self) {
    auto& impl = *static_cast<Impl*>(self);
    const auto address = local_address(ssl);
    const std::int64_t index = address ? node_index(*address) : -1;
    if (index < 0 || index >= static_cast<std::int64_t>(impl.nodes.size())) return 1;
    X509* certificate = impl.find(static_cast<std::uint32_t>(index));
    return SSL_use_certificate(ssl, certificate) == 1 && SSL_use_PrivateKey(ssl, impl.key.get()) == 1 ? 1 : 0;
}

NodeCertificates::NodeCertificates(const std::vector<Node>& nodes, net::KeyPair authority,
                                   CertificateKind kind) {
    auto issuer = net::read_certificates(authority.certificate_pem);
    auto issuer_key = net::read_key(authority.key_pem);
    if (!issuer || !issuer_key) throw std::invalid_argument{"the authority is not a PEM certificate and key"};
    impl_.reset(new Impl{nodes,
                         kind,
                         std::move(authority),
                         std::move(issuer->front()),
                         std::move(*issuer_key),
                         net::KeyPtr{EVP_EC_gen("P-256")},
                         {}});
}

NodeCertificates::~NodeCertificates() = default;

net::Result<net::TlsServer> NodeCertificates::make_server() {
    net::CertificateRequest fallback;
    fallback.common_name = "no-node";
    fallback.server = true;
    auto server = net::TlsServer::make({net::issue(impl_->authority, fallback)});
    if (server) SSL_CTX_set_cert_cb(server->impl()->context.get(), &Impl::choose, impl_.get());
    return server;
}

std::size_t NodeCertificates::size() const {
    return impl_->certificates.size();
}

}  // namespace sim

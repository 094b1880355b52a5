// SPDX-License-Identifier: Apache-2.0
// A serving certificate for every kubelet behind one listener.
//
// The address that a client dialled tells the node, and OpenSSL asks for the certificate when it has read the
// client's hello: so each node shows one of its own, as kubelets do, made when it is first asked for. One
// certificate with the names of all nodes would be no substitute: 1,000 of them make it 17 kB, and clients
// keep it with each connection.
#pragma once

#include "net/tls/certificate.hpp"
#include "net/tls/tls.hpp"
#include "test/sim/cluster/model.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace sim {

// By whom they are signed and for what: the cluster's authority, for name and address; the same for the name
// alone; each kubelet for itself, which is kubeadm's default.
enum class CertificateKind { complete, without_address, self_signed };

// Must outlive every connection of the server that it made.
class NodeCertificates {
  public:
    // `nodes` must outlive it.
    NodeCertificates(const std::vector<Node>& nodes, net::KeyPair authority,
                     CertificateKind kind = CertificateKind::complete);
    ~NodeCertificates();

    net::Result<net::TlsServer> make_server();

    // Made so far.
    std::size_t size() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace sim

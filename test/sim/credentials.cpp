// SPDX-License-Identifier: Apache-2.0
#include "test/sim/credentials.hpp"

#include "test/net/tls/authority.hpp"
#include "test/sim/cluster/names.hpp"
#include "test/sim/cluster/seed.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <openssl/evp.h>

namespace sim {
namespace {

net::KeyPair issue_client(const net::KeyPair& authority, const std::string& name,
                          std::vector<std::string> groups) {
    net::CertificateRequest request;
    request.common_name = name;
    request.organizations = std::move(groups);
    request.client = true;
    return net::issue(authority, request);
}

net::KeyPair issue_server(const net::KeyPair& authority, const std::string& name,
                          std::vector<std::string> names) {
    net::CertificateRequest request;
    request.common_name = name;
    request.dns_names = std::move(names);
    request.ip_addresses = {"127.0.0.1", "::1"};
    request.server = true;
    return net::issue(authority, request);
}

std::string base64(const std::string& text) {
    std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

std::string kubeconfig(const Credentials& credentials, std::uint16_t port, const std::string& user_lines) {
    return "apiVersion: v1\nkind: Config\nclusters:\n- name: sim\n  cluster:\n    server: "
           "https://127.0.0.1:" +
           std::to_string(port) +
           "\n    certificate-authority-data: " + base64(credentials.authority.certificate_pem) +
           "\nusers:\n- name: user\n  user:\n" + user_lines +
           "contexts:\n- name: sim\n  context:\n    cluster: sim\n    user: user\ncurrent-context: sim\n";
}

void write_file(const std::filesystem::path& path, const std::string& text) {
    std::ofstream file{path, std::ios::binary | std::ios::trunc};
    // Before there is anything in it to read.
    std::filesystem::permissions(path,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    file << text;
    if (!file.flush()) throw std::runtime_error{"cannot write " + path.string()};
}

void write_pair(const std::filesystem::path& stem, const net::KeyPair& pair) {
    write_file(stem.string() + ".crt", pair.certificate_pem);
    write_file(stem.string() + ".key", pair.key_pem);
}

}  // namespace

Credentials make_credentials(std::uint64_t seed) {
    Credentials made;
    made.authority = net::make_authority("kubernetes");
    made.front_proxy_authority = net::make_authority("front-proxy-ca");
    made.api_server =
        issue_server(made.authority, "kube-apiserver",
                     {"kubernetes", "kubernetes.default", "kubernetes.default.svc", "localhost"});
    made.front_proxy_client = issue_client(made.front_proxy_authority, "front-proxy-client", {});
    made.admin = issue_client(made.authority, "kubernetes-admin", {"system:masters"});
    made.topd = issue_server(made.authority, "metrics-server",
                             {"metrics-server.kube-system.svc", "metrics-server.kube-system", "localhost"});
    made.topd_token = "topd-" + name_suffix(mix(seed, 61), 40);
    made.other_token = "other-" + name_suffix(mix(seed, 67), 40);
    return made;
}

void write_credentials(const Credentials& credentials, const std::string& directory, std::uint16_t api_port) {
    const std::filesystem::path root = std::filesystem::absolute(directory);
    std::filesystem::create_directories(root);
    write_file(root / "ca.crt", credentials.authority.certificate_pem);
    write_file(root / "front-proxy-ca.crt", credentials.front_proxy_authority.certificate_pem);
    write_pair(root / "front-proxy-client", credentials.front_proxy_client);
    write_pair(root / "topd", credentials.topd);
    write_file(root / "admin.kubeconfig",
               kubeconfig(credentials, api_port,
                          "    client-certificate-data: " + base64(credentials.admin.certificate_pem) +
                              "\n    client-key-data: " + base64(credentials.admin.key_pem) + "\n"));
    write_file(root / "topd.kubeconfig",
               kubeconfig(credentials, api_port, "    token: " + credentials.topd_token + "\n"));
}

}  // namespace sim

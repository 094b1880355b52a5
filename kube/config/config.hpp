// SPDX-License-Identifier: Apache-2.0
// How to reach and be known to the API server: a kubeconfig file, or the pod's own service account.
#pragma once

#include "kube/config/token.hpp"
#include "net/http/client.hpp"
#include "net/task.hpp"

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace kube {

class ClientMetrics;

// Names the file (and the field) and says what to do. Thrown at start only.
struct ConfigError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Config {
    net::Origin server;
    // Before every path of the server; "" or "/prefix" without a slash at its end.
    std::string path_prefix;
    Token token;
    // The authorities of the cluster, PEM; empty: the system's. Kubelets are verified with them too.
    std::string ca_pem;
    // insecure-skip-tls-verify: no certificate is verified, kubelets' neither.
    bool insecure = false;
    // The client certificate, when there is one.
    std::optional<net::KeyPair> certificate;
    // The files that it was made of and that may be replaced, but for the token's, which follows its file
    // itself.
    std::vector<std::string> files;
    // The context's; empty: it names none.
    std::string name_space;
    // Are told of every request, if set. Must outlive the clients.
    ClientMetrics* metrics = nullptr;
};

// The file's current context. Relative file names are relative to the file. Honoured: server,
// certificate-authority
// (-data), insecure-skip-tls-verify, tls-server-name, client-certificate(-data), client-key(-data), token,
// tokenFile (it wins over token, and -data over files, as in client-go). username/password, exec,
// auth-provider, proxy-url and impersonation (as, as-groups...) are refused with a sentence that says what to
// use instead, and so is a proxy of the environment (HTTPS_PROXY) that would apply to the server.
// `context`: another one than the current, if not empty.
Config load_kubeconfig(const std::string& path, const std::string& context = {});
// The same of a file's text.
Config parse_kubeconfig(const std::string& text, const std::string& path, const std::string& context = {});

// KUBERNETES_SERVICE_HOST and _PORT, and the files under /var/run/secrets/kubernetes.io/serviceaccount.
Config in_cluster(const std::string& service_account_dir = "/var/run/secrets/kubernetes.io/serviceaccount");

// Another server of the same cluster.
struct OtherServer {
    // The name of the URL in error messages.
    std::string called;
    std::string url;
    // Whose authorities it descends from; empty: those of the API server.
    std::string ca_pem;
    bool insecure = false;
};
// The same credentials as `from` has. None of them leaves over plain HTTP, and the token leaves only once the
// server's certificate has been verified.
Config other_server(const Config& from, const OtherServer& server);

}  // namespace kube

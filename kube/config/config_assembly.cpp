// SPDX-License-Identifier: Apache-2.0
#include "kube/config/config_assembly.hpp"

#include "kube/config/config_values.hpp"
#include "net/tls/pem_fault.hpp"

namespace kube {
namespace {

[[noreturn]] void fail(const ConfigParts& parts, const std::string& field, const std::string& why) {
    throw ConfigError{parts.source + ": " + field + ": " + why};
}

// Without a scheme it is HTTPS when anything of TLS is configured (client-go rest/url_utils.go).
ServerUrl parse_server(const ConfigParts& parts) {
    std::string server = parts.server;
    if (server.find("://") == std::string::npos) {
        const bool tls = parts.insecure || !parts.ca_pem.empty() || parts.certificate;
        server = (tls ? "https://" : "http://") + server;
    }
    const auto url = parse_server_url(server);
    // A user's name and password may stand before the "@".
    if (!url && parts.server.find('@') != std::string::npos)
        fail(parts, parts.server_field,
             "is not a URL like https://HOST:PORT: it must not hold a user's name");
    if (!url) fail(parts, parts.server_field, "is not a URL like https://HOST:PORT: " + parts.server);
    if (!proxy_of_environment(*url).empty())
        fail(parts, parts.server_field,
             "HTTPS_PROXY, HTTP_PROXY or their lower-case forms in the environment apply to " + url->host +
                 ", but proxies are not supported; add the host to NO_PROXY");
    return *url;
}

net::TlsClient make_tls(const ConfigParts& parts) {
    // One by one, so that the message can name the field that is wrong.
    if (!parts.ca_pem.empty()) {
        const auto pool = net::TrustPool::from_pem(parts.ca_pem);
        if (!pool) {
            const std::string fault = net::certificates_fault(parts.ca_pem);
            fail(parts, parts.ca_name, fault.empty() ? pool.error().message() : fault);
        }
        net::warn_of_complaints(*pool, parts.source + ": " + parts.ca_name);
    }
    auto tls = net::TlsClient::make({parts.ca_pem, parts.insecure, parts.certificate});
    if (tls) return std::move(*tls);
    std::string fault;
    if (parts.certificate)
        fault = net::pair_fault(*parts.certificate, parts.certificate_name, parts.key_name);
    if (!fault.empty()) throw ConfigError{parts.source + ": " + fault};
    fail(parts, parts.certificate_name, tls.error().message());
}

}  // namespace

Config assemble(ConfigParts parts) {
    const ServerUrl url = parse_server(parts);
    Config config;
    config.server.host = url.host;
    config.server.port = url.port;
    config.server.server_name = parts.tls_server_name;
    config.path_prefix = url.path_prefix;
    if (url.tls) config.server.tls = make_tls(parts);
    config.token = std::move(parts.token);
    config.ca_pem = std::move(parts.ca_pem);
    config.insecure = parts.insecure;
    config.certificate = std::move(parts.certificate);
    config.files = std::move(parts.files);
    return config;
}

}  // namespace kube

// SPDX-License-Identifier: Apache-2.0
#include "files/read.hpp"
#include "kube/config/config_assembly.hpp"
#include "kube/config/config_values.hpp"

#include <cstdlib>
#include <string>

namespace kube {
namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    if (!value || !*value)
        throw ConfigError{std::string{"in-cluster configuration: "} + name +
                          " is not set in the environment: this is no pod; use --kubeconfig"};
    return value;
}

std::string service_account_file(const std::string& path) {
    auto text = files::read(path);
    if (!text)
        throw ConfigError{"in-cluster configuration: cannot read " + path + ": " + text.error().message() +
                          "; does the pod have automountServiceAccountToken: false?"};
    if (text->empty()) throw ConfigError{"in-cluster configuration: " + path + ": the file is empty"};
    return std::move(*text);
}

}  // namespace

Config in_cluster(const std::string& service_account_dir) {
    ConfigParts parts;
    parts.source = "in-cluster configuration";
    parts.server_field = "KUBERNETES_SERVICE_HOST";
    const std::string host = variable("KUBERNETES_SERVICE_HOST");
    const bool is_v6 = host.find(':') != std::string::npos;
    parts.server = "https://" + (is_v6 ? "[" + host + "]" : host) + ":" + variable("KUBERNETES_SERVICE_PORT");
    const std::string token_file = service_account_dir + "/token";
    if (!clean_token(service_account_file(token_file)))
        throw ConfigError{"in-cluster configuration: " + token_file +
                          ": the file is empty or holds what a token cannot"};
    parts.token = Token::file(token_file);
    parts.files = {service_account_dir + "/ca.crt"};
    parts.ca_pem = service_account_file(parts.files.front());
    parts.ca_name = parts.files.front();
    return assemble(std::move(parts));
}

}  // namespace kube

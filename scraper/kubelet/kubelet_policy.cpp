// SPDX-License-Identifier: Apache-2.0
#include "scraper/kubelet/kubelet_policy.hpp"

#include "kube/config/config.hpp"

namespace scraper {

KubeletPolicy kubelet_policy(const ScraperOptions& options) {
    KubeletPolicy policy;
    policy.names = options.certificate_names;
    if (options.completely_insecure) return policy;
    net::Result<net::TlsClient> tls = net::TlsClient::make(options.tls);
    if (!tls)
        throw kube::ConfigError{
            "the TLS settings for kubelets are not usable (certificate authority, client "
            "certificate and key): " +
            tls.error().message()};
    policy.tls = std::move(*tls);
    if (!options.pin_file.empty()) policy.pins = std::make_unique<Pins>(options.pin_file);
    return policy;
}

}  // namespace scraper

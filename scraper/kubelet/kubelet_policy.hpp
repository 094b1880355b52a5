// SPDX-License-Identifier: Apache-2.0
// How all kubelets are met.
#pragma once

#include "net/tls/tls.hpp"
#include "scraper/kubelet/pins.hpp"
#include "scraper/options.hpp"

#include <memory>
#include <optional>

namespace scraper {

struct KubeletPolicy {
    // Unset: plain HTTP.
    std::optional<net::TlsClient> tls;
    CertificateNames names = CertificateNames::node;
    // Unset: self-signed certificates are refused.
    std::unique_ptr<Pins> pins;
};

// Throws kube::ConfigError when the TLS material or the pin file is not usable.
KubeletPolicy kubelet_policy(const ScraperOptions& options);

}  // namespace scraper

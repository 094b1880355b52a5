// SPDX-License-Identifier: Apache-2.0
// How nodes are scraped, as the flags say it.
#pragma once

#include "kube/config/token.hpp"
#include "net/tls/tls.hpp"
#include "scraper/kubelet/address.hpp"
#include "version/version.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace storage::stats {
class StatsHistory;
}  // namespace storage::stats

namespace scraper {

// --kubelet-certificate-names: what a kubelet's certificate must be for. node: the node, by any name of it.
// address: the address that is dialled, as metrics-server wants it.
enum class CertificateNames : std::uint8_t { node, address };

// What kubelets are asked for (docs/decisions/0009-compressed-pages.md).
enum class Compression { none, gzip };

struct ScraperOptions {
    // --metric-resolution
    std::chrono::milliseconds resolution{15'000};
    // --kubelet-request-timeout: one scrape, connecting included.
    std::chrono::milliseconds request_timeout{10'000};
    AddressOptions address;
    // The authority (of the cluster, or --kubelet-certificate-authority) or insecure
    // (--kubelet-insecure-tls), and the client certificate.
    net::TlsClient::Options tls;
    // --kubelet-certificate-names
    CertificateNames certificate_names = CertificateNames::node;
    // --kubelet-pin-file, with --kubelet-pin-certificates; empty: self-signed certificates are refused.
    std::string pin_file;
    // --deprecated-kubelet-completely-insecure: plain HTTP, and neither token nor certificate is shown.
    bool completely_insecure = false;
    kube::Token token;
    // Off: a failed scrape leaves nothing of its node behind, as metrics-server does it. As
    // StoreOptions::bridge.
    bool bridge = true;
    std::string user_agent = version::product();
    Compression compression = Compression::none;
    // --kubelet-summary: where what /stats/summary tells goes; null: kubelets are not asked for it. Must
    // outlive the scraper.
    storage::stats::StatsHistory* stats = nullptr;
    // --kubelet-summary-interval
    std::chrono::milliseconds stats_pace{60'000};
    // The largest page that is taken.
    std::uint64_t page_bytes = 16 * 1024 * 1024;
};

}  // namespace scraper

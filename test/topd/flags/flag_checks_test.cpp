// SPDX-License-Identifier: Apache-2.0
// Which values of flags are refused before anything starts.
#include "test/topd/flags/flag_refusal.hpp"
#include "topd/flags/flags.hpp"

#include <catch2/catch.hpp>

using namespace topd;

namespace {

using Arguments = std::vector<std::string>;

}  // namespace

TEST_CASE("validate refuses in metrics-server's words") {
    const std::string plain = "--deprecated-kubelet-completely-insecure";
    struct Case {
        Arguments arguments;
        std::string expected;
    };
    const Case cases[] = {
        {{"--kubelet-certificate-authority=a", "--kubelet-insecure-tls"},
         "cannot use both --kubelet-certificate-authority and --kubelet-insecure-tls"},
        {{"--kubelet-client-key=a"}, "need both --kubelet-client-key and --kubelet-client-certificate"},
        {{"--kubelet-client-certificate=a"},
         "need both --kubelet-client-key and --kubelet-client-certificate"},
        {{"--kubelet-client-key=a", "--kubelet-client-certificate=b", plain},
         "cannot use both --kubelet-client-key and " + plain},
        {{"--kubelet-insecure-tls", plain}, "cannot use both --kubelet-insecure-tls and " + plain},
        {{"--kubelet-certificate-authority=a", plain},
         "cannot use both --kubelet-certificate-authority and " + plain},
        {{"--kubelet-request-timeout=0s"}, "--kubelet-request-timeout should be positive"},
        {{"--metric-resolution=9s", "--kubelet-request-timeout=1s"},
         "--metric-resolution should be a time duration at least 10s, but value 9s provided"},
        {{"--metric-resolution=10s"},
         "--metric-resolution should be larger than --kubelet-request-timeout, but --metric-resolution value "
         "10s --kubelet-request-timeout value 10s provided"},
        {{"--metric-resolution=10s", "--kubelet-request-timeout=9s"}, "accepted"},
        {{"--metric-resolution=2000000h"}, "accepted"},
        {{"--custom-metrics", "--custom-metrics-annotations=example.com", "--custom-metrics-window=15s"},
         "accepted"},
        {{"--custom-metrics", "--custom-metrics-ca-file=a", "--custom-metrics-host-network"}, "accepted"},
        {{"--custom-metrics-annotations="},
         R"(--custom-metrics-annotations "" must be the prefix of annotations, such as prometheus.io)"},
        {{"--custom-metrics-annotations=a/b"},
         R"(--custom-metrics-annotations "a/b" must be the prefix of annotations, such as prometheus.io)"},
        {{"--custom-metrics-window=14s"}, "--custom-metrics-window 14s must be between 15s and 10m"},
        {{"--custom-metrics-window=11m"}, "--custom-metrics-window 11m0s must be between 15s and 10m"},
        {{"--custom-metrics", "--custom-metrics-ca-file=a", "--custom-metrics-insecure-tls"},
         "cannot use both --custom-metrics-ca-file and --custom-metrics-insecure-tls"},
        {{"--custom-metrics-insecure-tls"},
         "the flags --custom-metrics-* need --custom-metrics: nothing is scraped without it"},
        {{"--custom-metrics-allow-loopback"},
         "the flags --custom-metrics-* need --custom-metrics: nothing is scraped without it"},
        {{"--history-memory=64Mi"}, "accepted"},
        {{"--history-memory=0", "--history-window=10m", "--history-long-window=10m"}, "accepted"},
        {{"--history-memory=1Mi"}, "accepted"},
        {{"--history-memory=1023Ki"}, R"(--history-memory "1023Ki" must be 0 or at least 1Mi)"},
        {{"--history-memory=lots"}, R"(--history-memory "lots" must be a number of bytes, such as 64Mi)"},
        {{"--history-window=59s"}, "--history-window 59s must be between 1m and 24h"},
        {{"--history-window=25h"}, "--history-window 25h0m0s must be between 1m and 24h"},
        {{"--history-window=2h", "--history-long-window=1h"},
         "--history-long-window 1h0m0s must be between --history-window 2h0m0s and 744h"},
        {{"--history-long-window=745h"},
         "--history-long-window 745h0m0s must be between --history-window 1h0m0s and 744h"},
        {{"--graphs-address=:8000"}, "accepted"},
        {{"--graphs-address=[::1]:8000"}, "accepted"},
        {{"--graphs-address=localhost:8000"},
         R"(--graphs-address "localhost:8000" must be an IP address and a port, such as 127.0.0.1:8000 or :8000)"},
        {{"--graphs-address=:8000", "--history-memory=0"},
         "--graphs-address has nothing to show with --history-memory 0"},
        {{"--graphs-exposition", "--graphs-address=:8000"}, "accepted"},
        {{"--graphs-exposition", "--history-memory=8Mi"},
         "--graphs-exposition needs --graphs-address: the page is on no other port"},
        {{"--watch-objects", "--graphs-address=:8000"}, "accepted"},
        {{"--watch-objects", "--sink=stdout:"}, "accepted"},
        {{"--sink=stdout:", "--history-memory=0"}, "--sink has nothing to write with --history-memory 0"},
        {{"--sink-spool-dir=/var/lib/topd"}, "--sink-spool-dir needs --sink"},
        {{"--sink=stdout:", "--sink-spool-bytes=1Mi"}, R"(--sink-spool-bytes "1Mi" must be at least 16Mi)"},
        {{"--watch-objects", "--history-memory=8Mi"}, "accepted"},
        {{"--watch-objects"},
         "--watch-objects needs --graphs-address, --sink or --history-memory: nothing else shows them"},
        {{"--watch-objects", "--history-memory=0"},
         "--watch-objects needs --graphs-address, --sink or --history-memory: nothing else shows them"},
        {{"--kubelet-summary", "--history-memory=8Mi"}, "accepted"},
        {{"--kubelet-summary", "--graphs-address=:8000", "--kubelet-summary-interval=10s"}, "accepted"},
        {{"--kubelet-summary"},
         "--kubelet-summary needs history: set --history-memory, --graphs-address or --sink"},
        {{"--kubelet-summary-interval=9s"}, "--kubelet-summary-interval 9s must be between 10s and 10m"},
        {{"--kubelet-summary-interval=11m"}, "--kubelet-summary-interval 11m0s must be between 10s and 10m"},
        {{"--node-exporter-series", "--watch-objects", "--graphs-address=:8000"}, "accepted"},
        {{"--node-exporter-series", "--kubelet-summary", "--history-memory=8Mi"}, "accepted"},
        {{"--node-exporter-series", "--graphs-address=:8000"},
         "--node-exporter-series needs --watch-objects or --kubelet-summary: nothing else tells them"},
        {{"--logging-format=json"}, "accepted"},
        {{"--logging-format=xml"}, "--logging-format: Invalid value: \"xml\": Unsupported log format"},
        {{"--secure-port=65536"},
         "--secure-port 65536 must be between 0 and 65535, inclusive. 0 for turning off secure port"},
        {{"--secure-port=65535"}, "accepted"},
        {{"--secure-port=0"}, "accepted"},
        {{"--secure-port=-1"},
         "--secure-port -1 must be between 0 and 65535, inclusive. 0 for turning off secure port"},
        {{"--kubelet-port=65536"}, "--kubelet-port 65536 must be between 1 and 65535, inclusive"},
        {{"--kubelet-port=65535"}, "accepted"},
        {{"--kubelet-port=1"}, "accepted"},
        {{"--kubelet-port=0"}, "--kubelet-port 0 must be between 1 and 65535, inclusive"},
        {{"--bind-address=localhost"},
         R"(invalid argument "localhost" for "--bind-address" flag: failed to parse IP: "localhost")"},
        {{"--bind-address=::"}, "accepted"},
        {{"--bind-address="}, "accepted"},
        {{"--tls-cert-file=a"}, "need both --tls-cert-file and --tls-private-key-file"},
        {{"--tls-private-key-file=a"}, "need both --tls-cert-file and --tls-private-key-file"},
        {{"--tls-min-version=VersionTLS12"}, "accepted"},
        {{"--tls-min-version=1.2"}, "--tls-min-version: unknown tls version \"1.2\""},
        {{"--kubelet-preferred-address-types="}, "need at least one of --kubelet-preferred-address-types"},
        {{"--kubelet-pin-certificates", "--kubelet-insecure-tls"},
         "cannot use both --kubelet-pin-certificates and --kubelet-insecure-tls"},
        {{"--kubelet-pin-certificates", plain}, "cannot use both --kubelet-pin-certificates and " + plain},
        {{"--kubelet-pin-file=a"}, "need --kubelet-pin-certificates for --kubelet-pin-file"},
        {{"--kubelet-pin-file=a", "--kubelet-pin-certificates"}, "accepted"},
        {{"--kubelet-certificate-names=address"}, "accepted"},
        {{"--kubelet-certificate-names=any"}, "--kubelet-certificate-names \"any\" must be node or address"},
        {{"--max-requests-inflight=-1"}, "--max-requests-inflight can not be negative value"},
        {{"--max-mutating-requests-inflight=-1"},
         "--max-mutating-requests-inflight can not be negative value"},
        {{"--max-requests-inflight=0", "--max-mutating-requests-inflight=0"}, "accepted"},
        {{"--request-timeout=-1s"}, "--request-timeout can not be negative value"},
        {{"--request-timeout=0"}, "--request-timeout should be positive"},
        {{"--shutdown-delay-duration=-1s"}, "--shutdown-delay-duration can not be negative value"},
        {{"--strict-transport-security-directives=max-age=31536000,includeSubDomains,preload"}, "accepted"},
        {{"--strict-transport-security-directives=preload, "},
         "empty value in --strict-transport-security-directives"},
        {{"--strict-transport-security-directives=max-age"},
         "--strict-transport-security-directives: \"max-age\" is invalid, allowed values: "
         "max-age=expireTime, includeSubDomains, preload. see "
         "https://tools.ietf.org/html/rfc6797#section-6.1 for more information"},
        {{"--strict-transport-security-directives=max-age=1=2"},
         "--strict-transport-security-directives: \"max-age=1=2\" is invalid, allowed values: "
         "max-age=expireTime, includeSubDomains, preload. see "
         "https://tools.ietf.org/html/rfc6797#section-6.1 for more information"},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.expected + c.arguments[0]) {
            CHECK(test::flag_refusal(c.arguments) == c.expected);
        }
}

TEST_CASE("of several errors the first by metrics-server's order is said") {
    CHECK(test::flag_refusal(
              {"--metric-resolution=1s", "--logging-format=x", "--kubelet-request-timeout=-1s"}) ==
          "--kubelet-request-timeout should be positive");
    CHECK(test::flag_refusal(
              {"--metric-resolution=1s", "--logging-format=x", "--kubelet-request-timeout=10s"}) ==
          "--metric-resolution should be a time duration at least 10s, but value 1s provided");
}

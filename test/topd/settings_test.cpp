// SPDX-License-Identifier: Apache-2.0
#include "topd/settings.hpp"

#include "apiserver/auth/delegated_authenticator.hpp"
#include "apiserver/auth/delegated_authorizer.hpp"
#include "apiserver/groups/metrics/metrics_api.hpp"
#include "kube/reviews/review_client.hpp"
#include "test/net/tls/authority.hpp"
#include "test/topd/file_tree.hpp"

#include <catch2/catch.hpp>

using namespace topd;
using namespace std::chrono_literals;

namespace {

kube::Config cluster() {
    kube::Config config;
    config.ca_pem = "cluster authority";
    config.token = kube::Token::fixed("secret");
    config.certificate = net::KeyPair{"cluster certificate", "cluster key"};
    return config;
}

std::string token_of(const scraper::ScraperOptions& options) {
    return options.token.value(net::Clock::now());
}

template <class Work>
std::string failure(Work work) {
    try {
        work();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "none";
}

}  // namespace

TEST_CASE("kubelets are met with the cluster's authorities and credentials") {
    const auto options = scraper_options(parse_flags({}), cluster());
    CHECK(options.tls.ca_pem == "cluster authority");
    CHECK_FALSE(options.tls.insecure);
    REQUIRE(options.tls.certificate);
    CHECK(options.tls.certificate->key_pem == "cluster key");
    CHECK(token_of(options) == "secret");
    CHECK(options.resolution == 60s);
    CHECK(options.request_timeout == 10s);
    CHECK(options.address.port == 10250);
    CHECK_FALSE(options.address.use_node_status_port);
}

TEST_CASE("kubelet flags replace what they name and nothing else") {
    const test::FileTree folder;
    SECTION("authority") {
        const std::string other = net::make_authority("other").certificate_pem;
        const auto path = folder.write("ca.crt", other);
        const auto options =
            scraper_options(parse_flags({"--kubelet-certificate-authority", path}), cluster());
        CHECK(options.tls.ca_pem == other);
        CHECK(options.tls.certificate->certificate_pem == "cluster certificate");
        CHECK(token_of(options) == "secret");
    }
    SECTION("insecure drops the authority and keeps the credentials") {
        const auto options = scraper_options(parse_flags({"--kubelet-insecure-tls"}), cluster());
        CHECK(options.tls.insecure);
        CHECK(options.tls.ca_pem.empty());
        CHECK(token_of(options) == "secret");
    }
    SECTION("client certificate") {
        const net::KeyPair mine = net::make_self_signed({});
        const auto options = scraper_options(
            parse_flags({"--kubelet-client-certificate", folder.write("c", mine.certificate_pem),
                         "--kubelet-client-key", folder.write("k", mine.key_pem)}),
            cluster());
        CHECK(options.tls.certificate->certificate_pem == mine.certificate_pem);
        CHECK(options.tls.certificate->key_pem == mine.key_pem);
        CHECK(options.tls.ca_pem == "cluster authority");
    }
    SECTION("completely insecure shows nothing") {
        const auto options =
            scraper_options(parse_flags({"--deprecated-kubelet-completely-insecure"}), cluster());
        CHECK(options.completely_insecure);
        CHECK(token_of(options).empty());
        CHECK_FALSE(options.tls.certificate);
        CHECK(options.tls.ca_pem.empty());
    }
    SECTION("address") {
        const auto options =
            scraper_options(parse_flags({"--kubelet-port=1", "--kubelet-use-node-status-port",
                                         "--kubelet-preferred-address-types=InternalIP"}),
                            cluster());
        CHECK(options.address.port == 1);
        CHECK(options.address.use_node_status_port);
        CHECK(options.address.types == std::vector<std::string>{"InternalIP"});
    }
    SECTION("certificates are the node's by default") {
        const auto options = scraper_options(parse_flags({}), cluster());
        CHECK(options.certificate_names == scraper::CertificateNames::node);
        CHECK(options.pin_file.empty());
    }
    SECTION("certificates of addresses and pins are asked for") {
        const auto options = scraper_options(parse_flags({"--kubelet-certificate-names=address",
                                                          "--kubelet-pin-certificates", "--cert-dir=/certs"}),
                                             cluster());
        CHECK(options.certificate_names == scraper::CertificateNames::address);
        CHECK(options.pin_file == "/certs/kubelet-pins");
        CHECK(scraper_options(parse_flags({"--kubelet-pin-certificates", "--kubelet-pin-file=/p"}), cluster())
                  .pin_file == "/p");
    }
    SECTION("a cluster that is not verified has kubelets that are not, but by an authority of their own") {
        kube::Config insecure;
        insecure.insecure = true;
        CHECK(scraper_options(parse_flags({}), insecure).tls.insecure);
        const std::string other = net::make_authority("other").certificate_pem;
        const auto path = folder.write("ca.crt", other);
        const auto options =
            scraper_options(parse_flags({"--kubelet-certificate-authority", path}), insecure);
        CHECK(!options.tls.insecure);
        CHECK(options.tls.ca_pem == other);
    }
    SECTION("a file that is not there names its flag") {
        CHECK(failure([] {
                  scraper_options(parse_flags({"--kubelet-certificate-authority=/none"}), cluster());
              }) == "--kubelet-certificate-authority: /none: No such file or directory");
    }
}

TEST_CASE("a sample is served for two intervals and a request") {
    const auto options =
        store_options(parse_flags({"--metric-resolution=15s", "--kubelet-request-timeout=10s"}));
    CHECK(options.window_bound == 40s);
    CHECK(options.unknown_pod_age == 30s);
}

TEST_CASE("front proxy settings come from the flags") {
    const test::FileTree folder;
    const net::KeyPair authority = net::make_authority("front-proxy-ca");
    const auto config = front_proxy(
        parse_flags({"--requestheader-client-ca-file", folder.write("ca.crt", authority.certificate_pem),
                     "--requestheader-allowed-names=a,b", "--requestheader-username-headers=X-User",
                     "--requestheader-group-headers=X-Group", "--requestheader-extra-headers-prefix=X-Extra-",
                     "--requestheader-uid-headers=X-Uid"}));
    using List = std::vector<std::string>;
    REQUIRE(config);
    CHECK(config->authorities.impl() != nullptr);
    CHECK(config->allowed_names == List{"a", "b"});
    CHECK(config->username_headers == List{"X-User"});
    CHECK(config->group_headers == List{"X-Group"});
    CHECK(config->extra_prefixes == List{"X-Extra-"});
    CHECK(config->uid_headers == List{"X-Uid"});
    CHECK_FALSE(front_proxy(parse_flags({})));
    const auto bad = folder.write("bad.crt", "no PEM");
    CHECK(failure([&] {
              front_proxy(parse_flags({"--requestheader-client-ca-file", bad}));
          }).starts_with("--requestheader-client-ca-file: " + bad + ": "));
}

TEST_CASE("client authorities come from the flag or from the cluster") {
    const test::FileTree folder;
    const auto path = folder.write("ca.crt", net::make_authority("clients").certificate_pem);
    CHECK(client_authorities(parse_flags({"--client-ca-file", path})));
    CHECK_FALSE(client_authorities(parse_flags({})));
    CHECK(failure([] { client_authorities(parse_flags({"--client-ca-file=/none"})); }) ==
          "--client-ca-file: /none: No such file or directory");
}

TEST_CASE("bounds that follow from the memory limit reach the parts") {
    MemoryBounds bounds;
    bounds.connections = 11;
    bounds.page_bytes = 22;
    bounds.unknown_pods = 33;
    bounds.log_lines = 44;
    bounds.request_bytes = 4000;
    bounds.certificate_bytes = 5000;
    CHECK(server_options({}, bounds).connections == 11);
    CHECK(server_options({}, bounds).request_bytes == 4000);
    CHECK(server_options({}, bounds).certificate_bytes == 5000);
    CHECK(server_options({}, bounds).head_bytes == 1000);
    CHECK(server_options({}, bounds, 0.5).handshake_share == 0.125);
    CHECK(server_options({}, bounds, 2).handshake_share == 0.25);
    CHECK(scraper_options({}, cluster(), bounds).page_bytes == 22);
    CHECK(store_options({}, bounds).unknown_pods == 33);
    CHECK(log_ends(bounds).queue_lines == 44);
    Flags insecure;
    insecure.deprecated_kubelet_completely_insecure = true;
    CHECK(scraper_options(insecure, cluster(), bounds).page_bytes == 22);
    // Without a limit they are the parts' own.
    CHECK(server_options({}).connections == net::ServerOptions{}.connections);
    CHECK(server_options({}).request_bytes == net::ServerOptions{}.request_bytes);
    CHECK(server_options({}).certificate_bytes == net::ServerOptions{}.certificate_bytes);
    CHECK(server_options({}).head_bytes == net::ServerOptions{}.head_bytes);
    CHECK(server_options({}).handshake_share == 0.25);
    CHECK(scraper_options({}, cluster()).page_bytes == scraper::ScraperOptions{}.page_bytes);
    CHECK(store_options({}).unknown_pods == storage::StoreOptions{}.unknown_pods);
    CHECK(log_ends({}).queue_lines == telemetry::LogEnds{}.queue_lines);
    CHECK(metrics_options({}, {}).encoded_list_bytes == apiserver::MetricsOptions{}.encoded_list_bytes);
}

TEST_CASE("kept answers and reviews share what is planned for them") {
    MemoryBounds bounds;
    bounds.kept_answer_bytes = 3000;
    bounds.review_bytes = 500;
    bounds.encoded_list_bytes = 77;
    CHECK(authenticator_options({}, bounds).cache_bytes == 1000);
    CHECK(authorizer_options({}, bounds).cache_bytes == 2000);
    CHECK(token_reviews(bounds).shares.bytes == 250);
    CHECK(access_reviews(bounds).shares.bytes == 250);
    CHECK(metrics_options({}, bounds).encoded_list_bytes == 77);
}

TEST_CASE("all connections for reviews of tokens are for those who proved nothing") {
    const kube::ReviewShares usual;
    const kube::ReviewShares tokens = token_reviews({}).shares;
    CHECK(tokens.unproven_connections == usual.connections);
    CHECK(tokens.unproven_waiting == usual.waiting);
    const kube::ReviewShares permissions = access_reviews({}).shares;
    CHECK(permissions.unproven_connections == usual.unproven_connections);
    CHECK(permissions.unproven_waiting == usual.unproven_waiting);
    CHECK(usual.unproven_connections < usual.connections);
}

TEST_CASE("history is kept when it is asked for, or somebody draws graphs") {
    constexpr std::uint64_t kMiB = 1024 * 1024;
    Flags flags;
    flags.metric_resolution = 15s;
    CHECK_FALSE(history_options(flags, std::nullopt));
    flags.history_memory = "0";
    CHECK_FALSE(history_options(flags, std::nullopt));
    flags.history_memory = "8Mi";
    REQUIRE(history_options(flags, 1024 * kMiB));
    CHECK(history_options(flags, 1024 * kMiB)->memory == 8 * kMiB);
    flags.history_memory = "";
    flags.graphs_address = ":8000";
    CHECK(history_options(flags, std::nullopt)->memory == 128 * kMiB);
    CHECK(history_options(flags, 200 * kMiB)->memory == 50 * kMiB);
    flags.metric_resolution = 12'500ms;
    flags.history_window = 30min;
    flags.history_long_window = 2h;
    const auto options = history_options(flags, std::nullopt);
    CHECK(options->resolution == 13s);
    CHECK(options->recent_window == 30min);
    CHECK(options->long_window == 2h);
}

TEST_CASE("pods' own metrics have a sixteenth of the memory of history") {
    constexpr std::uint64_t kMiB = 1024 * 1024;
    Flags flags;
    flags.metric_resolution = 12'500ms;
    flags.custom_metrics = true;
    CHECK_FALSE(figure_history_options(flags, std::nullopt));
    flags.history_memory = "16Mi";
    REQUIRE(figure_history_options(flags, std::nullopt));
    CHECK(figure_history_options(flags, std::nullopt)->memory == 1 * kMiB);
    CHECK(figure_history_options(flags, std::nullopt)->resolution == 13s);
    CHECK(history_options(flags, std::nullopt)->memory == 15 * kMiB);
    CHECK(history_bytes(flags, std::nullopt) == 16 * kMiB);
    flags.kubelet_summary = true;
    CHECK(history_options(flags, std::nullopt)->memory == 11 * kMiB);
    CHECK(history_bytes(flags, std::nullopt) == 16 * kMiB);
    // They are not in the state file.
    flags.state_file = "/state/topd.state";
    CHECK(history_bytes(flags, std::nullopt) == 31 * kMiB);
    flags.state_file.clear();
    flags.history_window = 30min;
    CHECK(figure_history_options(flags, std::nullopt)->window == 30min);
    flags.custom_metrics = false;
    CHECK_FALSE(figure_history_options(flags, std::nullopt));
}

TEST_CASE("kubelets' summaries have a quarter of the memory of history") {
    constexpr std::uint64_t kMiB = 1024 * 1024;
    Flags flags;
    flags.history_memory = "8Mi";
    CHECK_FALSE(stats_options(flags, std::nullopt));
    flags.kubelet_summary = true;
    CHECK(stats_options(flags, std::nullopt)->memory == 2 * kMiB);
    CHECK(history_options(flags, std::nullopt)->memory == 6 * kMiB);
    CHECK(history_bytes(flags, std::nullopt) == 8 * kMiB);
    flags.state_file = "/state/topd.state";
    CHECK(history_bytes(flags, std::nullopt) == 16 * kMiB);
    flags.history_window = 30min;
    flags.history_long_window = 2h;
    CHECK(stats_options(flags, std::nullopt)->recent_window == 30min);
    CHECK(stats_options(flags, std::nullopt)->long_window == 2h);
    flags.kubelet_summary_interval = 20s;
    flags.metric_resolution = 12'500ms;
    CHECK(stats_options(flags, std::nullopt)->pace == 20s);
    // Behind a page, so never more often.
    flags.metric_resolution = 30'500ms;
    CHECK(stats_options(flags, std::nullopt)->pace == 31s);
    flags.history_memory = "0";
    CHECK_FALSE(stats_options(flags, std::nullopt));
}

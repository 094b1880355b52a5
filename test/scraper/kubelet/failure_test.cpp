// SPDX-License-Identifier: Apache-2.0
#include "scraper/kubelet/failure.hpp"

#include "net/stages.hpp"

#include <chrono>
#include <set>

#include <boost/asio/error.hpp>
#include <catch2/catch.hpp>
#include <openssl/x509_vfy.h>

#include <netdb.h>

using scraper::Errc;
using scraper::Failure;
using scraper::Reason;

namespace {

Failure failure(net::Error error, unsigned status = 0, std::string detail = {}) {
    Failure f;
    f.error = error;
    f.status = status;
    f.detail = std::move(detail);
    return f;
}

net::Error certificate(int value) {
    return {value, net::certificate_category()};
}

}  // namespace

TEST_CASE("each error has its reason and its hint") {
    struct Case {
        const char* name;
        Failure failure;
        Reason reason;
        const char* hint_holds;
    };
    const int alert_internal_error = (20 << 23) | 1080;
    const Case cases[] = {
        {"none", {}, Reason::ok, ""},
        {"no address", failure(Errc::no_address), Reason::target, "--kubelet-preferred-address-types"},
        {"bad path", failure(Errc::bad_path), Reason::target, "--node-selector"},
        {"unknown name", failure(net::Errc::unknown_host), Reason::resolve, "InternalIP"},
        {"refused", failure(boost::asio::error::connection_refused), Reason::connect, "--kubelet-port"},
        {"reset", failure(boost::asio::error::connection_reset), Reason::connect, "--kubelet-port"},
        {"closed at once", failure(net::Errc::closed), Reason::connect, "--kubelet-port"},
        {"a name that is not looked up in time", failure(net::TimedOut::look_up), Reason::resolve,
         "name server"},
        {"a name server that fails", failure({EAI_AGAIN, net::look_up_category()}), Reason::resolve,
         "name server"},
        {"no connection in time", failure(net::TimedOut::connect), Reason::connect, "firewalls"},
        {"no handshake in time", failure(net::TimedOut::handshake), Reason::tls, "MTU"},
        {"no answer in time", failure(net::TimedOut::answer), Reason::timeout, "--kubelet-request-timeout"},
        {"silence in the answer", failure(net::silent_for(std::chrono::seconds{9}), 200), Reason::timeout,
         "MTU"},
        {"an answer without an end", failure(net::TimedOut::end, 200), Reason::timeout,
         "--kubelet-request-timeout"},
        {"out of time", failure(net::Errc::timeout), Reason::timeout, "--kubelet-request-timeout"},
        {"unknown authority", failure(certificate(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY)),
         Reason::certificate_authority, "--kubelet-certificate-authority"},
        {"self-signed", failure(certificate(X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT)),
         Reason::certificate_authority, "serverTLSBootstrap: true"},
        {"self-signed, and pins would help", failure(certificate(X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN)),
         Reason::certificate_authority, "--kubelet-pin-certificates"},
        {"a forged signature", failure(certificate(X509_V_ERR_CERT_SIGNATURE_FAILURE)),
         Reason::certificate_authority, "--kubelet-certificate-authority"},
        {"an old authority's key", failure(certificate(X509_V_ERR_CERT_SIGNATURE_FAILURE)),
         Reason::certificate_authority, "not signed this certificate with its key"},
        {"a small key", failure(certificate(X509_V_ERR_EE_KEY_TOO_SMALL)), Reason::certificate_authority,
         "2048 bits"},
        {"MD5", failure(certificate(X509_V_ERR_CA_MD_TOO_WEAK)), Reason::certificate_authority, "SHA-256"},
        {"a negative serial", failure(certificate(X509_V_ERR_CERT_REJECTED)), Reason::certificate_authority,
         "positive serial number"},
        {"an issuer that is none", failure(certificate(X509_V_ERR_INVALID_CA)), Reason::certificate_authority,
         "CA:TRUE"},
        {"the name in the subject", failure(certificate(X509_V_ERR_UNSUPPORTED_NAME_SYNTAX)),
         Reason::certificate_name, "kubectl certificate approve"},
        {"wrong name", failure(Errc::wrong_name), Reason::certificate_name, "serverTLSBootstrap: true"},
        {"another node's subject", failure(Errc::other_node), Reason::certificate_name,
         "--kubelet-certificate-names=address"},
        {"strictly, another address", failure(Errc::wrong_address), Reason::certificate_name,
         "--kubelet-certificate-names=node"},
        {"wrong host", failure(certificate(X509_V_ERR_HOSTNAME_MISMATCH)), Reason::certificate_name,
         "kubectl certificate approve"},
        {"not for servers", failure(Errc::not_for_servers), Reason::certificate_usage,
         "kubernetes.io/kubelet-serving"},
        {"an authority that may not", failure(certificate(X509_V_ERR_INVALID_PURPOSE)),
         Reason::certificate_usage, "serverAuth"},
        {"another key", failure(Errc::key_changed), Reason::certificate_pin, "--kubelet-pin-file"},
        {"no authority any more", failure(Errc::left_authority), Reason::certificate_pin,
         "--kubelet-pin-file"},
        {"expired", failure(certificate(X509_V_ERR_CERT_HAS_EXPIRED)), Reason::certificate_expired, "clocks"},
        {"not yet valid", failure(certificate(X509_V_ERR_CERT_NOT_YET_VALID)), Reason::certificate_expired,
         "kubectl certificate approve"},
        {"no certificate yet", failure({alert_internal_error, net::tls_category()}), Reason::tls,
         "kubectl get csr"},
        {"not TLS", failure(net::Errc::not_tls), Reason::tls, "--kubelet-use-node-status-port"},
        {"401", failure(Errc::http_status, 401), Reason::http_status, "webhook"},
        {"403", failure(Errc::http_status, 403), Reason::http_status, "nodes/metrics"},
        {"500", failure(Errc::http_status, 500), Reason::http_status, ""},
        {"404", failure(Errc::unsupported, 404), Reason::unsupported, "metrics.k8s.io/resource-metrics-path"},
        {"huge", failure(net::Errc::body_too_large, 200), Reason::too_large, "memory limit"},
        {"cut", failure(net::Errc::cut_short, 200), Reason::malformed, ""},
        {"not HTTP", failure(net::Errc::bad_message), Reason::malformed, ""},
        {"an empty page", failure(Errc::empty_page, 200), Reason::malformed, "--kubelet-port"},
        {"another page", failure(Errc::not_metrics, 200), Reason::malformed,
         "metrics.k8s.io/resource-metrics-path"},
        {"bad lines", failure(Errc::bad_lines, 200), Reason::malformed, "milliseconds"},
        {"no figures", failure(Errc::no_figures, 200), Reason::malformed, "container runtime"},
        {"broken gzip", failure(Errc::bad_gzip, 200), Reason::malformed, "--kubelet-compression"},
        {"another encoding", failure(Errc::bad_encoding, 200), Reason::malformed, "--kubelet-compression"},
        {"stopping", failure(net::Errc::stopped), Reason::stopped, ""},
        {"cancelled", failure(boost::asio::error::operation_aborted), Reason::stopped, ""},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            CHECK(c.failure.reason() == c.reason);
            const std::string hint{c.failure.hint()};
            if (*c.hint_holds == '\0') CHECK(hint.empty());
            CHECK_THAT(hint, Catch::Contains(c.hint_holds));
        }
}

TEST_CASE("a wait for the kubelet is a timeout, and one for its name is none") {
    for (const auto stage : {net::TimedOut::connect, net::TimedOut::handshake, net::TimedOut::answer})
        CHECK(failure(stage).timed_out());
    CHECK(failure(net::Errc::timeout).timed_out());
    CHECK_FALSE(failure(net::TimedOut::look_up).timed_out());
    CHECK_FALSE(failure(boost::asio::error::connection_refused).timed_out());
}

TEST_CASE("a name that could not be looked up stands in the sentence") {
    CHECK(failure(net::TimedOut::look_up).sentence("https://n1:10250/metrics/resource") ==
          "GET https://n1:10250/metrics/resource: the name n1 could not be looked up in time");
    CHECK_THAT(failure({EAI_AGAIN, net::look_up_category()}).sentence("https://n1/"),
               Catch::StartsWith("GET https://n1/: the name n1 could not be looked up: "));
}

TEST_CASE("the sentence says what was asked and what came") {
    const std::string url = "https://10.0.0.1:10250/metrics/resource";
    CHECK(failure(Errc::http_status, 403, "Forbidden (user=x)").sentence(url) ==
          "GET https://10.0.0.1:10250/metrics/resource: the kubelet answered with an error status (status "
          "403): "
          "Forbidden (user=x)");
    CHECK_THAT(failure(certificate(X509_V_ERR_IP_ADDRESS_MISMATCH)).sentence(url),
               Catch::StartsWith("GET " + url + ": certificate not accepted: "));
    CHECK(failure(Errc::no_address).sentence("") == "the node has no address of the preferred types");
    CHECK(failure(Errc::not_metrics, 200).sentence("http://a") ==
          "GET http://a: the answer holds no line of resource metrics");
    CHECK(failure(net::Errc::timeout, 0).sentence("https://h/" + std::string(1024, 'a')).size() < 700);
    CHECK(failure(Errc::wrong_name, 0, std::string(5000, 'x')).sentence("https://h/").size() ==
          Failure::kSentenceBytes);
}

TEST_CASE("each reason has a label of its own and words") {
    std::set<std::string_view> labels;
    for (std::size_t i = 0; i < scraper::kReasons; ++i) {
        labels.insert(label(static_cast<Reason>(i)));
        CHECK(!words(static_cast<Reason>(i)).empty());
    }
    CHECK(labels.size() == scraper::kReasons);
    CHECK(label(Reason::stopped) == "stopped");
}

TEST_CASE("foreign text becomes one short printable line") {
    struct Case {
        std::string text;
        std::string line;
    };
    const Case cases[] = {
        {"", ""},
        {"404 page not found\n", "404 page not found"},
        {"\r\n  second\nthird", "second"},
        {"a\x1b[31m\x01\xff"
         "b",
         "a?[31m??b"},
        {"\n\n\n", ""},
        {std::string(5000, 'x'), std::string(Failure::kDetailBytes, 'x')},
    };
    for (const Case& c : cases) CHECK(scraper::printable_line(c.text) == c.line);
}

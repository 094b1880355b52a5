// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/judge/kubelets.hpp"

#include "net/tls/certificate.hpp"
#include "test/topd/doctor/answers.hpp"

#include <catch2/catch.hpp>
#include <openssl/x509_vfy.h>

using namespace topd::doctor;
using test::Ids;
using namespace std::chrono_literals;

namespace {

KubeletAnswer good(const std::string& node) {
    KubeletAnswer answer;
    answer.node = node;
    answer.url = "https://" + node + ":10250/metrics/resource";
    answer.clock_ahead = -5s;
    return answer;
}

KubeletAnswer failed(const std::string& node, net::Error error, unsigned status = 0) {
    KubeletAnswer answer = good(node);
    answer.clock_ahead.reset();
    answer.failure.error = error;
    answer.failure.status = status;
    return answer;
}

KubeletAnswer status(const std::string& node, unsigned code) {
    return failed(
        node, make_error_code(code == 404 ? scraper::Errc::unsupported : scraper::Errc::http_status), code);
}

KubeletAnswer certificate(const std::string& node, int error) {
    return failed(node, {error, net::certificate_category()});
}

Check judged(std::vector<KubeletAnswer> answers) {
    KubeletsSeen seen;
    seen.nodes = answers.size();
    seen.answers = std::move(answers);
    return judge_kubelets(seen);
}

}  // namespace

TEST_CASE("Each way in which a kubelet fails has its name") {
    struct Case {
        const char* name;
        KubeletAnswer answer;
        Ids expected;
    };
    const auto refused = boost::system::errc::make_error_code(boost::system::errc::connection_refused);
    const Case cases[] = {
        {"good", good("n1"), {}},
        {"no address", failed("n1", make_error_code(scraper::Errc::no_address)), {"E kubelet-target"}},
        {"no such name", failed("n1", make_error_code(net::Errc::unknown_host)), {"E kubelet-resolve"}},
        {"refused", failed("n1", refused), {"E kubelet-connect"}},
        {"silent", failed("n1", make_error_code(net::Errc::timeout)), {"E kubelet-timeout"}},
        {"no TLS", failed("n1", make_error_code(net::Errc::not_tls)), {"E kubelet-tls"}},
        {"self-signed",
         certificate("n1", X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT),
         {"E kubelet-certificate-authority"}},
        {"another node's", certificate("n1", X509_V_ERR_IP_ADDRESS_MISMATCH), {"E kubelet-certificate-name"}},
        {"expired", certificate("n1", X509_V_ERR_CERT_HAS_EXPIRED), {"E kubelet-certificate-expired"}},
        {"401", status("n1", 401), {"E kubelet-unauthorized"}},
        {"403", status("n1", 403), {"E kubelet-forbidden"}},
        {"404", status("n1", 404), {"E kubelet-unsupported"}},
        {"500", status("n1", 500), {"E kubelet-http-status"}},
        {"another page",
         failed("n1", make_error_code(scraper::Errc::not_metrics), 200),
         {"E kubelet-malformed"}},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            CHECK(test::ids(judged({c.answer})) == c.expected);
        }
}

TEST_CASE("Kubelets with the same fault are one finding that names a few") {
    std::vector<KubeletAnswer> answers{good("a"), status("z", 401)};
    for (const char* node : {"b", "c", "d", "e", "f", "g", "h"}) answers.push_back(status(node, 403));
    const Check check = judged(answers);
    CHECK(test::ids(check) == Ids{"E kubelet-forbidden", "E kubelet-unauthorized"});
    CHECK(check.findings[0].where == "nodes b, c, d, e, f and 2 more (7 of 9)");
    CHECK(check.findings[0].what.starts_with("b, for one: GET https://b:10250/metrics/resource: "));
    CHECK(!check.findings[0].mend.empty());
    CHECK(check.findings[1].where == "node z (1 of 9)");
    CHECK(check.well == "1 of 9 gave their metrics");
}

TEST_CASE("A node that is NotReady and does not answer is a warning") {
    KubeletAnswer down = failed("n1", make_error_code(net::Errc::timeout));
    down.ready = false;
    CHECK(test::ids(judged({down})) == Ids{"W kubelet-timeout"});
    CHECK(test::ids(judged({down, failed("n2", make_error_code(net::Errc::timeout))})) ==
          Ids{"E kubelet-timeout"});
}

TEST_CASE("A 403 whose cause was named already is not named again") {
    KubeletsSeen seen;
    seen.nodes = 2;
    seen.answers = {status("n1", 403), status("n2", 401)};
    seen.right = KubeletsSeen::Right::missing;
    const Check check = judge_kubelets(seen);
    CHECK(test::ids(check) == Ids{"E kubelet-unauthorized"});
    CHECK(check.notes.size() == 1);
}

TEST_CASE("A 403 in spite of the right is the kubelet's own") {
    KubeletsSeen seen;
    seen.nodes = 1;
    seen.answers = {status("n1", 403)};
    const auto mend = [&seen](KubeletsSeen::Right right) {
        seen.right = right;
        return judge_kubelets(seen).findings.at(0).mend;
    };
    CHECK(mend(KubeletsSeen::Right::unknown) ==
          "allow topd's service account the verb get on nodes/metrics (ClusterRole)");
    CHECK(mend(KubeletsSeen::Right::granted).find("authorization.mode: Webhook") != std::string::npos);
}

TEST_CASE("Figures of another time are a warning") {
    for (const auto ahead : {-91s, 11s}) {
        KubeletAnswer answer = good("n1");
        answer.clock_ahead = ahead;
        CHECK(test::ids(judged({answer})) == Ids{"W clock-kubelet"});
    }
    for (const auto ahead : {-90s, 10s}) {
        KubeletAnswer answer = good("n1");
        answer.clock_ahead = ahead;
        CHECK(judged({answer}).findings.empty());
    }
}

TEST_CASE("A cluster without nodes is an error and nodes that were not asked are a note") {
    KubeletsSeen seen;
    CHECK(test::ids(judge_kubelets(seen)) == Ids{"E nodes-none"});
    seen.selector = "kubernetes.io/os=plan9";
    CHECK(judge_kubelets(seen).findings[0].what == "no node has the labels kubernetes.io/os=plan9");
    seen.nodes = 3;
    seen.answers = {good("n1")};
    CHECK(judge_kubelets(seen).notes == std::vector<std::string>{"2 of 3 were not asked, for lack of time"});
}

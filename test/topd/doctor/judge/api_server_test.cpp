// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/judge/api_server.hpp"

#include "test/topd/doctor/answers.hpp"
#include "topd/doctor/judge/capacity.hpp"

#include <catch2/catch.hpp>
#include <openssl/x509_vfy.h>

using namespace topd::doctor;
using test::Ids;
using namespace std::chrono_literals;

namespace {

ApiServerSeen seen() {
    ApiServerSeen seen;
    seen.server = "10.0.0.1:443";
    seen.credentials = "--kubeconfig /etc/topd";
    seen.version = std::string{R"({"gitVersion":"v1.37.2"})"};
    seen.review =
        std::string{R"({"status":{"userInfo":{"username":"system:serviceaccount:kube-system:topd"}}})"};
    seen.clock_ahead = 1s;
    return seen;
}

Answer failed(net::Error error) {
    return kube::Failure{error};
}

}  // namespace

TEST_CASE("A good API server is named with its version and our name") {
    const Check check = judge_api_server(seen());
    CHECK(check.findings.empty());
    CHECK(check.well == "v1.37.2 at 10.0.0.1:443, asked as system:serviceaccount:kube-system:topd");
}

TEST_CASE("What keeps us from the API server is told apart") {
    const auto certificate = [](int error) { return net::Error{error, net::certificate_category()}; };
    struct Case {
        const char* name;
        Answer version;
        Ids expected;
    };
    const Case cases[] = {
        {"a token that is not accepted", test::refused(401, "Unauthorized"), {"E api-unauthorized"}},
        {"another authority",
         failed(certificate(X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN)),
         {"E api-certificate"}},
        {"another name", failed(certificate(X509_V_ERR_HOSTNAME_MISMATCH)), {"E api-certificate"}},
        {"no such name", failed(make_error_code(net::Errc::unknown_host)), {"E api-unreachable"}},
        {"silence", failed(make_error_code(net::Errc::timeout)), {"E api-unreachable"}},
        {"a server that is ill", test::refused(503, "etcd"), {"E api-unreachable"}},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            ApiServerSeen now = seen();
            now.version = c.version;
            CHECK(test::ids(judge_api_server(now)) == c.expected);
        }
}

TEST_CASE("Being nobody to the API server is an error") {
    ApiServerSeen now = seen();
    now.review = std::string{R"({"status":{"userInfo":{"username":"system:anonymous"}}})"};
    CHECK(test::ids(judge_api_server(now)) == Ids{"E api-anonymous"});
    now.review = test::refused(401);
    CHECK(test::ids(judge_api_server(now)) == Ids{"E api-unauthorized"});
    // Before Kubernetes 1.28.
    now.review = test::refused(404);
    CHECK(judge_api_server(now).findings.empty());
}

TEST_CASE("Clocks that differ by more than ten seconds are worth a warning") {
    for (const auto ahead : {-11s, 11s, 3600s}) {
        ApiServerSeen now = seen();
        now.clock_ahead = ahead;
        CHECK(test::ids(judge_api_server(now)) == Ids{"W clock-api-server"});
    }
    for (const auto ahead : {-10s, 0s, 10s}) {
        ApiServerSeen now = seen();
        now.clock_ahead = ahead;
        CHECK(judge_api_server(now).findings.empty());
    }
}

TEST_CASE("A memory limit below the need of the cluster is an error") {
    const Answer pods = std::string{R"({"metadata":{"remainingItemCount":69999},"items":[{}]})"};
    topd::CgroupLimits limits;
    CHECK(judge_capacity(1000, pods, 0, limits).well ==
          "1000 nodes and 70000 pods need 89Mi, the limit is none");
    limits.memory_bytes = 64 * 1024 * 1024;
    CHECK(test::ids(judge_capacity(1000, pods, 0, limits)) == Ids{"E memory-limit"});
    limits.memory_bytes = 96 * 1024 * 1024;
    CHECK(judge_capacity(1000, pods, 0, limits).findings.empty());
    CHECK(test::ids(judge_capacity(1000, pods, 8 * 1024 * 1024, limits)) == Ids{"E memory-limit"});
    limits.memory_bytes.reset();
    CHECK(judge_capacity(1000, pods, 8 * 1024 * 1024, limits).well ==
          "1000 nodes and 70000 pods with 8Mi of history need 97Mi, the limit is none");
    CHECK(judge_capacity(1000, test::refused(403), 0, limits).notes.size() == 1);
}

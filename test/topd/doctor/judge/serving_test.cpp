// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/judge/serving.hpp"

#include "net/tls/certificate.hpp"
#include "test/net/tls/authority.hpp"
#include "test/topd/doctor/answers.hpp"
#include "test/topd/file_tree.hpp"

#include <catch2/catch.hpp>

using namespace topd::doctor;
using std::chrono::hours;
using test::Ids;

namespace {

const std::chrono::system_clock::time_point kNow = std::chrono::system_clock::now();
constexpr const char* kName = "metrics-server.kube-system.svc";
const net::KeyPair kAuthority = net::make_authority("authority");

ServingFiles files(const net::KeyPair& pair) {
    ServingFiles files;
    files.certificate_file = "tls.crt";
    files.key_file = "tls.key";
    files.given = true;
    files.certificate = pair.certificate_pem;
    files.key = pair.key_pem;
    return files;
}

net::KeyPair serving(const std::string& name = kName, hours until = hours{24 * 365}) {
    net::CertificateRequest request;
    request.common_name = "serving";
    request.dns_names = {name};
    request.server = true;
    request.not_before_offset = hours{-48};
    request.not_after_offset = until;
    return net::issue(kAuthority, request);
}

ApiService verified(const std::string& bundle) {
    ApiService service;
    service.name = "v1beta1.metrics.k8s.io";
    service.service = "metrics-server";
    service.name_space = "kube-system";
    service.ca_bundle = bundle;
    return service;
}

ApiService insecure() {
    ApiService service = verified("");
    service.insecure = true;
    return service;
}

}  // namespace

TEST_CASE("The serving certificate must be what the aggregator verifies") {
    const std::string own = kAuthority.certificate_pem;
    const std::string other = net::make_authority("other").certificate_pem;
    ApiService content = verified("");
    content.available = ApiService::Available::yes;
    struct Case {
        const char* name;
        net::KeyPair pair;
        ApiService service;
        Ids expected;
    };
    const Case cases[] = {
        {"verified", serving(), verified(own), {}},
        {"not verified", serving("elsewhere"), insecure(), {}},
        {"another authority", serving(), verified(other), {"E apiservice-ca-bundle"}},
        {"a broken caBundle", serving(), verified("no PEM"), {"E apiservice-ca-bundle"}},
        {"neither caBundle nor insecure", serving(), verified(""), {"E apiservice-ca-bundle"}},
        {"known to the system", serving(), content, {}},
        {"without the name", serving("localhost"), verified(own), {"E serving-certificate-name"}},
        {"expired", serving(kName, hours{-1}), verified(own), {"E serving-certificate-expired"}},
        {"expired and not verified",
         serving(kName, hours{-1}),
         insecure(),
         {"W serving-certificate-expired"}},
        {"soon to expire", serving(kName, hours{24 * 13}), verified(own), {"W serving-certificate-expires"}},
        {"self-signed by topd", net::make_self_signed({}), verified(own), {"E apiservice-ca-bundle"}},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            CHECK(test::ids(judge_serving(files(c.pair), {c.service}, kNow)) == c.expected);
        }
}

TEST_CASE("The same fault for both APIServices is said once") {
    ApiService stable = verified("no PEM");
    stable.name = "v1.metrics.k8s.io";
    const Check check = judge_serving(files(serving()), {verified("no PEM"), stable}, kNow);
    REQUIRE(check.findings.size() == 1);
    CHECK(check.findings[0].where == "APIService v1beta1.metrics.k8s.io, APIService v1.metrics.k8s.io");
}

TEST_CASE("A serving certificate says which names it has") {
    const Check check =
        judge_serving(files(serving("localhost")), {verified(kAuthority.certificate_pem)}, kNow);
    REQUIRE(check.findings.size() == 1);
    CHECK(check.findings[0].what ==
          "the serving certificate is not for metrics-server.kube-system.svc, by which kube-apiserver calls "
          "topd; its names: localhost");
}

TEST_CASE("Serving files that topd cannot use are an error when they are named") {
    const test::FileTree tree;
    const net::KeyPair pair = serving();
    tree.write("tls.crt", pair.certificate_pem);
    tree.write("tls.key", pair.key_pem);
    tree.write("other.key", serving().key_pem);
    topd::Flags flags;
    flags.tls_cert_file = tree.root() + "/tls.crt";
    const auto judged = [&](const char* key) {
        flags.tls_private_key_file = tree.root() + key;
        return test::ids(judge_serving(read_serving_files(flags), {}, kNow));
    };
    CHECK(judged("/tls.key").empty());
    CHECK(judged("/other.key") == Ids{"E serving-certificate-files"});
    CHECK(judged("/missing.key") == Ids{"E serving-certificate-files"});
}

TEST_CASE("A certificate that topd will make itself cannot be verified") {
    const test::FileTree tree;
    topd::Flags flags;
    flags.cert_dir = tree.root();
    const ServingFiles none = read_serving_files(flags);
    CHECK(judge_serving(none, {insecure()}, kNow).findings.empty());
    CHECK(test::ids(judge_serving(none, {verified(kAuthority.certificate_pem)}, kNow)) ==
          Ids{"E apiservice-ca-bundle"});
}

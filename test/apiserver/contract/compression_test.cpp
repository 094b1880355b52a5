// SPDX-License-Identifier: Apache-2.0
// Contract, the row about gzip of 4.9, for what is not a list: an object can be as long as its labels and
// containers are many, a failure as long as the name it tells of. Lists:
// test/apiserver/compression/gzip_test.cpp, where the rule for Accept-Encoding is tested too; OpenAPI
// documents, with a rule of their own: openapi_test.cpp.
#include "apiserver/compression/gzip.hpp"
#include "test/apiserver/contract/told.hpp"
#include "test/gzip/inflated.hpp"

#include <catch2/catch.hpp>

using namespace test;

namespace {

// A pod with so many containers, the last of whose names has so many letters.
Cluster& with_pod(Cluster& cluster, int containers, std::size_t letters) {
    cluster.store.put_node("n", {});
    cluster.store.put_pod("ns", "p", {{"app", "web"}});
    std::vector<Used> used;
    for (int i = 0; i < containers; ++i)
        used.push_back({"container-" + std::to_string(100'000 + i), 1'500'000'000, 1024});
    used.push_back({std::string(letters, 'z'), 1'500'000'000, 1024});
    cluster.scrape("n", {"", 1, 1}, {{"ns", "p", used}});
    return cluster;
}

const std::string kPod = kMetrics + "/namespaces/ns/pods/p";
const Header kGzip{"Accept-Encoding", "gzip"};

std::vector<Header> asking(std::vector<Header> headers) {
    headers.push_back(kGzip);
    return headers;
}

bool is_packed(const net::Response& response) {
    return header(response, "Content-Encoding") == "gzip" && header(response, "Vary") == "Accept-Encoding";
}

}  // namespace

TEST_CASE("a long object is compressed in every form for those who take gzip") {
    Cluster cluster;
    with_pod(cluster, 3000, 1);
    const std::vector<Header> forms[] = {
        {},
        {kProtobuf},
        {{"Accept", "application/yaml"}},
        {{"User-Agent", "curl/8"}},
        {{"Accept", "application/json;as=Table;v=v1;g=meta.k8s.io"}},
    };
    for (const std::vector<Header>& form : forms) {
        const std::string target = kPod + "?includeObject=Object";
        const net::Response plain = cluster.get(target, form);
        REQUIRE(plain.status == 200);
        REQUIRE(plain.body.size() > 131'072);
        CHECK_FALSE(plain.headers.contains("Content-Encoding"));
        CHECK_FALSE(plain.headers.contains("Vary"));
        const net::Response packed = cluster.get(target, asking(form));
        CHECK(packed.status == 200);
        CHECK(is_packed(packed));
        CHECK(header(packed, "Content-Type") == header(plain, "Content-Type"));
        CHECK((inflated(packed.body) == plain.body));
        std::vector<Header> with_q = form;
        with_q.emplace_back("Accept-Encoding", "gzip;q=1");
        CHECK((cluster.get(target, with_q).body == plain.body));
    }
}

TEST_CASE("131072 bytes are not compressed and 131073 are") {
    std::vector<Header> form;
    if (GENERATE(false, true)) form.push_back(kProtobuf);
    const auto answer = [&](std::size_t letters, const std::vector<Header>& headers) {
        Cluster cluster;
        return with_pod(cluster, 500, letters).get(kPod, headers);
    };
    std::size_t letters = 80'000;
    // The second time no length of a length changes any more.
    for (int i = 0; i < 2; ++i) letters += 131'072 - answer(letters, form).body.size();
    const net::Response longest = answer(letters, asking(form));
    CHECK(longest.body.size() == 131'072);
    CHECK_FALSE(longest.headers.contains("Content-Encoding"));
    const net::Response longer = answer(letters + 1, asking(form));
    CHECK(is_packed(longer));
    CHECK(inflated(longer.body).size() == 131'073);
}

TEST_CASE("a failure is an object and plain text is none") {
    Cluster cluster;
    // Quoted it is four times as long.
    std::string selector;
    for (int i = 0; i < 40'000; ++i) selector += "%01";
    const net::Response bad = cluster.get(kMetrics + "/pods?labelSelector=" + selector, {kGzip});
    CHECK(bad.status == 400);
    CHECK(is_packed(bad));
    const std::string text = inflated(bad.body);
    CHECK(text.size() > 131'072);
    CHECK(text.starts_with(R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)"));
    CHECK(text.ends_with("\"code\":400}\n"));
    cluster.authorizer.result = {apiserver::Decision::Verdict::failed, std::string(140'000, 'x')};
    const net::Response failed = cluster.get(kMetrics, {kGzip});
    CHECK(failed.status == 500);
    CHECK(failed.body.size() > 131'072);
    CHECK_FALSE(failed.headers.contains("Content-Encoding"));
}

TEST_CASE("compressed objects under way share the bound of compressed lists") {
    Cluster cluster;
    with_pod(cluster, 3000, 1);
    const std::size_t size = cluster.body(kPod).size();
    cluster.options.metrics.gzip_bytes = 2 * (size + gzip::Writer::kBytes);
    apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, cluster.authorizer};
    const auto ask = [&] { return respond(api, request(kPod, {kGzip})); };
    net::Response first = ask();
    const net::Response second = ask();
    CHECK(is_packed(first));
    CHECK(is_packed(second));
    const net::Response third = ask();
    CHECK(third.status == 200);
    CHECK_FALSE(third.headers.contains("Content-Encoding"));
    CHECK(third.body.size() == size);
    CHECK(inflated(whole_body(first)).size() == size);
    first.source.reset();
    CHECK(is_packed(ask()));
}

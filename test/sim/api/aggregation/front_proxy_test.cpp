// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/aggregation/front_proxy.hpp"

#include <catch2/catch.hpp>

namespace sim {
namespace {

net::Request client_request() {
    net::Request request;
    request.target = "/apis/metrics.k8s.io/v1beta1/namespaces/a%20b/pods?labelSelector=x+in+(y)&a=1";
    request.headers.add("Host", "127.0.0.1:6443");
    request.headers.add("Accept", "application/vnd.kubernetes.protobuf, */*");
    request.headers.add("Accept-Encoding", "gzip");
    request.headers.add("User-Agent", "kubectl/v1.37.2");
    request.headers.add("Authorization", "Bearer secret");
    request.headers.add("Impersonate-User", "joe");
    request.headers.add("x-remote-user", "forged");
    request.headers.add("X-Remote-Group", "system:masters");
    request.headers.add("X-Forwarded-For", "10.0.0.1");
    request.headers.add("Connection", "keep-alive");
    request.headers.add("TE", "trailers");
    request.remote = {boost::asio::ip::make_address("127.0.0.9"), 5555};
    return request;
}

}  // namespace

TEST_CASE("A request is passed on with the user in headers and nothing of the client's own claims") {
    const net::Request from = client_request();
    const User user{"joe", "uid-1", {"dev", "system:authenticated"}};
    const net::Request to = proxied_request(from, *Url::parse(from.target), user, "audit-1");
    CHECK(to.target == "/apis/metrics.k8s.io/v1beta1/namespaces/a%20b/pods?a=1&labelSelector=x+in+%28y%29");
    CHECK(to.headers.all("X-Remote-User") == std::vector<std::string_view>{"joe"});
    CHECK(to.headers.all("X-Remote-Uid") == std::vector<std::string_view>{"uid-1"});
    CHECK(to.headers.all("X-Remote-Group") == std::vector<std::string_view>{"dev", "system:authenticated"});
    CHECK(to.headers.all("X-Forwarded-For") == std::vector<std::string_view>{"127.0.0.9"});
    CHECK(to.headers.find("X-Forwarded-Host") == "127.0.0.1:6443");
    CHECK(to.headers.find("X-Forwarded-Proto") == "https");
    CHECK(to.headers.find("X-Forwarded-Uri") == "/apis/metrics.k8s.io/v1beta1/namespaces/a%20b/pods");
    CHECK(to.headers.find("Accept") == "application/vnd.kubernetes.protobuf, */*");
    CHECK(to.headers.find("Accept-Encoding") == "gzip");
    CHECK(to.headers.find("User-Agent") == "kubectl/v1.37.2");
    CHECK(to.headers.find("Audit-Id") == "audit-1");
    for (const char* gone : {"Authorization", "Impersonate-User", "Connection", "TE", "Host"}) {
        CAPTURE(gone);
        CHECK_FALSE(to.headers.contains(gone));
    }
}

TEST_CASE("A client's audit id is kept and no uid is made up") {
    net::Request from = client_request();
    from.headers.add("Audit-Id", "mine");
    const net::Request to = proxied_request(from, *Url::parse(from.target), {"joe", "", {}}, "other");
    CHECK(to.headers.all("Audit-Id") == std::vector<std::string_view>{"mine"});
    CHECK_FALSE(to.headers.contains("X-Remote-Uid"));
}

TEST_CASE("An answer comes back without what was between aggregator and server") {
    net::Headers from;
    from.add("Content-Type", "application/json");
    from.add("Transfer-Encoding", "chunked");
    from.add("Content-Length", "5");
    from.add("Access-Control-Allow-Origin", "*");
    from.add("Audit-Id", "x");
    const net::Headers to = proxied_answer(from);
    CHECK(to.find("Content-Type") == "application/json");
    CHECK(to.find("Audit-Id") == "x");
    CHECK(std::distance(to.begin(), to.end()) == 2);
}

}  // namespace sim

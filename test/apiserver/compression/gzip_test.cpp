// SPDX-License-Identifier: Apache-2.0
// Long answers are compressed for those who take it, and for nobody else.
#include "apiserver/compression/gzip.hpp"

#include "apiserver/representation/piece_size.hpp"
#include "test/apiserver/fixture.hpp"
#include "test/gzip/inflated.hpp"

#include <functional>

#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

using test::Cluster;
using test::inflated;
using test::kMetrics;
using test::kProtobuf;

namespace {

const test::Header kGzip{"Accept-Encoding", "gzip"};

// About 190 bytes a pod in JSON, half of that in protobuf.
void fill(Cluster& cluster, std::size_t pods) {
    cluster.add_pods(pods, "ns", {"main", 1'500'000'000, 1024});
}

}  // namespace

TEST_CASE("gzip is taken when an item of the first Accept-Encoding line is just that") {
    struct Case {
        const char* header;
        bool expected;
    };
    const Case cases[] = {
        {"gzip", true},
        {"deflate, gzip", true},
        {" gzip\t,br", true},
        {"gzip;q=1", false},
        {"gzip;q=1,gzip", true},
        {"GZIP", false},
        {"x-gzip", false},
        {"*", false},
        {"", false},
        {"identity,br,", false},
        {",,gzip", true},
        {"gzip deflate", false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.header);
        CHECK(apiserver::accepts_gzip(test::request("/", {{"Accept-Encoding", c.header}})) == c.expected);
    }
    CHECK_FALSE(apiserver::accepts_gzip(test::request("/")));
    CHECK_FALSE(apiserver::accepts_gzip(
        test::request("/", {{"Accept-Encoding", "br"}, {"Accept-Encoding", "gzip"}})));
}

TEST_CASE("a long list is compressed for those who ask for it") {
    Cluster cluster;
    fill(cluster, 3000);
    const std::vector<test::Header> forms[] = {{},
                                               {kProtobuf},
                                               {{"Accept", "application/yaml"}},
                                               {{"User-Agent", "curl/8"}},
                                               {{"Accept", "application/json;as=Table;v=v1;g=meta.k8s.io"}}};
    for (const std::vector<test::Header>& form : forms) {
        const net::Response plain = cluster.get(kMetrics + "/pods", form);
        CHECK_FALSE(plain.headers.contains("Content-Encoding"));
        CHECK_FALSE(plain.headers.contains("Vary"));
        std::vector<test::Header> asking = form;
        asking.push_back(kGzip);
        const net::Response packed = cluster.get(kMetrics + "/pods", asking);
        CHECK(test::header(packed, "Content-Encoding") == "gzip");
        CHECK(test::header(packed, "Vary") == "Accept-Encoding");
        CHECK(test::header(packed, "Content-Type") == test::header(plain, "Content-Type"));
        CHECK(packed.body.size() < plain.body.size() / 10);
        CHECK((inflated(packed.body) == plain.body));
    }
}

TEST_CASE("compression begins above 128 KiB") {
    std::vector<test::Header> headers;
    if (GENERATE(false, true)) headers.push_back(kProtobuf);
    std::vector<test::Header> asking = headers;
    asking.push_back(kGzip);
    // One byte more or less can be had by the length of a name.
    const auto list_with = [](std::size_t padding, const std::vector<test::Header>& form) {
        Cluster cluster;
        fill(cluster, 600);
        cluster.store.put_pod("ns", "z", {});
        cluster.store.put_node("m", {});
        cluster.scrape("m", {"", 1, 1}, {{"ns", "z", {{std::string(padding, 'c'), 1'500'000'000, 1024}}}});
        return cluster.get(kMetrics + "/pods", form);
    };
    // The second time no length of a length changes any more.
    std::size_t padding = 60'000;
    for (int i = 0; i < 2; ++i) padding += 131072 - list_with(padding, headers).body.size();
    CHECK(list_with(padding, headers).body.size() == 131072);
    CHECK(list_with(padding, asking).body.size() == 131072);
    CHECK_FALSE(list_with(padding, asking).headers.contains("Content-Encoding"));
    const net::Response longer = list_with(padding + 1, asking);
    CHECK(test::header(longer, "Content-Encoding") == "gzip");
    CHECK(inflated(longer.body).size() == 131073);
}

TEST_CASE("what is below the threshold is one body even when it was held back in pieces") {
    Cluster cluster;
    fill(cluster, 500);
    apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, cluster.authorizer};
    const net::Response response = test::respond(api, test::request(kMetrics + "/pods", {kGzip}));
    CHECK(response.body.size() > apiserver::kPieceBytes);
    CHECK(response.source == nullptr);
}

TEST_CASE("compressing lets other work run between pieces") {
    Cluster cluster;
    // Little more than what is held back, over 128 KiB, which is not compressed in one go either; and a lot.
    const auto [pods, least] = GENERATE(table<std::size_t, std::size_t>({{700, 3}, {5000, 16}}));
    fill(cluster, pods);
    apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, cluster.authorizer};
    boost::asio::io_context loop{1};
    net::Response response = test::run(loop, api.respond(test::request(kMetrics + "/pods", {kGzip})));
    REQUIRE(response.source);
    std::size_t turns = 0;
    bool done = false;
    std::function<void()> tick = [&] {
        ++turns;
        if (!done) boost::asio::post(loop, tick);
    };
    loop.restart();
    boost::asio::post(loop, tick);
    auto read = [&]() -> net::Task<> {
        std::string body;
        for (net::Piece piece = net::Piece::more; piece == net::Piece::more;) {
            auto next = co_await response.source->next(body);
            piece = next.value();
        }
        done = true;
    };
    test::run(loop, read());
    CHECK(turns > least);
}

TEST_CASE("compressed lists under way share a bound beyond which lists are sent as they are") {
    Cluster cluster;
    fill(cluster, 3000);
    cluster.options.metrics.gzip_bytes = 600'000;
    apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, cluster.authorizer};
    const auto ask = [&](const std::vector<test::Header>& headers) {
        return test::respond(api, test::request(kMetrics + "/pods", headers));
    };
    const auto is_packed = [](const net::Response& response) {
        return response.headers.contains("Content-Encoding");
    };
    std::vector<net::Response> open;
    while (open.size() < 8) {
        open.push_back(ask({kGzip}));
        if (!is_packed(open.back())) break;
    }
    CHECK(open.size() == 2);
    CHECK(open.back().status == 200);
    // Nor a protobuf list, which would need a writer for a moment.
    CHECK(is_packed(ask({kGzip, kProtobuf})));
    // What was held back of the first is sent: there is room again.
    std::string sent;
    boost::asio::io_context loop{1};
    test::run(loop, open.front().source->next(sent));
    open.push_back(ask({kGzip}));
    CHECK(is_packed(open.back()));
    CHECK_FALSE(is_packed(ask({kGzip})));
    open.clear();
    CHECK(is_packed(ask({kGzip})));
}

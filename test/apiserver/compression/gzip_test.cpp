// SPDX-License-Identifier: Apache-2.0
// Long answers are compressed for those who take it, and for nobody else.
#include "apiserver/compression/gzip.hpp"

#include "apiserver/representation/piece_size.hpp"
#include "gzip/writer.hpp"
#include "test/apiserver/fixture.hpp"
#include "test/apiserver/metrics_reader.hpp"

#include <functional>

#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include <zlib.h>

using test::Cluster;
using test::kMetrics;
using test::kProtobuf;

namespace {

const test::Header kGzip{"Accept-Encoding", "gzip"};

// About 190 bytes a pod in JSON, half of that in protobuf.
void fill(Cluster& cluster, int pods) {
    cluster.store.put_node("n", {});
    std::vector<test::PodUse> uses;
    for (int i = 0; i < pods; ++i) {
        const std::string name = "pod-" + std::to_string(100'000 + i);
        cluster.store.put_pod("ns", name, {});
        uses.push_back({"ns", name, {{"main", 1'500'000'000, 1024}}});
    }
    cluster.scrape("n", {"", 1, 1}, uses);
}

std::string inflated(const std::string& body) {
    z_stream stream{};
    REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
    std::string packed = body;
    stream.next_in = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_in = static_cast<uInt>(packed.size());
    std::string out;
    std::vector<char> piece(64 * 1024);
    int result = Z_OK;
    while (result == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        result = inflate(&stream, Z_NO_FLUSH);
        out.append(piece.data(), piece.size() - stream.avail_out);
    }
    inflateEnd(&stream);
    CHECK(result == Z_STREAM_END);
    CHECK(stream.avail_in == 0);
    return out;
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
    boost::asio::io_context loop{1};
    const net::Response response = test::run(loop, api.respond(test::request(kMetrics + "/pods", {kGzip})));
    CHECK(response.body.size() > apiserver::kPieceBytes);
    CHECK(response.source == nullptr);
}

TEST_CASE("compressing lets other work run between pieces") {
    Cluster cluster;
    // Little more than what is held back, over 128 KiB, which is not compressed in one go either; and a lot.
    const auto [pods, least] = GENERATE(table<int, std::size_t>({{700, 3}, {5000, 16}}));
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
        boost::asio::io_context loop{1};
        return test::run(loop, api.respond(test::request(kMetrics + "/pods", headers)));
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

TEST_CASE("a writer's text comes out whole whatever pieces it is given in") {
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += std::to_string(i * 7919 % 10'007) + ",";
    for (const std::size_t size : {std::size_t{1000}, std::size_t{64 * 1024}, text.size()}) {
        gzip::Writer writer;
        std::string out;
        writer.begin(out, {});
        for (std::size_t at = 0; at < text.size(); at += size) writer.write(out, text.substr(at, size));
        writer.finish(out);
        CHECK((inflated(out) == text));
    }
    gzip::Writer nothing;
    std::string out;
    nothing.begin(out, {});
    nothing.finish(out);
    CHECK(inflated(out).empty());
}

TEST_CASE("what stands before a writer's text can be told last") {
    const std::string first = GENERATE(std::string{}, std::string{"head"}, std::string(65'535, 'h'));
    const std::string text(200'000, 't');
    gzip::Writer writer;
    std::string behind;
    writer.write(behind, text);
    std::string out;
    writer.begin(out, first);
    writer.finish(behind);
    CHECK((inflated(out + behind) == first + text));
}

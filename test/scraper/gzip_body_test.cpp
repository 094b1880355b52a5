// SPDX-License-Identifier: Apache-2.0
#include "scraper/gzip_body.hpp"

#include "scraper/page_parser.hpp"
#include "test/scraper/fake_kubelet.hpp"

#include <string>

#include <catch2/catch.hpp>

#include <zlib.h>

using namespace std::chrono_literals;
using scraper::GzipBody;
using scraper::test::Cluster;
using scraper::test::FakeKubelet;
using scraper::test::page_text;

namespace {

std::string gzipped(const std::string& text) {
    z_stream z{};
    REQUIRE(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(compressBound(text.size()) + 32, '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    z.avail_in = static_cast<uInt>(text.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    REQUIRE(deflate(&z, Z_FINISH) == Z_STREAM_END);
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
}

struct Page {
    storage::NodePage page;
    scraper::PageParser parser{page, 1};
    GzipBody body;

    net::Error read(const std::string& bytes, std::size_t piece, std::uint64_t limit = 1'000'000) {
        parser.restart(page, 1);
        body.restart(limit);
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            const auto fed = body.feed(std::string_view{bytes}.substr(at, piece), parser);
            if (!fed) return fed.error();
        }
        parser.finish();
        return {};
    }
};

net::Response compressed(const std::string& text) {
    net::Response response = FakeKubelet::page(gzipped(text));
    response.headers.add("Content-Encoding", "gzip");
    return response;
}

}  // namespace

TEST_CASE("a compressed body gives its text however it is split") {
    Page it;
    const std::string bytes = gzipped(page_text(3));
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, bytes.size()}) {
        CHECK_FALSE(it.read(bytes, piece));
        CHECK(it.body.ended());
        REQUIRE(it.page.containers.size() == 1);
        CHECK(it.page.containers[0].pod == "a");
        CHECK(it.page.bad_lines == 0);
    }
}

TEST_CASE("what is no whole gzip stream is an error or has not ended") {
    Page it;
    const std::string good = gzipped(page_text(3));
    CHECK(it.read("no gzip at all", 100) == scraper::Errc::bad_gzip);
    CHECK(it.read(good + "more", good.size() + 4) == scraper::Errc::bad_gzip);
    CHECK(it.read(good + "more", 1) == scraper::Errc::bad_gzip);
    std::string spoilt = good;
    spoilt[spoilt.size() - 6] ^= 1;
    CHECK(it.read(spoilt, 10) == scraper::Errc::bad_gzip);
    CHECK_FALSE(it.read(good.substr(0, good.size() - 1), 10));
    CHECK_FALSE(it.body.ended());
}

TEST_CASE("a small body that grows without bound is stopped") {
    Page it;
    const std::string bomb = gzipped(std::string(10'000'000, '\n'));
    CHECK(bomb.size() < 20'000);
    CHECK(it.read(bomb, 100) == net::Errc::body_too_large);
    CHECK_FALSE(it.read(bomb, 100, 10'000'000));
}

TEST_CASE("compressed pages are scraped as others") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    kubelet.answer = [](int n) { return compressed(page_text(n)); };
    auto options = cluster.options();
    options.compression = scraper::Compression::gzip;
    cluster.start(options);
    cluster.put_node("n1", kubelet.port());
    REQUIRE(cluster.until([&] { return cluster.usage("n1").has_value(); }));
    CHECK(kubelet.requests[0].headers.find("Accept-Encoding") == "gzip");
}

TEST_CASE("a page whose compression is cut or unknown is malformed") {
    struct Case {
        FakeKubelet::Answer answer;
        const char* says;
    };
    const Case cases[] = {
        {[](int n) {
             net::Response response = compressed(page_text(n));
             response.body.resize(response.body.size() / 2);
             return response;
         },
         "compression (gzip) is broken: after "},
        {[](int n) {
             net::Response response = FakeKubelet::page(page_text(n));
             response.headers.add("Content-Encoding", "br");
             return response;
         },
         "in an encoding that was not asked for: Content-Encoding: br"},
    };
    for (const auto& [answer, says] : cases) {
        Cluster cluster;
        FakeKubelet& kubelet = cluster.kubelet();
        kubelet.answer = answer;
        cluster.start(cluster.options());
        cluster.put_node("n1", kubelet.port());
        REQUIRE(cluster.until([&] { return cluster.health("n1").has_value(); }));
        CHECK(cluster.health("n1")->reason() == scraper::Reason::malformed);
        CHECK_THAT(cluster.health("n1")->error(), Catch::Contains(says));
        CHECK(cluster.store.container_count() == 0);
    }
}

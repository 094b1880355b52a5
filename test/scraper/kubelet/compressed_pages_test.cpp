// SPDX-License-Identifier: Apache-2.0
// Kubelets whose answers are compressed.
#include "test/scraper/fake_kubelet.hpp"

#include <string>

#include <catch2/catch.hpp>

#include <zlib.h>

using namespace std::chrono_literals;
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

net::Response compressed(const std::string& text) {
    net::Response response = FakeKubelet::page(gzipped(text));
    response.headers.add("Content-Encoding", "gzip");
    return response;
}

}  // namespace

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

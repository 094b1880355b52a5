// SPDX-License-Identifier: Apache-2.0
// The files of the page, as a browser gets them.
#include "apiserver/page/assets/assets.hpp"

#include "apiserver/graphs_port/listener.hpp"
#include "apiserver/page/ui.hpp"
#include "test/apiserver/fixture.hpp"
#include "test/apiserver/graphs/scene.hpp"
#include "test/apiserver/page/asking.hpp"

#include <catch2/catch.hpp>

using test::header;
using test::page::asked_ui;

namespace {

const test::Header kGzip{"Accept-Encoding", "gzip, deflate, br"};

}  // namespace

TEST_CASE("the page's files are sent as they are stored, or inflated") {
    test::graphs::Scene scene;
    apiserver::Ui ui{test::page::sources(scene)};
    struct Case {
        const char* path;
        const char* type;
        const char* contents;
    };
    const Case cases[] = {
        {"/ui/", "text/html; charset=utf-8", "src=\"page.js\""},
        {"/ui/index.html", "text/html; charset=utf-8", "<!doctype html>"},
        {"/ui/page.js", "text/javascript; charset=utf-8", "uPlot"},
        {"/ui/style.css", "text/css; charset=utf-8", "light-dark"},
        {"/ui/uPlot.iife.min.js", "text/javascript; charset=utf-8", "uPlot"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.path);
        const net::Response stored = asked_ui(ui, c.path, {kGzip});
        CHECK(stored.status == 200);
        CHECK(header(stored, "Content-Encoding") == "gzip");
        CHECK(header(stored, "Content-Type") == c.type);
        CHECK(header(stored, "Vary") == "Accept-Encoding");
        const net::Response plain = asked_ui(ui, c.path);
        CHECK(plain.status == 200);
        CHECK(header(plain, "Content-Encoding") == "<none>");
        CHECK(header(plain, "Content-Type") == c.type);
        CHECK(plain.body == test::unpacked(stored.body));
        CHECK(plain.body.find(c.contents) != std::string::npos);
        CHECK(header(plain, "ETag") != header(stored, "ETag"));
        for (const net::Response* response : {&stored, &plain}) {
            const std::string etag = header(*response, "ETag");
            CHECK(etag.size() > 20);
            std::vector<test::Header> again{{"If-None-Match", etag}};
            if (response == &stored) again.push_back(kGzip);
            const net::Response same = asked_ui(ui, c.path, again);
            CHECK(same.status == 304);
            CHECK(same.body.empty());
            CHECK(header(same, "ETag") == etag);
        }
    }
    CHECK(asked_ui(ui, "/ui/", {{"If-None-Match", "\"other\""}}).status == 200);
}

TEST_CASE("the page is small") {
    std::size_t stored = 0;
    std::size_t raw = 0;
    test::graphs::Scene scene;
    apiserver::Ui ui{test::page::sources(scene)};
    for (const apiserver::EmbeddedAsset& file : apiserver::embedded_assets()) {
        stored += file.gzip.size();
        raw += asked_ui(ui, "/ui/" + std::string{file.name}).body.size();
    }
    CHECK(stored < 40'000);
    CHECK(raw < 100'000);
}

TEST_CASE("every answer below /ui says what a browser may do with it") {
    test::graphs::Scene scene;
    apiserver::Ui ui{test::page::sources(scene)};
    struct Case {
        const char* method;
        const char* path;
        unsigned status;
    };
    const Case cases[] = {
        {"GET", "/ui", 308},          {"HEAD", "/ui/", 200}, {"GET", "/ui/page.js", 200},
        {"GET", "/ui/nothing", 404},  {"GET", "/ui//", 404}, {"GET", "/ui/../page.js", 404},
        {"GET", "/ui/api/nope", 404}, {"POST", "/ui/", 405}, {"DELETE", "/ui/api/rows", 405},
    };
    for (const Case& c : cases) {
        CAPTURE(c.method, c.path);
        const net::Response response = asked_ui(ui, c.path, {}, c.method);
        CHECK(response.status == c.status);
        CHECK(header(response, "Content-Security-Policy") ==
              "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' "
              "data:; frame-ancestors 'none'; base-uri 'none'");
        CHECK(header(response, "X-Content-Type-Options") == "nosniff");
        CHECK(header(response, "Referrer-Policy") == "no-referrer");
        CHECK(header(response, "Cache-Control") == "no-cache");
    }
    CHECK(header(asked_ui(ui, "/ui"), "Location") == "ui/");
    CHECK(asked_ui(ui, "/ui/nothing").body == R"({"error":"there is no such page"})");
    CHECK(asked_ui(ui, "/uix").status == 0);
    CHECK(asked_ui(ui, "/").status == 0);
}

TEST_CASE("both ports have the page") {
    test::graphs::Scene scene;
    apiserver::Ui ui{test::page::sources(scene)};
    apiserver::GraphsListenerOptions options;
    options.ui = &ui;
    apiserver::GraphsListener listener{scene.graphs, options};
    const auto got = [&](const std::string& target) {
        boost::asio::io_context loop{1};
        return test::run(loop, listener.respond(test::request(target, {{"Host", "topd"}})));
    };
    CHECK(got("/ui/").status == 200);
    CHECK(got("/ui").status == 308);
    CHECK(got("/").body.find("\n/ui/ ") != std::string::npos);

    test::Cluster cluster;
    CHECK(cluster.get("/ui/").status == 404);
    cluster.options.ui = &ui;
    const net::Response page = cluster.get("/ui/page.js");
    CHECK(page.status == 200);
    CHECK(header(page, "Cache-Control") == "no-cache");
    const apiserver::RequestInfo& info = cluster.authorizer.asked.back();
    CHECK(!info.is_resource);
    CHECK(info.path == "/ui/page.js");
    CHECK(cluster.get("/uix").status == 404);
    CHECK(cluster.body("/").find("\"/ui/\"") != std::string::npos);
    cluster.authorizer.result.verdict = apiserver::Decision::Verdict::denied;
    CHECK(cluster.get("/ui/").status == 403);
}

// SPDX-License-Identifier: Apache-2.0
#include "net/http/reader.hpp"

#include "net/http/date.hpp"
#include "net/http/writer.hpp"

#include <catch2/catch.hpp>

using net::Errc;

namespace {

// Feeds text in pieces of the given size, offering the unused rest again, as a connection does.
template <class Reader>
net::Result<std::size_t> feed_all(Reader& reader, std::string_view text, std::size_t piece) {
    std::string rest;
    std::size_t used = 0;
    while (!text.empty() && !reader.done()) {
        rest += text.substr(0, piece);
        text.remove_prefix(std::min(piece, text.size()));
        for (;;) {
            auto fed = reader.feed(rest);
            if (!fed) return fed.error();
            if (*fed == 0) break;
            used += *fed;
            rest.erase(0, *fed);
            if (reader.done() || rest.empty()) break;
        }
    }
    return used;
}

class Collector final : public net::BodySink {
  public:
    net::Result<> head(const net::ResponseHead& head) override {
        status = head.status;
        return {};
    }
    net::Result<> body(std::string_view piece) override {
        if (refuse) return net::make_error_code(Errc::refused_content);
        text += piece;
        return {};
    }
    unsigned status = 0;
    std::string text;
    bool refuse = false;
};

constexpr std::size_t kHead = 2000;
constexpr std::size_t kBody = 100;

}  // namespace

TEST_CASE("A request is the same however its bytes are split") {
    const std::string text =
        "POST /a?b=c HTTP/1.1\r\nHost: h\r\nX-Remote-Group: g1\r\nX-Remote-Group: g2\r\nContent-Length: "
        "5\r\n\r\nhello";
    for (std::size_t piece = 1; piece <= text.size(); ++piece) {
        net::RequestReader reader{kHead, kBody};
        auto used = feed_all(reader, text, piece);
        REQUIRE(used.has_value());
        REQUIRE(reader.done());
        CHECK(*used == text.size());
        CHECK(reader.keep_alive());
        const net::Request request = reader.take();
        CHECK(request.method == "POST");
        CHECK(request.target == "/a?b=c");
        CHECK(request.version == 11);
        CHECK(request.body == "hello");
        CHECK(request.headers.all("x-remote-group") == std::vector<std::string_view>{"g1", "g2"});
    }
}

TEST_CASE("A response is the same however its bytes are split") {
    struct Case {
        const char* name;
        std::string text;
        std::string body;
        bool keep_alive;
    };
    const Case cases[] = {
        {"length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", true},
        {"chunked",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n", "hello",
         true},
        {"no body", "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n", "", true},
        {"close", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", "ok", false},
        {"old", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok", false},
    };
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.name) {
            for (std::size_t piece = 1; piece <= c.text.size(); ++piece) {
                Collector sink;
                net::ResponseReader reader{kHead, kBody, sink, false};
                auto used = feed_all(reader, c.text, piece);
                REQUIRE(used.has_value());
                REQUIRE(reader.done());
                CHECK(*used == c.text.size());
                CHECK(sink.text == c.body);
                CHECK(reader.head().keep_alive == c.keep_alive);
            }
        }
    }
}

TEST_CASE("Trailers are no headers") {
    const std::string rest =
        "Host: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Remote-Group: system:masters\r\n\r\n";
    const std::string request = "GET / HTTP/1.1\r\n" + rest;
    const std::string response = "HTTP/1.1 200 OK\r\n" + rest;
    for (std::size_t piece = 1; piece <= response.size(); ++piece) {
        net::RequestReader requests{kHead, kBody};
        REQUIRE(feed_all(requests, request, piece).has_value());
        REQUIRE(requests.done());
        CHECK_FALSE(requests.take().headers.contains("X-Remote-Group"));
        Collector sink;
        net::ResponseReader responses{kHead, kBody, sink, false};
        REQUIRE(feed_all(responses, response, piece).has_value());
        REQUIRE(responses.done());
        CHECK_FALSE(responses.head().headers.contains("X-Remote-Group"));
    }
}

TEST_CASE("Lines between chunks are bounded as heads are") {
    const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string endless = GENERATE(as<std::string>{}, "5;", "0\r\nA: ");
    for (const std::size_t piece : {std::size_t{1}, std::size_t{500}}) {
        net::RequestReader reader{kHead, kBody};
        const auto used = feed_all(reader, head + endless + std::string(kHead + 500, 'x'), piece);
        REQUIRE_FALSE(used.has_value());
        CHECK(used.error() == Errc::head_too_large);
    }
}

TEST_CASE("The last bytes of a chunk are given at once") {
    Collector sink;
    net::ResponseReader reader{kHead, kBody, sink, false};
    REQUIRE(
        feed_all(reader, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhell", 1000).has_value());
    REQUIRE(reader.feed("o").has_value());
    CHECK(sink.text == "hello");
}

TEST_CASE("The end of the stream ends a body without length and nothing else") {
    struct Case {
        const char* name;
        std::string text;
        net::Error expected;
    };
    const Case cases[] = {
        {"nothing came", "", make_error_code(Errc::closed)},
        {"half a head", "HTTP/1.1 200", make_error_code(Errc::cut_short)},
        {"half a body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe", make_error_code(Errc::cut_short)},
        {"half a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
         make_error_code(Errc::cut_short)},
        {"no length", "HTTP/1.1 200 OK\r\n\r\nhe", net::Error{}},
    };
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.name) {
            Collector sink;
            net::ResponseReader reader{kHead, kBody, sink, false};
            REQUIRE(feed_all(reader, c.text, 7).has_value());
            const net::Result<> ended = reader.end_of_stream();
            CHECK((ended ? net::Error{} : ended.error()) == c.expected);
        }
    }
}

TEST_CASE("Messages over a limit or off the grammar are refused") {
    struct Case {
        const char* name;
        std::string text;
        net::Error expected;
    };
    const std::string ok = "HTTP/1.1 200 OK\r\n";
    const Case cases[] = {
        {"not http", "SSH-2.0-OpenSSH\r\n\r\n", make_error_code(Errc::bad_message)},
        {"large head", ok + "A: " + std::string(3000, 'a') + "\r\n\r\n",
         make_error_code(Errc::head_too_large)},
        {"large length", ok + "Content-Length: 101\r\n\r\n", make_error_code(Errc::body_too_large)},
        {"large chunks",
         ok + "Transfer-Encoding: chunked\r\n\r\n65\r\n" + std::string(101, 'x') + "\r\n0\r\n\r\n",
         make_error_code(Errc::body_too_large)},
        {"large body without length", ok + "\r\n" + std::string(101, 'x'),
         make_error_code(Errc::body_too_large)},
        {"bad chunk", ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", make_error_code(Errc::bad_message)},
        {"bad length", ok + "Content-Length: x\r\n\r\n", make_error_code(Errc::bad_message)},
        {"two lengths", ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
         make_error_code(Errc::bad_message)},
    };
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.name) {
            for (const std::size_t piece : {std::size_t{1}, std::size_t{50}, std::size_t{5000}}) {
                Collector sink;
                net::ResponseReader reader{kHead, kBody, sink, false};
                auto used = feed_all(reader, c.text, piece);
                CHECK((used ? net::Error{} : used.error()) == c.expected);
            }
        }
    }
}

TEST_CASE("A sink that refuses the body ends the exchange with its own error") {
    Collector sink;
    sink.refuse = true;
    net::ResponseReader reader{kHead, kBody, sink, false};
    auto used = reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    REQUIRE(!used.has_value());
    CHECK(used.error() == Errc::refused_content);
}

TEST_CASE("Heads are written to the byte") {
    net::Request request;
    request.target = "/metrics/resource";
    request.headers.add("Authorization", "Bearer t");
    std::string out;
    net::write_request_head(out, request, "127.0.0.1:10250");
    CHECK(out ==
          "GET /metrics/resource HTTP/1.1\r\nHost: 127.0.0.1:10250\r\nAuthorization: Bearer t\r\n\r\n");

    net::Response response;
    response.status = 404;
    response.headers.add("Audit-Id", "x\r\nInjected: y");
    out.clear();
    net::write_response_head(out, response, 11, net::Framing::length, 2, false, "D");
    CHECK(
        out ==
        "HTTP/1.1 404 Not Found\r\nAudit-Id: x\r\nDate: D\r\nContent-Length: 2\r\nConnection: close\r\n\r\n");

    out = "head";
    out += "hello";
    net::frame_chunk(out, 4);
    CHECK(out == "head5\r\nhello\r\n");
    CHECK(net::http_date(1795408141) == "Mon, 23 Nov 2026 04:29:01 GMT");
}

TEST_CASE("Header fields compare without case and lists by their tokens") {
    net::Headers headers;
    headers.add("Accept-Encoding", "deflate, GZip");
    headers.add("accept-encoding", "br");
    CHECK(headers.has_token("ACCEPT-ENCODING", "gzip"));
    CHECK(headers.has_token("accept-encoding", "br"));
    CHECK(!headers.has_token("accept-encoding", "zip"));
    headers.set("ACCEPT-encoding", "x");
    CHECK(headers.all("accept-encoding") == std::vector<std::string_view>{"x"});
}

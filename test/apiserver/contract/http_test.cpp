// SPDX-License-Identifier: Apache-2.0
// Contract, the rows of 4.9 and 7 about HTTP/1 itself: the API behind the server, bytes in and bytes out.
// What the server does without the API is in test/net/{http_server,bad_client}_test.cpp, TLS and long lists
// through the client in test/apiserver/server_test.cpp.
#include "test/apiserver/contract/told.hpp"
#include "test/net/server_lab.hpp"

#include <catch2/catch.hpp>

using namespace test;

namespace {

// Bytes to the API behind a server, and all that came back until the connection closed, the date starred.
std::string exchanged(Cluster& cluster, const std::string& sent) {
    apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, cluster.authorizer};
    net::ServerOptions options;
    // As topd sets it.
    options.body_bytes = std::size_t{64} * 1024;
    std::string answer;
    with_server(options, false, api, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
        answer = co_await raw_exchange(server, sent);
    });
    const std::string date = "\r\nDate: ";
    for (std::size_t at = 0; (at = answer.find(date, at)) != std::string::npos;) {
        at += date.size();
        answer.replace(at, answer.find("\r\n", at) - at, "*");
    }
    return answer;
}

// The head of a request, closed by the caller.
std::string head(const std::string& line, const std::string& version = "1.1") {
    return line + " HTTP/" + version + "\r\nHost: topd\r\nAudit-Id: a\r\n";
}

const std::string kClose = "Connection: close\r\n\r\n";
const std::string kOk =
    " 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"
    "Audit-Id: a\r\nCache-Control: no-cache, private\r\nDate: *\r\nContent-Length: 2\r\n";
const std::string kNoMethodHead =
    "HTTP/1.1 405 Method Not Allowed\r\nContent-Type: application/json\r\nAudit-Id: a\r\n"
    "Cache-Control: no-cache, private\r\nDate: *\r\nContent-Length: 197\r\nConnection: close\r\n\r\n";
const std::string kNoMethod =
    kNoMethodHead +
    R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"the server does not allow )"
    R"(this method on the requested resource","reason":"MethodNotAllowed","details":{},"code":405})"
    "\n";

std::string plain_refusal(const std::string& status, const std::string& text) {
    return "HTTP/1.1 " + status +
           "\r\nContent-Type: text/plain; charset=utf-8\r\nDate: *\r\nContent-Length: " +
           std::to_string(text.size()) + "\r\n" + kClose + text;
}

struct Conversation {
    const char* name;
    std::string sent;
    std::string expected;
};

void converse(const std::vector<Conversation>& rows) {
    Cluster cluster;
    for (const Conversation& row : rows) {
        INFO(row.name);
        CHECK(exchanged(cluster, row.sent) == row.expected);
    }
}

}  // namespace

TEST_CASE("a request is answered in its own version of HTTP") {
    const std::vector<Conversation> rows{
        {"HTTP/1.1, Connection: close", head("GET /healthz") + kClose, "HTTP/1.1" + kOk + kClose + "ok"},
        {"HTTP/1.1 keeps the connection", head("GET /healthz") + "\r\n" + head("GET /livez") + kClose,
         "HTTP/1.1" + kOk + "\r\nok" + "HTTP/1.1" + kOk + kClose + "ok"},
        {"HTTP/1.0 closes it", head("GET /healthz", "1.0") + "\r\n", "HTTP/1.0" + kOk + kClose + "ok"},
        {"HTTP/1.0 needs no Host", "GET /healthz HTTP/1.0\r\nAudit-Id: a\r\n\r\n",
         "HTTP/1.0" + kOk + kClose + "ok"},
        {"HTTP/1.0 keeps it if asked",
         head("GET /healthz", "1.0") + "Connection: keep-alive\r\n\r\n" + head("GET /healthz", "1.0") +
             "\r\n",
         "HTTP/1.0" + kOk + "Connection: keep-alive\r\n\r\nok" + "HTTP/1.0" + kOk + kClose + "ok"},
        {"HEAD of a health page", head("HEAD /readyz") + kClose, "HTTP/1.1" + kOk + kClose},
        {"HEAD on an API path", head("HEAD " + kMetrics + "/nodes") + kClose, kNoMethodHead},
    };
    converse(rows);
}

TEST_CASE("a body has no meaning and does no harm") {
    const std::string post = head("POST " + kMetrics + "/nodes") + "Connection: close\r\n";
    const std::string get = head("GET /healthz") + "Connection: close\r\n";
    const std::vector<Conversation> rows{
        {"with a length", post + "Content-Length: 2\r\n\r\n{}", kNoMethod},
        {"chunked", post + "Transfer-Encoding: chunked\r\n\r\n2;x=y\r\n{}\r\n0\r\nX-Remote-User: a\r\n\r\n",
         kNoMethod},
        {"on GET", get + "Content-Length: 2\r\n\r\n{}", "HTTP/1.1" + kOk + kClose + "ok"},
        {"of 64 KiB", post + "Content-Length: 65536\r\n\r\n" + std::string(65'536, 'x'), kNoMethod},
        // A difference: metrics-server does not read it.
        {"of more", post + "Content-Length: 65537\r\n\r\n" + std::string(65'537, 'x'),
         plain_refusal("413 Payload Too Large", "413 Request Entity Too Large")},
        {"of more, chunked",
         post + "Transfer-Encoding: chunked\r\n\r\n10001\r\n" + std::string(65'537, 'x') + "\r\n0\r\n\r\n",
         plain_refusal("413 Payload Too Large", "413 Request Entity Too Large")},
        // A difference: the answer comes behind the body.
        {"that was expected", post + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}", kNoMethod},
        {"that was expected to do wonders", post + "Expect: wonders\r\nContent-Length: 2\r\n\r\n{}",
         "HTTP/1.1 417 Expectation Failed\r\nDate: *\r\nContent-Length: 0\r\n" + kClose},
        {"in an unknown coding", post + "Transfer-Encoding: gzip\r\n\r\n",
         plain_refusal("501 Not Implemented", "Unsupported transfer encoding")},
    };
    converse(rows);
}

TEST_CASE("what is not HTTP or too much of it is refused in words") {
    const std::string large = "A: " + std::string(1024 * 1024, 'a') + "\r\n\r\n";
    const std::vector<Conversation> rows{
        {"no Host", "GET /healthz HTTP/1.1\r\n\r\n",
         plain_refusal("400 Bad Request", "400 Bad Request: missing required Host header")},
        {"a header over 1 MiB", head("GET /healthz") + large,
         plain_refusal("431 Request Header Fields Too Large", "431 Request Header Fields Too Large")},
        {"no HTTP", "hello\r\n\r\n", plain_refusal("400 Bad Request", "400 Bad Request")},
        // A difference: metrics-server has 505 for it.
        {"another version", "GET /healthz HTTP/2.0\r\nHost: topd\r\n\r\n",
         plain_refusal("400 Bad Request", "400 Bad Request")},
        // A difference: metrics-server ignores one of them.
        {"two lengths of a body",
         head("POST /healthz") + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         plain_refusal("400 Bad Request", "400 Bad Request")},
        {"a broken escape", head("GET /%zz") + "\r\n",
         "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nAudit-Id: a\r\n"
         "Cache-Control: no-cache, private\r\nDate: *\r\nContent-Length: 15\r\n" +
             kClose + "400 Bad Request"},
    };
    converse(rows);
}

TEST_CASE("a long list is chunked for HTTP/1.1 and ends the connection for HTTP/1.0") {
    Cluster cluster;
    cluster.add_pods(1000);
    const std::string whole = cluster.body(kMetrics + "/pods");
    REQUIRE(whole.size() > 128 * 1024);
    const std::string begin =
        " 200 OK\r\nContent-Type: application/json\r\nAudit-Id: a\r\n"
        "Cache-Control: no-cache, private\r\nDate: *\r\n";
    const std::string list = "GET " + kMetrics + "/pods";
    CHECK((exchanged(cluster, head(list, "1.0") + "\r\n") == "HTTP/1.0" + begin + kClose + whole));
    const std::string chunked = exchanged(cluster, head(list) + kClose);
    const std::string chunked_head = "HTTP/1.1" + begin + "Transfer-Encoding: chunked\r\n" + kClose;
    REQUIRE(chunked.starts_with(chunked_head));
    std::string body;
    for (std::size_t at = chunked_head.size();;) {
        const std::size_t size = std::stoul(chunked.substr(at, 8), nullptr, 16);
        at = chunked.find("\r\n", at) + 2;
        body += chunked.substr(at, size);
        at += size + 2;
        if (size > 0) continue;
        CHECK(at == chunked.size());
        break;
    }
    CHECK((body == whole));
}

TEST_CASE("304 has neither a body nor its length") {
    Cluster cluster;
    const std::string etag = header(cluster.get("/openapi/v3"), "Etag");
    const std::string answer =
        exchanged(cluster, head("GET /openapi/v3") + "If-None-Match: " + etag + "\r\n" + kClose);
    CHECK(answer == "HTTP/1.1 304 Not Modified\r\nEtag: " + etag +
                        "\r\nAudit-Id: a\r\nCache-Control: no-cache, private\r\nDate: *\r\n" + kClose);
}

// SPDX-License-Identifier: Apache-2.0
#include "kube/failure.hpp"

#include "test/kube/bytes.hpp"

#include <catch2/catch.hpp>

using namespace kube;
using namespace kube::test;

TEST_CASE("A failure says what the server said") {
    struct Case {
        const char* name;
        int http_status;
        const char* content_type;
        std::string body;
        const char* text;
    };
    const Case cases[] = {
        {"a Status in JSON", 403, "application/json",
         R"({"kind":"Status","message":"nodes is forbidden: \"joe\"","code":403})",
         "the API server answered 403: nodes is forbidden: \"joe\""},
        {"a Status in protobuf", 410, "application/vnd.kubernetes.protobuf",
         status(410, "too old resource version"), "the API server answered 410: too old resource version"},
        {"text", 429, "text/plain; charset=utf-8", "Too many requests, please try again later.\n",
         "the API server answered 429: Too many requests, please try again later."},
        {"JSON that is no Status", 400, "application/json", "[1]", "the API server answered 400: [1]"},
        {"JSON that is none", 502, "application/json", "<html>\r\n\x1b[31mBad",
         "the API server answered 502: <html>   [31mBad"},
        {"protobuf that is none", 500, "application/vnd.kubernetes.protobuf", "\xff\xff",
         "the API server answered 500"},
        {"protobuf that is no Status", 500, "application/vnd.kubernetes.protobuf",
         envelope("v1", "Node", "\x1a\x01x"), "the API server answered 500"},
        {"nothing", 503, "", "", "the API server answered 503"},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            const Failure failure = failure_from_answer(c.http_status, c.content_type, c.body);
            CHECK(failure.code == Errc::refused);
            CHECK(failure.http_status == c.http_status);
            CHECK(failure.text() == c.text);
        }
}

TEST_CASE("A failure's message is bounded") {
    CHECK(failure_from_answer(500, "text/plain", std::string(5000, 'x')).message == std::string(512, 'x'));
}

TEST_CASE("A failure without an answer says why") {
    CHECK(Failure{net::Errc::timeout}.text() == make_error_code(net::Errc::timeout).message());
    CHECK(Failure{Errc::watch_error, 410, "too old"}.text() ==
          "the API server ended the watch with 410: too old");
    CHECK(Failure{Errc::watch_error}.text() == "the API server ended the watch with an error");
}

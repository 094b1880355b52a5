// SPDX-License-Identifier: Apache-2.0
#include "kube/failure.hpp"

#include "net/stages.hpp"
#include "test/kube/bytes.hpp"

#include <catch2/catch.hpp>

#include <netdb.h>

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
        {"neither form", 406, "", "",
         "the API server answered 406 (it speaks neither protobuf nor JSON, which is all that topd reads)"},
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

TEST_CASE("A failure has a hint for the stage that was waited for") {
    struct Case {
        net::Error error;
        const char* word;
    };
    const Case cases[] = {{net::TimedOut::look_up, "dnsPolicy"},
                          {{EAI_AGAIN, net::look_up_category()}, "dnsPolicy"},
                          {net::TimedOut::connect, "nothing answers at the API server's address"},
                          {net::TimedOut::handshake, "MTU"},
                          {net::silent_for(std::chrono::seconds{30}), "MTU"},
                          {net::TimedOut::answer, "does not answer in time"},
                          {net::TimedOut::end, "does not answer in time"}};
    for (const Case& c : cases) {
        CAPTURE(c.error.message());
        CHECK(Failure{c.error}.hint().find(c.word) != std::string_view::npos);
        // It did answer.
        CHECK(Failure{c.error, 500}.hint().empty());
    }
    CHECK(Failure{Errc::malformed}.hint().empty());
}

// SPDX-License-Identifier: Apache-2.0
#include "net/http/refusal.hpp"

#include <algorithm>

namespace net {

Response plain_answer(unsigned status, std::string_view text) {
    Response response;
    response.status = status;
    response.headers.add("Content-Type", "text/plain; charset=utf-8");
    response.body = text;
    response.close = true;
    return response;
}

namespace {

// The one coding that bodies may come in; there is none in HTTP/1.0, and none is the same as its absence.
bool knows_coding(const Headers& headers) {
    const auto codings = headers.all("Transfer-Encoding");
    return codings.empty() || (codings.size() == 1 && equal_ignoring_case(codings[0], "chunked"));
}

// golang.org/x/net/http/httpguts, ValidHostHeader.
bool is_host(std::string_view host) {
    constexpr std::string_view kMarks = "!$%&'()*+,-.:;=[]_~";
    return std::all_of(host.begin(), host.end(), [&](char c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (c >= '0' && c <= '9') || kMarks.find(c) != std::string_view::npos;
    });
}

// As k8s.io/apiserver says it (pkg/server/filters/maxinflight.go): its clients ask again.
Response too_much() {
    Response response = plain_answer(429, "Too many requests, please try again later.\n");
    response.headers.add("Retry-After", "1");
    return response;
}

}  // namespace

std::optional<Response> refusal(const Request& head) {
    if (!knows_coding(head.headers)) return plain_answer(501, "Unsupported transfer encoding");
    const auto hosts = head.headers.all("Host");
    if (head.version == 11 && hosts.empty())
        return plain_answer(400, "400 Bad Request: missing required Host header");
    if (hosts.size() > 1) return plain_answer(400, "400 Bad Request: too many Host headers");
    if (!hosts.empty() && !is_host(hosts[0]))
        return plain_answer(400, "400 Bad Request: malformed Host header");
    const std::string_view expect = head.headers.find("Expect").value_or("");
    if (expect.empty() || head.headers.has_token("Expect", "100-continue")) return std::nullopt;
    Response failed;
    failed.status = 417;
    return failed;
}

std::optional<Response> answer_to(Error why) {
    if (why == Errc::bad_message) return plain_answer(400, "400 Bad Request");
    if (why == Errc::head_too_large) return plain_answer(431, "431 Request Header Fields Too Large");
    if (why == Errc::body_too_large) return plain_answer(413, "413 Request Entity Too Large");
    if (why == Errc::overloaded) return too_much();
    return std::nullopt;
}

}  // namespace net

// SPDX-License-Identifier: Apache-2.0
#include "net/http/writer.hpp"

#include <charconv>

#include <boost/beast/http/status.hpp>

namespace net {
namespace {

void append_number(std::string& out, std::size_t value, int base = 10) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, value, base).ptr;
    out.append(digits, end);
}

// A value with a line break would start a new field: it is cut there. Ours never hold one, echoed ones might.
void append_field(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value.substr(0, value.find_first_of("\r\n"))).append("\r\n");
}

void append_length(std::string& out, std::size_t length) {
    out.append("Content-Length: ");
    append_number(out, length);
    out.append("\r\n");
}

}  // namespace

void write_request_head(std::string& out, const Request& request, std::string_view authority) {
    out.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\n");
    if (!request.headers.contains("Host")) append_field(out, "Host", authority);
    for (const auto& [name, value] : request.headers) append_field(out, name, value);
    const bool carries = request.method != "GET" && request.method != "HEAD";
    if (carries || !request.body.empty()) append_length(out, request.body.size());
    out.append("\r\n");
}

void write_response_head(std::string& out, const Response& response, int version, Framing framing,
                         std::size_t length, bool keep_alive, std::string_view date) {
    out.append(version == 10 ? "HTTP/1.0 " : "HTTP/1.1 ");
    append_number(out, response.status);
    const auto reason =
        boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(response.status));
    out.append(" ").append(reason.data(), reason.size()).append("\r\n");
    for (const auto& [name, value] : response.headers) append_field(out, name, value);
    if (!response.headers.contains("Date")) append_field(out, "Date", date);
    if (framing == Framing::length && !without_body(response.status)) append_length(out, length);
    if (framing == Framing::chunked) out.append("Transfer-Encoding: chunked\r\n");
    if (!keep_alive) out.append("Connection: close\r\n");
    if (keep_alive && version == 10) out.append("Connection: keep-alive\r\n");
    out.append("\r\n");
}

void frame_chunk(std::string& out, std::size_t from) {
    const std::size_t size = out.size() - from;
    if (size == 0) return;
    std::string head;
    append_number(head, size, 16);
    head.append("\r\n");
    out.insert(from, head).append("\r\n");
}

bool without_body(unsigned status) {
    return status / 100 == 1 || status == 204 || status == 304;
}

}  // namespace net

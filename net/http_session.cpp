// SPDX-License-Identifier: Apache-2.0
#include "net/http_session.hpp"

#include "telemetry/log.hpp"

#include <algorithm>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace net {
namespace {

constexpr std::size_t kKeptCapacity = 16 * 1024;
constexpr std::chrono::milliseconds kDrainTime{500};
constexpr std::size_t kDrainBytes = 1024 * 1024;

Response plain(unsigned status, std::string_view text) {
    Response response;
    response.status = status;
    response.headers.add("Content-Type", "text/plain; charset=utf-8");
    response.body = text;
    response.close = true;
    return response;
}

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

// Why a request with this head is not served, in the words of Go's net/http; nullopt: it is.
std::optional<Response> refusal(const Request& head) {
    if (!knows_coding(head.headers)) return plain(501, "Unsupported transfer encoding");
    const auto hosts = head.headers.all("Host");
    if (head.version == 11 && hosts.empty())
        return plain(400, "400 Bad Request: missing required Host header");
    if (hosts.size() > 1) return plain(400, "400 Bad Request: too many Host headers");
    if (!hosts.empty() && !is_host(hosts[0])) return plain(400, "400 Bad Request: malformed Host header");
    const std::string_view expect = head.headers.find("Expect").value_or("");
    if (expect.empty() || head.headers.has_token("Expect", "100-continue")) return std::nullopt;
    Response failed;
    failed.status = 417;
    return failed;
}

}  // namespace

HttpSession::HttpSession(Connection connection, const ServerOptions& options, RequestHandler& handler)
    : connection_{std::move(connection)},
      options_{options},
      handler_{handler},
      certificate_{connection_.peer_certificate()},
      local_{connection_.local()},
      remote_{connection_.remote()} {}

void HttpSession::stop() {
    stopping_ = true;
    if (idle_) connection_.interrupt();
}

Task<> HttpSession::run() {
    while (!stopping_) {
        std::optional<Request> request = co_await next_request();
        if (!request) break;
        idle_ = false;
        const int version = request->version;
        const bool head_only = request->method == "HEAD";
        Response response = co_await answer(std::move(*request));
        const bool keep = client_keeps_ && !response.close && !stopping_;
        const bool sent = co_await send(response, version, head_only, keep);
        idle_ = true;
        // Not a goodbye but a cut: the client must see that the answer is incomplete.
        if (!sent) co_return;
        if (!keep) break;
    }
    connection_.close();
}

Task<Response> HttpSession::answer(Request request) {
    try {
        co_return co_await handler_.respond(std::move(request));
    } catch (const boost::system::system_error& error) {
        // Cancelled: not ours to swallow.
        if (error.code() == boost::asio::error::operation_aborted) throw;
        telemetry::error("A request failed", {{"err", error.what()}});
    } catch (const std::exception& error) {
        telemetry::error("A request failed", {{"err", error.what()}});
    }
    co_return plain(500, "Internal Server Error\n");
}

Task<std::optional<Request>> HttpSession::next_request() {
    RequestReader reader{options_.head_bytes, options_.body_bytes};
    Result<> read = co_await read_into(reader);
    if (!read) {
        // A client that says nothing more is at its end; one that stops in the middle is not well.
        if (reader.begun() || !unused_.empty())
            telemetry::info("Dropped a request that did not come whole",
                            {{"err", read.error().message()}, {"remote", remote_.address().to_string()}});
        co_await refuse(read.error());
        co_return std::nullopt;
    }
    if (auto response = refusal(reader.request())) {
        co_await turn_away(std::move(*response));
        co_return std::nullopt;
    }
    client_keeps_ = reader.keep_alive();
    Request request = reader.take();
    request.certificate = certificate_;
    request.local = local_;
    request.remote = remote_;
    request.received_at = Clock::now();
    co_return request;
}

// Feeds what the connection has given so far; the rest stays for the next request.
Result<> HttpSession::feed(RequestReader& reader) {
    std::size_t used = 0;
    while (!reader.done() && used < unused_.size()) {
        auto fed = reader.feed(std::string_view{unused_}.substr(used));
        if (!fed) return fed.error();
        if (*fed == 0) break;
        used += *fed;
    }
    unused_.erase(0, used);
    if (unused_.empty() && unused_.capacity() > kKeptCapacity) std::string{}.swap(unused_);
    return {};
}

// The first byte may take the idle time; head and body then have limits of their own.
Task<Result<>> HttpSession::read_into(RequestReader& reader) {
    Deadline deadline = Clock::now() + options_.idle_timeout;
    bool begun = false;
    bool head_done = false;
    for (;;) {
        const bool something = !unused_.empty();
        Result<> fed = feed(reader);
        if (!fed) co_return fed.error();
        if (reader.done()) co_return Result<>{};
        if (!begun && something) {
            begun = true;
            deadline = Clock::now() + options_.head_timeout;
        }
        if (!head_done && reader.head_done()) {
            head_done = true;
            deadline = Clock::now() + options_.body_timeout;
            if (refusal(reader.request())) co_return Result<>{};
            if (reader.expects_continue()) {
                Result<> told = co_await connection_.write("HTTP/1.1 100 Continue\r\n\r\n", deadline);
                if (!told) co_return told.error();
            }
        }
        // Mostly nothing has come yet: no use in trying to read before.
        Result<> ready = co_await connection_.wait_readable(deadline);
        if (!ready) co_return ready.error();
        auto got = co_await connection_.read_some(scratch(), deadline);
        if (!got) co_return got.error();
        unused_.append(scratch().data(), *got);
    }
}

// Says why where HTTP has a word for it.
Task<> HttpSession::refuse(Error why) {
    Response response;
    if (why == Errc::bad_message)
        response = plain(400, "400 Bad Request");
    else if (why == Errc::head_too_large)
        response = plain(431, "431 Request Header Fields Too Large");
    else if (why == Errc::body_too_large)
        response = plain(413, "413 Request Entity Too Large");
    else
        co_return;
    co_await turn_away(std::move(response));
}

Task<> HttpSession::turn_away(Response response) {
    const bool sent = co_await send(response, 11, false, false);
    if (sent) co_await drain();
}

// A socket closed with unread bytes resets the connection, and the client may lose the answer: so what it is
// still sending is read, within bounds.
Task<> HttpSession::drain() {
    const Deadline deadline = Clock::now() + kDrainTime;
    for (std::size_t left = kDrainBytes; left > 0;) {
        auto got = co_await connection_.read_some(scratch(), deadline);
        if (!got) co_return;
        left -= std::min(left, *got);
    }
}

Task<bool> HttpSession::send(Response& response, int version, bool head_only, bool keep) {
    Framing framing = Framing::length;
    if (response.source && version == 11) framing = Framing::chunked;
    if (response.source && version != 11) framing = Framing::until_close;
    keep = keep && framing != Framing::until_close;

    std::string out;
    write_response_head(out, response, version, framing, response.body.size(), keep,
                        http_date(std::time(nullptr)));
    if (!head_only && !without_body(response.status)) {
        out += response.body;
        if (response.source) co_return co_await send_stream(response, out, framing);
    }
    Result<> sent = co_await connection_.write(out, Clock::now() + options_.write_timeout);
    co_return sent.has_value();
}

// `out` holds the head, and the part of the body that is ready. A piece is written before the next is made,
// so that memory in flight is bounded by one piece, and the loop turns between two.
Task<bool> HttpSession::send_stream(Response& response, std::string& out, Framing framing) {
    std::size_t from = out.size() - response.body.size();
    for (Piece piece = Piece::more; piece == Piece::more;) {
        auto next = co_await response.source->next(out);
        if (!next) co_return false;
        piece = *next;
        if (framing == Framing::chunked) frame_chunk(out, from);
        if (framing == Framing::chunked && piece == Piece::last) out += kLastChunk;
        Result<> sent = co_await connection_.write(out, Clock::now() + options_.write_timeout);
        if (!sent) co_return false;
        out.clear();
        from = 0;
    }
    co_return true;
}

}  // namespace net

// SPDX-License-Identifier: Apache-2.0
#include "net/http/session.hpp"

#include "net/http/date.hpp"
#include "net/http/refusal.hpp"
#include "net/yield.hpp"
#include "telemetry/log.hpp"

#include <algorithm>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace net {
namespace {

constexpr std::size_t kKeptCapacity = 16 * 1024;
constexpr std::chrono::milliseconds kDrainTime{500};
constexpr std::size_t kDrainBytes = 1024 * 1024;

}  // namespace

HttpSession::HttpSession(Connection connection, SessionShares& shares, std::optional<TlsServer> tls)
    : connection_{std::move(connection)},
      shares_{shares},
      local_{connection_.local()},
      remote_{connection_.remote()} {
    if (tls)
        handshake_.emplace(connection_, std::move(*tls), shares.pace,
                           static_cast<const Admission::Guest&>(*this));
    enter(shares.admission, remote_.address());
}

void HttpSession::stop() {
    stopping_ = true;
    if (idle_) interrupt();
}

void HttpSession::on_dropped() {
    ++shares_.counts.dropped_connections;
    stopping_ = dropped_ = true;
    interrupt();
}

void HttpSession::on_shortage() {
    short_of_memory_ = true;
    interrupt();
}

void HttpSession::interrupt() {
    connection_.interrupt();
    if (handshake_) handshake_->stop();
}

Task<> HttpSession::run() {
    if (handshake_) {
        const bool shaken = co_await shake_hands();
        if (!shaken) co_return;
    }
    while (!stopping_) {
        std::optional<Request> request = co_await next_request();
        if (!request) break;
        idle_ = false;
        set_state(Admission::State::answering);
        const int version = request->version;
        const bool head_only = request->method == "HEAD";
        Response response = co_await answer(std::move(*request));
        shares_.memory.release(*this);
        if (response.client_proven) prove();
        set_state(Admission::State::sending);
        const bool keep = client_keeps_ && !response.close && !stopping_;
        const bool sent = co_await send(response, version, head_only, keep);
        idle_ = true;
        set_state(Admission::State::idle);
        // Not a goodbye but a cut: the client must see that the answer is incomplete.
        if (!sent) co_return;
        if (!keep) break;
        // Requests that were sent together let others in between.
        if (!unused_.empty()) co_await yield();
    }
    connection_.close();
}

Task<bool> HttpSession::shake_hands() {
    Result<> shaken = co_await handshake_->run(Clock::now() + shares_.options.handshake_timeout);
    handshake_.reset();
    if (shaken) {
        certificate_ = connection_.peer_certificate();
        if (shares_.certificates.hold(shown_bytes_, certificate_.kept_bytes(), false)) co_return true;
        ++shares_.counts.dropped_connections;
        co_return false;
    }
    if (shaken.error() == Errc::stopped) co_return false;
    ++shares_.counts.handshake_errors;
    log("TLS handshake error", shaken.error());
    co_return false;
}

void HttpSession::prove() {
    set_proven();
    shares_.certificates.release(shown_bytes_);
}

void HttpSession::log(std::string_view message, Error why) {
    telemetry::paced_info(message, {{"err", why.message()}, {"remote", remote_.address().to_string()}});
}

Task<Response> HttpSession::answer(Request request) {
    try {
        co_return co_await shares_.handler.respond(std::move(request));
    } catch (const boost::system::system_error& error) {
        // Cancelled: not ours to swallow.
        if (error.code() == boost::asio::error::operation_aborted) throw;
        telemetry::paced_error("A request failed", {{"err", error.what()}});
    } catch (const std::exception& error) {
        telemetry::paced_error("A request failed", {{"err", error.what()}});
    }
    co_return plain_answer(500, "Internal Server Error\n");
}

Task<std::optional<Request>> HttpSession::next_request() {
    RequestReader reader{shares_.options.head_bytes, shares_.options.body_bytes};
    Result<> read = co_await read_into(reader);
    if (!read) {
        const Error why = short_of_memory_ ? make_error_code(Errc::overloaded) : read.error();
        // A client that says nothing more is at its end; one that stops in the middle is not well.
        if (reader.begun() || !unused_.empty()) log("Dropped a request that did not come whole", why);
        co_await refuse(why);
        co_return std::nullopt;
    }
    shares_.memory.settle(*this);
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
    Deadline deadline = Clock::now() + shares_.options.idle_timeout;
    bool begun = false;
    bool head_done = false;
    for (;;) {
        const bool something = !unused_.empty();
        Result<> fed = feed(reader);
        if (!fed) co_return fed.error();
        const bool fits = shares_.memory.hold(*this, unused_.size() + reader.bytes(), proven());
        if (!fits) co_return make_error_code(Errc::overloaded);
        if (reader.done()) co_return Result<>{};
        if (!begun && something) {
            begun = true;
            deadline = Clock::now() + shares_.options.head_timeout;
        }
        if (!head_done && reader.head_done()) {
            head_done = true;
            deadline = Clock::now() + shares_.options.body_timeout;
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
    auto response = answer_to(why);
    if (response) co_await turn_away(std::move(*response));
}

Task<> HttpSession::turn_away(Response response) {
    std::string{}.swap(unused_);
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

    const Deadline deadline = std::min(response.send_by, Clock::now() + shares_.options.write_timeout);
    std::string out;
    write_response_head(out, response, version, framing, response.body.size(), keep,
                        http_date(std::time(nullptr)));
    if (!head_only && !without_body(response.status)) {
        out += response.body;
        if (response.source) co_return co_await send_stream(response, out, framing, deadline);
    }
    Result<> sent = co_await connection_.write(out, deadline);
    co_return sent.has_value();
}

// `out` holds the head, and the part of the body that is ready. A piece is written before the next is made,
// so that memory in flight is bounded by one piece, and the loop turns between two.
Task<bool> HttpSession::send_stream(Response& response, std::string& out, Framing framing,
                                    Deadline deadline) {
    std::size_t from = out.size() - response.body.size();
    for (Piece piece = Piece::more; piece == Piece::more;) {
        if (deadline <= Clock::now()) co_return false;
        auto next = co_await response.source->next(out);
        if (!next || dropped_) co_return false;
        piece = *next;
        if (framing == Framing::chunked) frame_chunk(out, from);
        if (framing == Framing::chunked && piece == Piece::last) out += kLastChunk;
        Result<> sent = co_await connection_.write(out, deadline);
        if (!sent) co_return false;
        out.clear();
        from = 0;
    }
    co_return true;
}

}  // namespace net

// SPDX-License-Identifier: Apache-2.0
#include "net/http/reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

namespace net {
namespace {

namespace http = boost::beast::http;
using boost::beast::string_view;
using BeastError = boost::beast::error_code;

std::string_view text_of(string_view text) {
    return {text.data(), text.size()};
}

// One feed() of a parser: what it used, or our word for its complaint.
template <class Parser>
Result<std::size_t> put(Parser& parser, std::string_view bytes) {
    // Beast asserts that it does not look again at a last chunk that is this short.
    const bool between_chunks = parser.is_header_done() && parser.chunked() && parser.chunk_left == 0;
    if (between_chunks && bytes.size() < 5 && bytes.starts_with('0')) return std::size_t{0};
    BeastError error;
    const std::size_t used = parser.put(boost::asio::const_buffer{bytes.data(), bytes.size()}, error);
    // Beast bounds heads and bodies, not the lines between chunks.
    if (error == http::error::need_more && bytes.size() - used > parser.head_bytes)
        return make_error_code(Errc::head_too_large);
    if (!error || error == http::error::need_more) return used;
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        return make_error_code(Errc::head_too_large);
    if (error == http::error::body_limit) return make_error_code(Errc::body_too_large);
    if (error.category() == make_error_code(http::error::bad_method).category())
        return make_error_code(Errc::bad_message);
    return error;
}

}  // namespace

// The head is collected into a Request, the body into its body.
struct RequestReader::Impl final : http::basic_parser<true> {
    Request request;
    std::size_t head_bytes = 0;
    // Of its fields.
    std::size_t fields = 0;
    std::size_t field_bytes = 0;
    bool head_complete = false;
    std::uint64_t chunk_left = 0;

    void on_request_impl(http::verb, string_view method, string_view target, int version,
                         BeastError&) override {
        request.method = text_of(method);
        request.target = text_of(target);
        request.version = version;
    }
    void on_response_impl(int, string_view, int, BeastError&) override {}
    // Trailers are no headers (RFC 9110, 6.5.1): a proxy that vouches for the head lets those of its client
    // pass.
    void on_field_impl(http::field, string_view name, string_view value, BeastError& error) override {
        if (++fields > kMaxFields) error = make_error_code(Errc::head_too_large);
        if (head_complete || error) return;
        field_bytes += sizeof(Headers::Field) + name.size() + value.size();
        request.headers.add(text_of(name), text_of(value));
    }
    void on_header_impl(BeastError&) override { head_complete = true; }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, BeastError&) override {}
    std::size_t on_body_impl(string_view body, BeastError&) override {
        request.body.append(body.data(), body.size());
        return body.size();
    }
    void on_chunk_header_impl(std::uint64_t size, string_view, BeastError&) override { chunk_left = size; }
    std::size_t on_chunk_body_impl(std::uint64_t, string_view body, BeastError& error) override {
        chunk_left -= body.size();
        return on_body_impl(body, error);
    }
    void on_finish_impl(BeastError&) override {}
};

RequestReader::RequestReader(std::size_t head_bytes, std::size_t body_bytes)
    : impl_{std::make_unique<Impl>()} {
    impl_->head_bytes = head_bytes;
    impl_->header_limit(static_cast<std::uint32_t>(head_bytes));
    impl_->body_limit(body_bytes);
    impl_->eager(true);
}
RequestReader::RequestReader(RequestReader&&) noexcept = default;
RequestReader::~RequestReader() = default;

Result<std::size_t> RequestReader::feed(std::string_view bytes) {
    return put(*impl_, bytes);
}
bool RequestReader::begun() const {
    return impl_->got_some();
}
bool RequestReader::head_done() const {
    return impl_->head_complete;
}
bool RequestReader::done() const {
    return impl_->is_done();
}
std::size_t RequestReader::bytes() const {
    return impl_->field_bytes + impl_->request.target.size() + impl_->request.body.size();
}
bool RequestReader::keep_alive() const {
    return impl_->keep_alive();
}
const Request& RequestReader::request() const {
    return impl_->request;
}
Request RequestReader::take() {
    return std::move(impl_->request);
}

bool RequestReader::expects_continue() const {
    // HTTP/1.0 has no such answer (RFC 9110, 10.1.1).
    const Request& request = impl_->request;
    return request.version == 11 && request.headers.has_token("Expect", "100-continue");
}

// The body goes straight from the caller's bytes to the sink.
struct ResponseReader::Impl final : http::basic_parser<false> {
    explicit Impl(BodySink& s) : sink{s} {}

    BodySink& sink;
    ResponseHead head;
    std::size_t head_bytes = 0;
    std::uint64_t chunk_left = 0;

    void on_request_impl(http::verb, string_view, string_view, int, BeastError&) override {}
    void on_response_impl(int code, string_view, int, BeastError&) override {
        head.status = static_cast<unsigned>(code);
    }
    void on_field_impl(http::field, string_view name, string_view value, BeastError&) override {
        if (!is_header_done()) head.headers.add(text_of(name), text_of(value));
    }
    void on_header_impl(BeastError& error) override {
        head.keep_alive = keep_alive();
        if (auto taken = sink.head(head); !taken) error = taken.error();
    }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, BeastError&) override {}
    std::size_t on_body_impl(string_view body, BeastError& error) override {
        if (auto taken = sink.body(text_of(body)); !taken) error = taken.error();
        return body.size();
    }
    void on_chunk_header_impl(std::uint64_t size, string_view, BeastError&) override { chunk_left = size; }
    std::size_t on_chunk_body_impl(std::uint64_t, string_view body, BeastError& error) override {
        chunk_left -= body.size();
        return on_body_impl(body, error);
    }
    void on_finish_impl(BeastError&) override {}
};

ResponseReader::ResponseReader(std::size_t head_bytes, std::uint64_t body_bytes, BodySink& sink,
                               bool head_request)
    : impl_{std::make_unique<Impl>(sink)} {
    impl_->head_bytes = head_bytes;
    impl_->header_limit(static_cast<std::uint32_t>(head_bytes));
    impl_->body_limit(body_bytes);
    impl_->eager(true);
    impl_->skip(head_request);
}
ResponseReader::ResponseReader(ResponseReader&&) noexcept = default;
ResponseReader::~ResponseReader() = default;

Result<std::size_t> ResponseReader::feed(std::string_view bytes) {
    return put(*impl_, bytes);
}
bool ResponseReader::begun() const {
    return impl_->got_some();
}
bool ResponseReader::head_done() const {
    return impl_->is_header_done();
}
bool ResponseReader::done() const {
    return impl_->is_done();
}
const ResponseHead& ResponseReader::head() const {
    return impl_->head;
}
ResponseHead ResponseReader::take_head() {
    return std::move(impl_->head);
}

Result<> ResponseReader::end_of_stream() {
    if (!impl_->got_some()) return make_error_code(Errc::closed);
    if (!impl_->is_header_done()) return make_error_code(Errc::cut_short);
    BeastError error;
    impl_->put_eof(error);
    if (error) return make_error_code(Errc::cut_short);
    return {};
}

}  // namespace net

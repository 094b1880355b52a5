// SPDX-License-Identifier: Apache-2.0
#include "net/http_client.hpp"

#include "net/connection.hpp"
#include "net/http_reader.hpp"
#include "net/http_writer.hpp"
#include "net/resolver.hpp"
#include "net/scratch.hpp"

#include <algorithm>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace net {
namespace {

// After so many bytes without a wait others get their turn.
constexpr std::size_t kYieldBytes = 1024 * 1024;

}  // namespace

std::string Origin::authority() const {
    const bool ipv6 = host.find(':') != std::string::npos;
    return (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

struct HttpClient::Impl {
    Impl(Executor e, Origin o)
        : executor{std::move(e)}, origin{std::move(o)}, authority{origin.authority()} {}

    Task<Result<>> open(Deadline deadline);
    Task<Result<>> read_answer(ResponseReader& reader, const ExchangeLimits& limits);
    Result<> feed(ResponseReader& reader, std::string_view fresh);
    Task<Result<ResponseHead>> attempt(const Request& request, BodySink& sink, const ExchangeLimits& limits,
                                       bool& answer_begun);

    Executor executor;
    Origin origin;
    std::string authority;
    std::optional<Connection> connection;
    Unused unused;
};

// Tries the host's addresses in turn until one is connected.
Task<Result<>> HttpClient::Impl::open(Deadline deadline) {
    auto endpoints = co_await resolve(origin.host, origin.port, deadline);
    if (!endpoints) co_return endpoints.error();
    Error last = make_error_code(Errc::unknown_host);
    for (const auto& endpoint : *endpoints) {
        const TlsClient* tls = origin.tls ? &*origin.tls : nullptr;
        std::string name = origin.server_name.empty() ? origin.host : origin.server_name;
        auto opened = co_await Connection::connect(endpoint, tls, std::move(name), deadline);
        if (opened) {
            connection.emplace(std::move(*opened));
            unused.keep({});
            co_return Result<>{};
        }
        last = opened.error();
    }
    co_return last;
}

Task<Result<>> HttpClient::Impl::read_answer(ResponseReader& reader, const ExchangeLimits& limits) {
    std::size_t in_a_row = 0;
    while (!reader.done()) {
        Deadline by = limits.deadline;
        if (limits.idle.count() > 0 && reader.head_done()) by = std::min(by, Clock::now() + limits.idle);
        auto got = co_await connection->read_some(scratch(), by);
        if (!got && got.error() == Errc::closed) co_return reader.end_of_stream();
        if (!got) co_return got.error();
        Result<> fed = feed(reader, {scratch().data(), *got});
        if (!fed) co_return fed.error();
        in_a_row += *got;
        if (in_a_row < kYieldBytes) continue;
        // A peer that is faster than we are must not hold the loop.
        in_a_row = 0;
        co_await boost::asio::post(executor, boost::asio::use_awaitable);
    }
    co_return Result<>{};
}

Result<> HttpClient::Impl::feed(ResponseReader& reader, std::string_view fresh) {
    const std::string_view bytes = unused.with(fresh);
    std::size_t used = 0;
    while (!reader.done() && used < bytes.size()) {
        auto fed = reader.feed(bytes.substr(used));
        if (!fed) return fed.error();
        if (*fed == 0) break;
        used += *fed;
    }
    unused.keep(bytes.substr(used));
    return {};
}

Task<Result<ResponseHead>> HttpClient::Impl::attempt(const Request& request, BodySink& sink,
                                                     const ExchangeLimits& limits, bool& answer_begun) {
    if (!connection) {
        Result<> opened = co_await open(limits.deadline);
        if (!opened) co_return opened.error();
    }
    std::string head;
    write_request_head(head, request, authority);
    head += request.body;
    Result<> sent = co_await connection->write(head, limits.deadline);
    if (!sent) co_return sent.error();

    // The answer takes its time: no use in trying to read before.
    Result<> ready = co_await connection->wait_readable(limits.deadline);
    if (!ready) co_return ready.error();
    ResponseReader reader{limits.head_bytes, limits.body_bytes, sink, request.method == "HEAD"};
    Result<> read = co_await read_answer(reader, limits);
    answer_begun = reader.begun();
    if (!read) co_return read.error();
    // Bytes after the answer belong to nothing that we asked.
    if (!reader.head().keep_alive || !unused.empty()) connection.reset();
    co_return reader.take_head();
}

HttpClient::HttpClient(Executor executor, Origin origin)
    : impl_{std::make_unique<Impl>(std::move(executor), std::move(origin))} {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Task<Result<ResponseHead>> HttpClient::exchange(const Request& request, BodySink& sink,
                                                ExchangeLimits limits) {
    const bool kept = impl_->connection.has_value();
    bool answer_begun = false;
    auto answer = co_await impl_->attempt(request, sink, limits, answer_begun);
    if (!answer) impl_->connection.reset();
    // Closed while it was idle, which only shows when it is used.
    const bool stale = !answer && kept && !answer_begun && answer.error() != Errc::timeout &&
                       answer.error() != Errc::stopped;
    if (!stale) co_return answer;
    answer = co_await impl_->attempt(request, sink, limits, answer_begun);
    if (!answer) impl_->connection.reset();
    co_return answer;
}

const Origin& HttpClient::origin() const {
    return impl_->origin;
}
bool HttpClient::connected() const {
    return impl_->connection.has_value();
}
void HttpClient::disconnect() {
    impl_->connection.reset();
}

}  // namespace net

// SPDX-License-Identifier: Apache-2.0
#include "net/http/client.hpp"

#include "net/dial.hpp"
#include "net/http/reader.hpp"
#include "net/http/scratch.hpp"
#include "net/http/writer.hpp"

#include <algorithm>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace net {
namespace {

// After so many bytes without a wait others get their turn.
constexpr std::size_t kYieldBytes = 1024 * 1024;

// A body that stops in the middle is told from one that is only slow.
constexpr std::chrono::seconds kSilence{1};

// The error of a wait for more of a body.
Error of_body(const Error& error, Clock::time_point since, bool silence_is_over) {
    const auto waited = std::chrono::floor<std::chrono::milliseconds>(Clock::now() - since);
    if (error != Errc::timeout) return error;
    return silence_is_over || waited >= kSilence ? silent_for(waited) : make_error_code(TimedOut::end);
}

class OriginConnector final : public Connector {
  public:
    explicit OriginConnector(Origin origin) : origin_{std::move(origin)} {}

    Task<Result<Connection>> connect(Deadline deadline, StageLimits limits) override {
        DialTarget target;
        target.host = origin_.host;
        target.port = origin_.port;
        target.tls = origin_.tls ? &*origin_.tls : nullptr;
        target.peer_name = origin_.server_name.empty() ? origin_.host : origin_.server_name;
        return dial(std::move(target), deadline, limits);
    }
    std::string authority() const override { return origin_.authority(); }
    std::uint64_t generation() const override { return origin_.tls ? origin_.tls->generation() : 0; }

  private:
    Origin origin_;
};

}  // namespace

std::string Origin::authority() const {
    const bool ipv6 = host.find(':') != std::string::npos;
    return (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

struct HttpClient::Impl {
    Impl(Executor e, Connector& c) : executor{std::move(e)}, connector{c} {}

    Task<Result<>> open(const ExchangeLimits& limits);
    Task<Result<>> read_answer(ResponseReader& reader, const ExchangeLimits& limits, Deadline head_by);
    Result<> feed(ResponseReader& reader, std::string_view fresh);
    Task<Result<ResponseHead>> attempt(const Request& request, BodySink& sink, const ExchangeLimits& limits,
                                       bool& answer_begun);

    Executor executor;
    Connector& connector;
    std::unique_ptr<Connector> own_connector;
    // Of the connection, as the connector gave them.
    std::string authority;
    std::uint64_t generation = 0;
    std::optional<Connection> connection;
    Unused unused;
};

Task<Result<>> HttpClient::Impl::open(const ExchangeLimits& limits) {
    // Asked for first: what changes meanwhile may have come too late for this one.
    const std::uint64_t before = connector.generation();
    auto opened = co_await connector.connect(limits.deadline, limits.stages);
    if (!opened) co_return opened.error();
    connection.emplace(std::move(*opened));
    authority = connector.authority();
    generation = before;
    unused.keep({});
    co_return Result<>{};
}

Task<Result<>> HttpClient::Impl::read_answer(ResponseReader& reader, const ExchangeLimits& limits,
                                             Deadline head_by) {
    std::size_t in_a_row = 0;
    while (!reader.done()) {
        const Clock::time_point since = Clock::now();
        const bool head_done = reader.head_done();
        const Deadline by = head_done ? within(limits.deadline, limits.stages.silence) : head_by;
        auto got = co_await connection->read_some(scratch(), by);
        if (!got && got.error() == Errc::closed) co_return reader.end_of_stream();
        if (!got && !head_done) co_return of_stage(got.error(), TimedOut::answer);
        if (!got) co_return of_body(got.error(), since, by < limits.deadline);
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
        Result<> opened = co_await open(limits);
        if (!opened) co_return opened.error();
    }
    std::string head;
    write_request_head(head, request, authority);
    head += request.body;
    const Deadline by = within(limits.deadline, limits.stages.answer);
    Result<> sent = co_await connection->write(head, by);
    if (!sent) co_return of_stage(sent.error(), TimedOut::answer);

    // The answer takes its time: no use in trying to read before.
    Result<> ready = co_await connection->wait_readable(by);
    if (!ready) co_return of_stage(ready.error(), TimedOut::answer);
    ResponseReader reader{limits.head_bytes, limits.body_bytes, sink, request.method == "HEAD"};
    Result<> read = co_await read_answer(reader, limits, by);
    answer_begun = reader.begun();
    if (!read) co_return read.error();
    // Bytes after the answer belong to nothing that we asked.
    if (!reader.head().keep_alive || !unused.empty()) connection.reset();
    co_return reader.take_head();
}

HttpClient::HttpClient(Executor executor, Connector& connector)
    : impl_{std::make_unique<Impl>(std::move(executor), connector)} {}
HttpClient::HttpClient(Executor executor, Origin origin) {
    auto connector = std::make_unique<OriginConnector>(std::move(origin));
    impl_ = std::make_unique<Impl>(std::move(executor), *connector);
    impl_->own_connector = std::move(connector);
}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Task<Result<ResponseHead>> HttpClient::exchange(const Request& request, BodySink& sink,
                                                ExchangeLimits limits) {
    if (impl_->connection && impl_->generation != impl_->connector.generation()) impl_->connection.reset();
    const bool kept = impl_->connection.has_value();
    bool answer_begun = false;
    auto answer = co_await impl_->attempt(request, sink, limits, answer_begun);
    if (!answer) impl_->connection.reset();
    // Closed while it was idle, which only shows when it is used.
    const bool stale =
        !answer && kept && !answer_begun && !is_timeout(answer.error()) && answer.error() != Errc::stopped;
    if (!stale) co_return answer;
    answer = co_await impl_->attempt(request, sink, limits, answer_begun);
    if (!answer) impl_->connection.reset();
    co_return answer;
}

std::string HttpClient::authority() const {
    return impl_->connector.authority();
}
bool HttpClient::connected() const {
    return impl_->connection.has_value();
}
void HttpClient::disconnect() {
    impl_->connection.reset();
}

}  // namespace net

// SPDX-License-Identifier: Apache-2.0
#include "apiserver/api.hpp"

#include "apiserver/access.hpp"
#include "apiserver/answer.hpp"
#include "apiserver/auth/impersonation.hpp"
#include "apiserver/auth/wanted_user.hpp"
#include "apiserver/compression/compression.hpp"
#include "apiserver/endpoints.hpp"
#include "apiserver/exposition/request_metrics.hpp"
#include "apiserver/in_flight.hpp"
#include "apiserver/request/request_info.hpp"
#include "apiserver/request_deadline.hpp"
#include "apiserver/routes.hpp"
#include "apiserver/status.hpp"
#include "text/go_text.hpp"

#include <optional>
#include <random>
#include <utility>

namespace apiserver {
namespace {

// A longer one is not echoed.
constexpr std::size_t kMaxAuditId = 256;

// Go's http.Server answers a request line it cannot read so.
net::Response bad_target() {
    net::Response response = answer_text(400, "400 Bad Request");
    response.close = true;
    return response;
}

net::Response path_too_long() {
    net::Response response = answer_text(414, "414 Request-URI Too Long");
    response.close = true;
    return response;
}

net::Response internal_error(const net::Request& request, std::string_view why) {
    const std::string text =
        "Internal Server Error: " + text::quoted(request.target) + ": " + std::string{why};
    return answer_plain(500, text::html_escaped(text) + "\n");
}

net::Response with_nosniff(net::Response response) {
    response.headers.set("X-Content-Type-Options", "nosniff");
    return response;
}

}  // namespace

struct Api::Impl {
    Impl(const ApiOptions& options, const storage::Store& store, Authenticator& who, Authorizer& whether);

    net::Task<net::Response> respond(net::Request request);
    void write_metrics(telemetry::MetricsText& text);

    net::Task<net::Response> filter(const net::Request& request, RequestMetrics::Measure& measure);
    net::Task<net::Response> identify(const Call& call, InFlight::Place& place);
    net::Task<net::Response> permit(const Call& call, User user, InFlight::Place& place);
    std::string new_audit_id();

    Authenticator& authenticator;
    Authorizer& authorizer;
    Impersonator impersonator;
    Termination termination;
    InFlight in_flight;
    std::chrono::nanoseconds request_timeout;
    std::string strict_transport_security;
    std::function<net::Clock::time_point()> clock;
    Compression compression;
    Endpoints endpoints;
    RequestMetrics requests;
    // Audit ids need to be unique, not secret.
    std::mt19937_64 random{std::random_device{}()};
};

Api::Impl::Impl(const ApiOptions& options, const storage::Store& store, Authenticator& who,
                Authorizer& whether)
    : authenticator{who},
      authorizer{whether},
      impersonator{authorizer},
      in_flight{options.in_flight},
      request_timeout{options.request_timeout},
      strict_transport_security{options.strict_transport_security},
      clock{options.clock},
      compression{options.metrics.gzip_bytes},
      endpoints{options, store, compression},
      requests{endpoints.counted(), options.metrics.monotonic_clock} {}

net::Task<net::Response> Api::Impl::respond(net::Request request) {
    RequestMetrics::Measure measure{requests};
    net::Response response = co_await filter(request, measure);
    compression.compress_object(request, response);
    const std::string_view given = request.headers.find("Audit-Id").value_or("");
    const bool echo = !given.empty() && given.size() <= kMaxAuditId;
    response.headers.set("Audit-Id", echo ? std::string{given} : new_audit_id());
    if (!response.headers.contains("Cache-Control"))
        response.headers.set("Cache-Control", "no-cache, private");
    if (!strict_transport_security.empty())
        response.headers.set("Strict-Transport-Security", strict_transport_security);
    RequestMetrics::Measure::answered(std::move(measure), response);
    co_return response;
}

void Api::Impl::write_metrics(telemetry::MetricsText& text) {
    requests.write(text);
    endpoints.write_freshness(text);
}

net::Task<net::Response> Api::Impl::filter(const net::Request& request, RequestMetrics::Measure& measure) {
    const std::optional<Target> target = parse_target(request.target);
    if (!target) co_return bad_target();
    if (target->path.size() > kMaxPath) co_return path_too_long();
    const Query& query = target->query;
    const auto info = make_request_info(request.method, *target);
    if (!info) co_return internal_error(request, "failed to create RequestInfo: " + info.error().text);
    measure.about(request.method, *info);
    auto refusal = termination.refusal(request, info->path);
    if (refusal) co_return std::move(*refusal);
    const bool timed = request.received_at != net::Clock::time_point{};
    const Query none;
    const bool theirs = endpoints.has_own_timeout(info->path);
    const auto deadline = request_deadline(*info, theirs ? none : query,
                                           timed ? request.received_at : clock(), request_timeout);
    if (!deadline) co_return answer_status(bad_request(deadline.error().text), request, query);

    const std::shared_ptr<InFlight::Place> place = in_flight.enter();
    const Call call{request, query, *info, *deadline, measure};
    net::Response response = co_await identify(call, *place);
    // Too late is as never.
    if (clock() >= *deadline)
        response = answer_timeout();
    else
        response.send_by = *deadline;
    response.held = place;
    co_return response;
}

net::Task<net::Response> Api::Impl::identify(const Call& call, InFlight::Place& place) {
    AuthResult identity = co_await authenticator.authenticate(call.request, call.deadline);
    call.measure.authenticated(identity);
    net::Response response;
    switch (identity.verdict) {
        case AuthResult::Verdict::not_ready:
            response = answer_status(not_ready(), call.request, call.query);
            break;
        case AuthResult::Verdict::refused:
            response = answer_status(unauthorized(), call.request, call.query);
            break;
        case AuthResult::Verdict::busy:
            response = answer_too_many();
            break;
        case AuthResult::Verdict::accepted:
            response = co_await permit(call, std::move(identity.user), place);
    }
    if (!identity.warning.empty()) response.headers.add("Warning", "299 - " + text::quoted(identity.warning));
    co_return response;
}

net::Task<net::Response> Api::Impl::permit(const Call& call, User user, InFlight::Place& place) {
    const auto wanted = wanted_user(call.request.headers);
    if (!wanted)
        co_return with_nosniff(answer_status(bad_request(wanted.error().text), call.request, call.query));
    if (*wanted) {
        auto acting = co_await impersonator.impersonate(**wanted, user, call.info, call.deadline);
        if (!acting) co_return with_nosniff(answer_status(acting.error(), call.request, call.query));
        user = std::move(*acting);
    }
    if (!place.admit(user, call.info)) co_return answer_too_many();
    const Decision decision = co_await authorizer.authorize(user, call.info, call.deadline);
    call.measure.authorized(decision);
    if (decision.verdict == Decision::Verdict::busy) co_return answer_too_many();
    if (decision.verdict == Decision::Verdict::failed)
        co_return internal_error(call.request, decision.reason);
    if (decision.verdict == Decision::Verdict::denied)
        co_return with_nosniff(
            answer_status(forbidden(user, call.info, decision.reason), call.request, call.query));
    net::Response response = co_await endpoints.respond(call);
    response.client_proven = user.name != kAnonymous;
    co_return response;
}

// A version 4 UUID.
std::string Api::Impl::new_audit_id() {
    const std::uint64_t words[] = {random(), random()};
    std::string id = "xxxxxxxx-xxxx-4xxx-xxxx-xxxxxxxxxxxx";
    unsigned digit = 0;
    for (char& c : id) {
        if (c != 'x') continue;
        c = "0123456789abcdef"[(words[digit / 16] >> (digit % 16 * 4)) & 0xf];
        ++digit;
    }
    // The variant is 10 in binary.
    id[19] = "89ab"[words[1] & 3];
    return id;
}

Api::Api(const ApiOptions& options, const storage::Store& store, Authenticator& authenticator,
         Authorizer& authorizer)
    : impl_{std::make_unique<Impl>(options, store, authenticator, authorizer)} {}
Api::~Api() = default;

net::Task<net::Response> Api::respond(net::Request request) {
    return impl_->respond(std::move(request));
}

void Api::shut_down(Termination::Farewell farewell) {
    impl_->termination.begin(farewell);
}

InFlight& Api::in_flight() {
    return impl_->in_flight;
}

void Api::write_metrics(telemetry::MetricsText& text) {
    impl_->write_metrics(text);
}

}  // namespace apiserver

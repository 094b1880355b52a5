// SPDX-License-Identifier: Apache-2.0
#include "apiserver/prometheus/prometheus.hpp"

#include "apiserver/answer.hpp"
#include "apiserver/encode/json_object.hpp"
#include "apiserver/prometheus/answer.hpp"
#include "apiserver/prometheus/answer_parts.hpp"
#include "net/yield.hpp"
#include "query/language/parser.hpp"
#include "telemetry/log.hpp"
#include "text/go_text.hpp"

#include <algorithm>
#include <utility>

#include <boost/system/system_error.hpp>

namespace apiserver {
namespace {

using End = PrometheusEndpoint;
using ParsedSelectors = std::vector<std::vector<query::Matcher>>;

// Each holds its patterns while it waits to be tried.
constexpr std::size_t kMostSelectors = 32;

net::Response not_allowed_here(PrometheusRoute route) {
    net::Response response = answer_plain(405, "405 method not allowed\n");
    response.headers.set("Allow", route.takes_form() ? "GET, HEAD, POST" : "GET, HEAD");
    return response;
}

query::Error of_parameter(std::string_view name, query::Error error) {
    if (error.type == query::ErrorType::bad_data)
        error.text.insert(0, "invalid parameter " + text::quoted(name) + ": ");
    return error;
}

query::Result<ParsedSelectors> parse_selectors(const std::vector<std::string_view>& texts) {
    if (texts.size() > kMostSelectors)
        return query::bad_data("more than " + std::to_string(kMostSelectors) +
                               " match[] parameters are not supported");
    ParsedSelectors out;
    std::size_t patterns = 0;
    for (const std::string_view each : texts) {
        auto matchers = query::parse_selector(each);
        if (!matchers) return of_parameter("match[]", matchers.error());
        for (const query::Matcher& matcher : *matchers) patterns += matcher.is_pattern() ? 1 : 0;
        if (patterns > query::kRegexes)
            return query::bad_data("more than " + std::to_string(query::kRegexes) +
                                   " regular expressions in match[] are not supported");
        out.push_back(std::move(*matchers));
    }
    return out;
}

query::ListingOf listing_of(End endpoint) {
    if (endpoint == End::series) return query::ListingOf::series;
    return endpoint == End::labels ? query::ListingOf::label_names : query::ListingOf::label_values;
}

// Whether it had more.
bool cut(query::Answer& answer, std::size_t limit) {
    if (limit == 0 || (answer.rows.size() <= limit && answer.raw.size() <= limit)) return false;
    if (answer.rows.size() > limit) answer.rows.resize(limit);
    if (answer.raw.size() > limit) answer.raw.resize(limit);
    return true;
}

void append_member(std::string& out, std::string_view key, std::string_view value) {
    text::append_json_string(member(out, key), value);
}

}  // namespace

Prometheus::Prometheus(const query::SeriesSource& source, PrometheusOptions options)
    : source_{source},
      options_{std::move(options)},
      turns_{{.waiting = options_.waiting}},
      answers_{options_.answer_bytes},
      compression_{kGzipBytes} {}

net::Task<std::optional<net::Response>> Prometheus::respond(const net::Request& request,
                                                            std::string_view path, const Query& query) {
    std::optional<net::Response> response;
    const auto route = prometheus_route(path);
    if (!route) co_return response;
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (!reads && !(request.method == "POST" && route->takes_form())) {
        response = not_allowed_here(*route);
        co_return response;
    }
    std::string bug;
    try {
        response = co_await answer(request, *route, query);
    } catch (const boost::system::system_error&) {
        // Cancelled.
        throw;
    } catch (const std::exception& error) {
        bug = error.what();
    }
    if (!response) {
        telemetry::paced_error("A query failed", {{"err", bug}});
        response = answer_api_error(500, "internal", bug);
    }
    co_return response;
}

net::Task<net::Response> Prometheus::answer(const net::Request& request, PrometheusRoute route,
                                            const Query& query) {
    if (request.body.size() > kFormBytes)
        co_return answer_api_error(413, "bad_data", "the body is longer than 1 MiB");
    const auto form = QueryForm::of(request, query);
    if (!form) co_return answer_api_error(form.error());
    switch (route.endpoint) {
        case End::query:
        case End::query_range: {
            auto asked = route.endpoint == End::query ? read_instant_query(*form, options_.wall_clock())
                                                      : read_range_query(*form);
            if (!asked) co_return answer_api_error(asked.error());
            co_return co_await answer_query(request, *asked);
        }
        case End::series:
        case End::labels:
        case End::label_values:
            co_return co_await answer_listing(request, route, *form);
        case End::metadata: {
            const auto asked = read_metadata_request(*form);
            co_return asked ? answer_metadata(*asked) : answer_api_error(asked.error());
        }
        case End::buildinfo:
            co_return answer_build();
        case End::healthy:
            co_return answer_plain(200, "topd is healthy.\n");
        case End::ready:
            break;
    }
    co_return answer_plain(200, "topd is ready.\n");
}

net::Deadline Prometheus::deadline_of(std::optional<std::chrono::nanoseconds> timeout) const {
    const std::chrono::nanoseconds longest = options_.longest_timeout;
    return options_.monotonic_clock() + std::min(timeout.value_or(options_.timeout), longest);
}

net::Task<std::optional<Turns::Turn>> Prometheus::turn(net::Deadline deadline) {
    return turns_.take(std::min(deadline, net::Clock::now() + options_.longest_wait));
}

query::Result<std::unique_ptr<query::Evaluation>> Prometheus::begin(const QueryRequest& asked,
                                                                    net::Deadline deadline) const {
    auto expression = query::parse(asked.text);
    if (!expression) return of_parameter("query", expression.error());
    query::EvaluationOptions options;
    options.limits = options_.limits;
    options.deadline = deadline;
    auto evaluation = std::visit(
        [&](const auto& when) {
            return query::Evaluation::make(std::move(*expression), source_, when, options);
        },
        asked.when);
    if (!evaluation) return of_parameter("query", evaluation.error());
    return evaluation;
}

// False: it failed.
template <class Stepped>
net::Task<bool> Prometheus::finish(Stepped& stepped) {
    using Progress = query::Evaluation::Progress;
    Progress progress = stepped.step(options_.turn_units, options_.monotonic_clock());
    while (progress == Progress::more) {
        co_await net::yield();
        progress = stepped.step(options_.turn_units, options_.monotonic_clock());
    }
    co_return progress == Progress::done;
}

net::Task<net::Response> Prometheus::answer_query(const net::Request& request, QueryRequest asked) {
    const net::Deadline deadline = deadline_of(asked.timeout);
    std::optional<Turns::Turn> own_turn = co_await turn(deadline);
    if (!own_turn) co_return answer_busy();
    auto begun = begin(asked, deadline);
    if (!begun) co_return answer_api_error(begun.error());
    std::unique_ptr<query::Evaluation> evaluation = std::move(*begun);
    const bool done = co_await finish(*evaluation);
    if (!done) co_return answer_api_error(evaluation->error());
    auto lease = answers_.lease(evaluation->usage().held);
    if (!lease) co_return answer_busy();
    Warnings warnings;
    if (cut(evaluation->answer(), asked.limit)) warnings.push_back(kTruncated);
    auto parts = query_parts(std::move(evaluation->answer()), std::move(warnings), std::move(*lease));
    evaluation.reset();
    own_turn.reset();
    co_return co_await answer_parts(request, kJsonType, std::move(parts), compression_);
}

net::Task<net::Response> Prometheus::answer_listing(const net::Request& request, PrometheusRoute route,
                                                    const QueryForm& form) {
    const bool required = route.endpoint == End::series;
    const auto asked = read_listing(form, required ? Selectors::required : Selectors::optional);
    if (!asked) co_return answer_api_error(asked.error());
    query::ListingOptions options{asked->range, asked->limit, options_.limits, deadline_of(std::nullopt)};
    std::optional<Turns::Turn> own_turn = co_await turn(options.deadline);
    if (!own_turn) co_return answer_busy();
    auto selectors = parse_selectors(asked->selectors);
    if (!selectors) co_return answer_api_error(selectors.error());
    std::optional<query::Listing> listing;
    listing.emplace(listing_of(route.endpoint), std::string{route.label}, std::move(*selectors), source_,
                    options);
    const bool done = co_await finish(*listing);
    if (!done) co_return answer_api_error(listing->error());
    auto lease = answers_.lease(listing->usage().held);
    if (!lease) co_return answer_busy();
    Warnings warnings;
    if (listing->is_cut()) warnings.push_back(kTruncated);
    auto parts = required ? series_parts(std::move(listing->series()), std::move(warnings), std::move(*lease))
                          : texts_parts(std::move(listing->texts()), std::move(warnings), std::move(*lease));
    listing.reset();
    own_turn.reset();
    co_return co_await answer_parts(request, kJsonType, std::move(parts), compression_);
}

net::Response Prometheus::answer_metadata(const MetadataRequest& asked) const {
    std::string data = "{";
    std::int64_t told = 0;
    const auto tell = [&](const MetricMetadata& metric) {
        if (!asked.metric.empty() && metric.name != asked.metric) return;
        if (asked.limit >= 0 && told >= asked.limit) return;
        if (told++ > 0) data += ',';
        text::append_json_string(data, metric.name);
        append_member(data += ":[{", "type", metric.type);
        append_member(data, "help", metric.help);
        append_member(data, "unit", metric.unit);
        data += "}]";
    };
    for (const MetricMetadata& metric : options_.metadata) tell(metric);
    if (options_.changing_metadata) options_.changing_metadata(tell);
    return answer_data(data + "}");
}

net::Response Prometheus::answer_build() const {
    std::string data = "{";
    append_member(data, "version", kPrometheusVersion);
    append_member(data, "revision", options_.revision);
    for (const std::string_view key : {"branch", "buildUser", "buildDate", "goVersion"})
        append_member(data, key, "");
    return answer_data(data + "}");
}

}  // namespace apiserver

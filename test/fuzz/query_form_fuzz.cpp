// SPDX-License-Identifier: Apache-2.0
// Any path is an endpoint of Prometheus' API or none; any URL and body are parameters within their bounds or
// are refused in its words. The first line is the target, the rest the body.
#include "apiserver/prometheus/form.hpp"
#include "apiserver/prometheus/parameters.hpp"
#include "apiserver/prometheus/route.hpp"
#include "query/limits.hpp"
#include "test/fuzz/require.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace {

using apiserver::QueryForm;
using query::Millis;

// Beyond, no evaluation goes.
constexpr Millis kFar = Millis{1} << 53;

bool is_near(Millis time) {
    return time > -kFar && time < kFar;
}

void check_error(const query::Error& error) {
    require(error.type == query::ErrorType::bad_data, "parameters are bad data");
    constexpr std::string_view kBeginnings[] = {
        "invalid parameter \"",   "exceeded maximum resolution",       "no match[] parameter provided",
        "limit must be a number", "limit_per_metric must be a number",
    };
    require(std::any_of(std::begin(kBeginnings), std::end(kBeginnings),
                        [&](std::string_view each) { return error.text.starts_with(each); }),
            "a refusal has one of Prometheus' reasons");
}

void check_route(std::string_view path) {
    const auto route = apiserver::prometheus_route(path);
    if (!route) return;
    const bool below = std::any_of(apiserver::kPrometheusRoots.begin(), apiserver::kPrometheusRoots.end(),
                                   [&](std::string_view root) { return path.starts_with(root); });
    require(below, "endpoints are at or below the roots");
    const bool of_label = route->endpoint == apiserver::PrometheusEndpoint::label_values;
    require(of_label != route->label.empty(), "values are of a label");
    require(route->label.find('/') == route->label.npos, "which is one segment");
    require(!of_label || path == "/api/v1/label/" + std::string{route->label} + "/values",
            "as the path has it");
}

void check_form(const QueryForm& form) {
    if (const auto instant = apiserver::read_instant_query(form, 7)) {
        const Millis at = std::get<query::InstantQuery>(instant->when).at;
        require(is_near(at), "a time is one that a query may have");
        require(!form.get("time").empty() || at == 7, "without a time it is now");
        require(instant->text == form.get("query"), "the query is as it came");
    } else {
        check_error(instant.error());
    }
    if (const auto over = apiserver::read_range_query(form)) {
        const auto& range = std::get<query::RangeQuery>(over->when);
        require(is_near(range.start) && is_near(range.end), "so are both ends");
        require(range.start <= range.end && range.step > 0, "a range goes on");
        require((range.end - range.start) / range.step <= query::kSteps, "and has an end");
    } else {
        check_error(over.error());
    }
    for (const auto selectors : {apiserver::Selectors::required, apiserver::Selectors::optional}) {
        const auto listing = apiserver::read_listing(form, selectors);
        if (!listing) {
            check_error(listing.error());
            continue;
        }
        require(is_near(listing->range.from) && is_near(listing->range.to), "and those of a listing");
        require(listing->selectors.size() == form.all("match[]").size(), "each selector counts");
    }
    if (const auto metadata = apiserver::read_metadata_request(form); !metadata)
        check_error(metadata.error());
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = text_of(data, size);
    const std::size_t line = std::min(input.find('\n'), input.size());
    const auto target = apiserver::parse_target(input.substr(0, line));
    if (!target) return 0;
    check_route(target->path);
    net::Request request;
    request.method = "POST";
    request.body = input.substr(std::min(line + 1, input.size()));
    request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    const auto form = QueryForm::of(request, target->query);
    require(form.has_value(), "any body is a form");
    const apiserver::Query body{request.body};
    for (const std::string_view key : {"query", "match[]", "start"}) {
        const std::string_view first = body.contains(key) ? body.get(key) : target->query.get(key);
        require(form->get(key) == first, "the body's value counts first");
        require(form->all(key).size() == body.all(key).size() + target->query.all(key).size(),
                "and none is lost");
    }
    check_form(*form);
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "apiserver/prometheus/parameters.hpp"

#include "query/language/number.hpp"
#include "query/limits.hpp"
#include "text/go_text.hpp"
#include "text/rfc3339.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace apiserver {
namespace {

using query::Millis;

// The last that an evaluation takes.
constexpr Millis kFarthest = (Millis{1} << 53) - 1;

// An error is not to be longer than its request.
constexpr std::size_t kShownBytes = 256;

std::string shown(std::string_view text) {
    return text::quoted(text.substr(0, kShownBytes));
}

query::Error invalid_parameter(std::string_view name, std::string_view why) {
    return query::bad_data("invalid parameter " + text::quoted(name) + ": " + std::string{why});
}

// strconv.ParseFloat, but for hexadecimals.
std::optional<double> parse_float(std::string_view text) {
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return value;
}

Millis millis_of(double seconds) {
    double whole = 0;
    const double rest = std::modf(seconds, &whole);
    const double millis = whole * 1000 + std::round(rest * 1000);
    constexpr auto kMost = static_cast<double>(kFarthest);
    return static_cast<Millis>(std::clamp(millis, -kMost, kMost));
}

// Clients write Go's first and last time so (minTimeFormatted, maxTimeFormatted).
std::optional<Millis> parse_end_of_time(std::string_view text) {
    if (text == "-292273086-05-16T16:47:06Z") return -kFarthest;
    if (text == "+292277025-08-18T07:12:54.999999999Z") return kFarthest;
    return std::nullopt;
}

query::Result<Millis> time_parameter(const QueryForm& form, std::string_view name, Millis otherwise) {
    const std::string_view text = form.get(name);
    if (text.empty()) return otherwise;
    auto time = parse_query_time(text);
    if (time) return *time;
    return invalid_parameter(name,
                             "invalid time value for '" + std::string{name} + "': " + time.error().text);
}

query::Result<Millis> required_time(const QueryForm& form, std::string_view name) {
    auto time = parse_query_time(form.get(name));
    if (time) return *time;
    return invalid_parameter(name, time.error().text);
}

query::Result<std::size_t> limit_parameter(const QueryForm& form) {
    const std::string_view text = form.get("limit");
    if (text.empty()) return std::size_t{0};
    const auto limit = text::parse_int(text);
    // strconv.Atoi: parsing "x": invalid syntax
    if (!limit) {
        const std::string& why = limit.error().text;
        return invalid_parameter("limit",
                                 "strconv.Atoi: parsing " + shown(text) + why.substr(why.find_last_of(':')));
    }
    if (*limit < 0) return invalid_parameter("limit", "limit must be non-negative");
    return static_cast<std::size_t>(*limit);
}

query::Result<std::optional<std::chrono::nanoseconds>> timeout_parameter(const QueryForm& form) {
    const std::string_view text = form.get("timeout");
    std::optional<std::chrono::nanoseconds> timeout;
    if (text.empty()) return timeout;
    const auto parsed = parse_query_duration(text);
    if (!parsed) return invalid_parameter("timeout", parsed.error().text);
    timeout = *parsed;
    return timeout;
}

query::Result<query::RangeQuery> read_range(const QueryForm& form) {
    const auto start = required_time(form, "start");
    if (!start) return start.error();
    const auto end = required_time(form, "end");
    if (!end) return end.error();
    if (*end < *start) return invalid_parameter("end", query::kEndBeforeStart);
    const auto step = parse_query_duration(form.get("step"));
    if (!step) return invalid_parameter("step", step.error().text);
    const Millis millis = std::chrono::duration_cast<std::chrono::milliseconds>(*step).count();
    if (millis <= 0) return invalid_parameter("step", query::kStepNotPositive);
    if ((*end - *start) / millis > query::kSteps) return query::bad_data(query::kTooManySteps);
    return query::RangeQuery{*start, *end, millis};
}

query::Result<std::int64_t> number_parameter(const QueryForm& form, std::string_view name) {
    const std::string_view text = form.get(name);
    if (text.empty()) return std::int64_t{-1};
    const auto number = text::parse_int(text);
    if (!number) return query::bad_data(std::string{name} + " must be a number");
    return *number;
}

}  // namespace

query::Result<Millis> parse_query_time(std::string_view text) {
    if (const auto seconds = parse_float(text); seconds && std::isfinite(*seconds))
        return millis_of(*seconds);
    if (const auto millis = text::parse_rfc3339_millis(text)) return *millis;
    if (const auto end = parse_end_of_time(text)) return *end;
    return query::bad_data("cannot parse " + shown(text) + " to a valid timestamp");
}

query::Result<std::chrono::nanoseconds> parse_query_duration(std::string_view text) {
    const auto refused = [&](std::string_view more) {
        return query::bad_data("cannot parse " + shown(text) + " to a valid duration" + std::string{more});
    };
    if (const auto seconds = parse_float(text)) {
        const double nanos = *seconds * 1e9;
        // 2^63 itself is too much.
        if (!(nanos > -0x1p63 && nanos < 0x1p63)) return refused(". It overflows int64");
        return std::chrono::nanoseconds{static_cast<std::int64_t>(nanos)};
    }
    if (const auto millis = query::parse_duration(text)) return std::chrono::milliseconds{*millis};
    return refused("");
}

query::Result<QueryRequest> read_instant_query(const QueryForm& form, Millis now) {
    const auto limit = limit_parameter(form);
    if (!limit) return limit.error();
    const auto at = time_parameter(form, "time", now);
    if (!at) return at.error();
    const auto timeout = timeout_parameter(form);
    if (!timeout) return timeout.error();
    return QueryRequest{form.get("query"), query::InstantQuery{*at}, *timeout, *limit};
}

query::Result<QueryRequest> read_range_query(const QueryForm& form) {
    const auto limit = limit_parameter(form);
    if (!limit) return limit.error();
    const auto range = read_range(form);
    if (!range) return range.error();
    const auto timeout = timeout_parameter(form);
    if (!timeout) return timeout.error();
    return QueryRequest{form.get("query"), *range, *timeout, *limit};
}

query::Result<ListingRequest> read_listing(const QueryForm& form, Selectors selectors) {
    ListingRequest out;
    out.selectors = form.all("match[]");
    if (out.selectors.empty() && selectors == Selectors::required)
        return query::bad_data("no match[] parameter provided");
    const auto limit = limit_parameter(form);
    if (!limit) return limit.error();
    out.limit = *limit;
    const auto start = time_parameter(form, "start", -kFarthest);
    if (!start) return start.error();
    const auto end = time_parameter(form, "end", kFarthest);
    if (!end) return end.error();
    out.range = {*start, *end};
    return out;
}

query::Result<MetadataRequest> read_metadata_request(const QueryForm& form) {
    const auto limit = number_parameter(form, "limit");
    if (!limit) return limit.error();
    const auto per_metric = number_parameter(form, "limit_per_metric");
    if (!per_metric) return per_metric.error();
    return MetadataRequest{form.get("metric"), *limit, *per_metric};
}

}  // namespace apiserver

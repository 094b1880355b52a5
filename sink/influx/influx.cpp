// SPDX-License-Identifier: Apache-2.0
#include "sink/influx/influx.hpp"

#include "gzip/reader.hpp"
#include "gzip/writer.hpp"
#include "sink/http/retry_after.hpp"
#include "sink/http/status_rule.hpp"
#include "text/percent.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <utility>

namespace sink::influx {
namespace {

using Fate = Verdict::Fate;

// Far more than a batch holds.
constexpr std::uint64_t kMostText = 256 * 1024 * 1024;

bool holds(std::string_view text, std::string_view words) {
    return text.find(words) != text.npos;
}

// Words of InfluxDB (tsdb/shard.go, models/points.go, services/httpd) and of QuestDB.
struct Phrase {
    std::string_view said;
    std::string_view reason;
};
constexpr Phrase kPhrases[] = {
    {"beyond retention policy", "beyond_retention"},
    {"field type conflict", "type_conflict"},
    {"cast error", "type_conflict"},
    {"unable to parse", "unreadable"},
    {"max-series-per-database", "too_many_series"},
    {"max-values-per-tag", "too_many_series"},
};

// What the engine's machine said (errno, as Go writes it): InfluxDB calls it a partial write where it had a
// series to make, and an error of its own elsewhere. The points are good, and come later.
constexpr std::string_view kMachineFailures[] = {
    "no space left on device", "disk quota exceeded", "read-only file system",
    "input/output error",      "too many open files", "cannot allocate memory",
};

bool tells_machine_failure(std::string_view body) {
    return std::any_of(std::begin(kMachineFailures), std::end(kMachineFailures),
                       [&](std::string_view failure) { return holds(body, failure); });
}

std::string_view reason_in(std::string_view body) {
    for (const Phrase& phrase : kPhrases)
        if (holds(body, phrase.said)) return phrase.reason;
    return "other";
}

std::uint64_t count_of(std::string_view text, std::string_view words) {
    std::uint64_t count = 0;
    for (std::size_t at = text.find(words); at != text.npos; at = text.find(words, at + words.size()))
        ++count;
    return count;
}

// How many lines were not stored, as far as the answer tells. Lines that cannot be read are not among those
// that are "dropped"; InfluxDB 3 lists them by number.
std::uint64_t lost_lines(std::string_view body) {
    constexpr std::string_view kDropped = "dropped=";
    std::uint64_t lost = count_of(body, "unable to parse '") + count_of(body, "\"line_number\"");
    const std::size_t at = body.rfind(kDropped);
    std::uint64_t dropped = 0;
    if (at != body.npos)
        std::from_chars(body.data() + at + kDropped.size(), body.data() + body.size(), dropped);
    return lost + std::min<std::uint64_t>(dropped, UINT32_MAX);
}

Rule rule_of(const Answer& answer, const Batch& batch, bool creates) {
    Rule rule = rule_of_status(answer.status, batch);
    if (rule.fate == Fate::taken) return rule;
    if (holds(answer.body, "database not found") || holds(answer.body, "retention policy not found"))
        return {creates ? Fate::unprepared : Fate::denied, "no_database"};
    if (rule.fate == Fate::refused && answer.status != 413) rule.reason = reason_in(answer.body);
    return rule;
}

std::string text_of(const std::string& body) {
    gzip::Reader reader;
    reader.restart(kMostText);
    std::string text;
    const auto outcome = reader.feed(body, [&](std::string_view piece) { text.append(piece); });
    return outcome == gzip::Reader::Outcome::good && reader.ended() ? text : std::string{};
}

std::string compressed(std::string_view text) {
    gzip::Writer writer;
    std::string body;
    writer.begin(body, {});
    writer.write(body, text);
    writer.finish(body);
    return body;
}

std::string target_of(const ProtocolOptions& options) {
    if (options.version == Version::v1) {
        const DatabaseOptions& database = options.database;
        const std::string policy =
            database.retention ? "&rp=" + text::percent_encoded(database.retention_policy) : std::string{};
        return options.path + "/write?db=" + text::percent_encoded(database.database) + policy +
               "&precision=s";
    }
    const std::string org = options.org.empty() ? "" : "org=" + text::percent_encoded(options.org) + "&";
    return options.path + "/api/v2/write?" + org + "bucket=" + text::percent_encoded(options.bucket) +
           "&precision=s";
}

}  // namespace

Influx::Influx(ProtocolOptions options)
    : options_{std::move(options)},
      target_{target_of(options_)},
      preparation_{options_.database, options_.path} {}

net::Request Influx::request(const Batch& batch) const {
    net::Request request;
    request.method = "POST";
    request.target = target_;
    request.headers.add("Content-Type", "text/plain; charset=utf-8");
    request.headers.add("Content-Encoding", "gzip");
    request.body = batch.body;
    return request;
}

Verdict Influx::judge(const Answer& answer, const Batch& batch, bool) const {
    Verdict verdict;
    const bool has_refused = answer.status >= 400 && answer.status < 500;
    if (has_refused && tells_machine_failure(answer.body)) {
        verdict.reason = "server_error";
        verdict.said = said_in(answer.body);
        return verdict;
    }
    if (has_refused && holds(answer.body, "partial write")) {
        verdict.fate = Fate::taken;
        verdict.refused = std::min<std::uint64_t>(lost_lines(answer.body), batch.points);
        verdict.reason = reason_in(answer.body);
        verdict.said = said_in(answer.body);
        return verdict;
    }
    return verdict_of(rule_of(answer, batch, creates()), answer, batch);
}

std::optional<std::pair<Batch, Batch>> Influx::halves(const Batch& batch) const {
    if (batch.points < 2) return std::nullopt;
    const std::string text = text_of(batch.body);
    Batch first;
    first.tick = batch.tick;
    Batch second = first;
    first.points = batch.points / 2;
    second.points = batch.points - first.points;
    std::size_t middle = 0;
    for (std::uint32_t line = 0; line < first.points; ++line) {
        middle = text.find('\n', middle);
        if (middle == text.npos) return std::nullopt;
        ++middle;
    }
    first.body = compressed(std::string_view{text}.substr(0, middle));
    second.body = compressed(std::string_view{text}.substr(middle));
    return std::pair{std::move(first), std::move(second)};
}

std::optional<net::Request> Influx::prepare(const Answer* last, std::string& problem) {
    problem.clear();
    if (!creates()) return std::nullopt;
    return preparation_.next(last, problem);
}

}  // namespace sink::influx

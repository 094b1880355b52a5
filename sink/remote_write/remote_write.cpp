// SPDX-License-Identifier: Apache-2.0
#include "sink/remote_write/remote_write.hpp"

#include "sink/http/status_rule.hpp"
#include "sink/remote_write/snappy.hpp"
#include "sink/remote_write/write_request.hpp"
#include "version/version.hpp"

#include <algorithm>
#include <string_view>

namespace sink::remote_write {
namespace {

using Fate = Verdict::Fate;

// Words of Prometheus (storage/interface.go), of Mimir (err-mimir-...) and of Thanos.
struct Phrase {
    std::string_view said;
    std::string_view reason;
};
constexpr Phrase kPhrases[] = {
    // Prometheus says of these that they are out of bounds, too.
    {"in the future", "too_far_in_the_future"},
    {"in-future", "too_far_in_the_future"},
    {"out of order", "out_of_order"},
    {"out-of-order", "out_of_order"},
    {"duplicate", "duplicate"},
    {"out of bounds", "out_of_bounds"},
    {"too old", "out_of_bounds"},
    {"too-old", "out_of_bounds"},
};

std::string_view reason_in(std::string_view body) {
    std::string lower{body};
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    for (const Phrase& phrase : kPhrases)
        if (lower.find(phrase.said) != lower.npos) return phrase.reason;
    return "other";
}

// Of samples: 400, with Thanos 409.
Rule rule_of_samples(std::string_view body, const Batch& batch, bool repeated) {
    const std::string_view reason = reason_in(body);
    if (repeated && (reason == "out_of_order" || reason == "duplicate")) return {Fate::already_there, reason};
    return {batch.points > 1 ? Fate::halve : Fate::refused, reason};
}

}  // namespace

net::Request RemoteWrite::request(const Batch& batch) const {
    net::Request request;
    request.method = "POST";
    request.target = target_;
    request.headers.add("Content-Encoding", "snappy");
    request.headers.add("Content-Type", "application/x-protobuf");
    request.headers.add("User-Agent", version::product());
    request.headers.add("X-Prometheus-Remote-Write-Version", "0.1.0");
    request.body = batch.body;
    return request;
}

Verdict RemoteWrite::judge(const Answer& answer, const Batch& batch, bool repeated) const {
    const bool is_of_samples = answer.status == 400 || answer.status == 409;
    const Rule rule =
        is_of_samples ? rule_of_samples(answer.body, batch, repeated) : rule_of_status(answer.status, batch);
    return verdict_of(rule, answer, batch);
}

std::optional<std::pair<Batch, Batch>> RemoteWrite::halves(const Batch& batch) const {
    const auto bytes = decompressed(batch.body);
    const auto middle = bytes ? middle_of(*bytes) : std::nullopt;
    if (!middle) return std::nullopt;
    std::string scratch;
    const auto part = [&](std::string_view series, std::uint32_t points) {
        Batch out;
        out.tick = batch.tick;
        out.points = points;
        out.body = compressed(series, scratch);
        return out;
    };
    const std::string_view all{*bytes};
    return std::pair{part(all.substr(0, middle->at), middle->before),
                     part(all.substr(middle->at), middle->behind)};
}

}  // namespace sink::remote_write

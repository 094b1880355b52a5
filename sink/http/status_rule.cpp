// SPDX-License-Identifier: Apache-2.0
#include "sink/http/status_rule.hpp"

#include "sink/http/retry_after.hpp"

namespace sink {

using Fate = Verdict::Fate;

Rule rule_of_status(unsigned status, const Batch& batch) {
    switch (status) {
        case 401:
            return {Fate::denied, "unauthorized"};
        case 403:
            return {Fate::denied, "forbidden"};
        // No receiver is there, or it is off, or has no such bucket: what is sent cannot be at fault.
        case 404:
        case 405:
            return {Fate::denied, "not_found"};
        case 413:
            return {batch.points > 1 ? Fate::halve : Fate::refused, "too_large"};
        case 429:
            return {Fate::again, "too_many_requests"};
        default:
            break;
    }
    if (status >= 200 && status < 300) return {Fate::taken, {}};
    if (status >= 300 && status < 400) return {Fate::denied, "redirected"};
    if (status >= 400 && status < 500) return {Fate::refused, "other"};
    return {Fate::again, "server_error"};
}

Verdict verdict_of(const Rule& rule, const Answer& answer, const Batch& batch) {
    Verdict verdict;
    verdict.fate = rule.fate;
    if (rule.fate == Fate::taken) return verdict;
    verdict.reason = rule.reason;
    verdict.said = said_in(answer.body);
    if (rule.fate == Fate::refused) verdict.refused = batch.points;
    if (rule.fate == Fate::again) verdict.wait = retry_after(answer.headers);
    return verdict;
}

}  // namespace sink

// SPDX-License-Identifier: Apache-2.0
#include "query/operations/operation.hpp"

#include <algorithm>

namespace query {

bool Work::refill(std::size_t budget, Clock::time_point now) {
    budget_ = budget;
    return now < deadline_ || fail({ErrorType::timeout, "query timed out in expression evaluation"});
}

bool Work::count_series() {
    if (++usage_.series <= limits_.series) return true;
    return fail(execution("query touches more than " + std::to_string(limits_.series) +
                          " series: name the namespace, pod or node, or ask for fewer metrics"));
}

bool Work::count_samples(std::size_t samples) {
    usage_.samples += samples;
    if (usage_.samples <= limits_.samples) return true;
    return fail(execution("query processing would load too many samples into memory in query execution"));
}

bool Work::hold(std::size_t bytes) {
    usage_.held += bytes;
    usage_.most_held = std::max(usage_.most_held, usage_.held);
    if (usage_.held <= limits_.memory) return true;
    return fail(execution("query needs more than " + std::to_string(limits_.memory / 1024) +
                          " KiB of memory: aggregate, ask for fewer series, or take a larger step"));
}

}  // namespace query

// SPDX-License-Identifier: Apache-2.0
#include "apiserver/request_deadline.hpp"

#include "apiserver/answer.hpp"
#include "apiserver/in_flight.hpp"
#include "text/go_time.hpp"

namespace apiserver {

text::Parsed<net::Deadline> request_deadline(const RequestInfo& info, const Query& query,
                                             net::Clock::time_point received_at,
                                             std::chrono::nanoseconds limit) {
    if (is_long_running(info)) return net::Deadline::max();
    std::chrono::nanoseconds wanted{0};
    const std::string_view timeout = query.get("timeout");
    if (!timeout.empty()) {
        const auto duration = text::parse_duration(timeout);
        if (!duration)
            return text::ParseError{"invalid timeout specified in the request URL - " +
                                    duration.error().text};
        wanted = *duration;
    }
    const auto time = wanted.count() > 0 && wanted < limit ? wanted : limit;
    // So long that the clock has no such time.
    if (time > net::Deadline::max() - received_at) return net::Deadline::max();
    return received_at + time;
}

net::Response answer_timeout() {
    return answer_text(504,
                       R"({"metadata":{},"status":"Failure","message":"Timeout: request did not complete )"
                       R"(within the allotted timeout","reason":"Timeout","details":{},"code":504})"
                       "\n");
}

}  // namespace apiserver

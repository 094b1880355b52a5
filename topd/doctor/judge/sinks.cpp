// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/judge/sinks.hpp"

#include "kube/json/members.hpp"

#include <cstdint>
#include <string>

#include <fmt/format.h>

namespace topd::doctor {
namespace {

using nlohmann::json;

// Seconds that a sink may be behind: some intervals.
constexpr std::uint64_t kBehind = 300;

std::uint64_t number_of(const json& sink, const char* key) {
    const json& number = kube::member(sink, key);
    return number.is_number_unsigned() ? number.get<std::uint64_t>() : 0;
}

std::string text_of(const json& sink, const char* key) {
    return one_line(kube::text(sink, key), 200);
}

void judge_sink(const json& sink, Check& check) {
    const std::string where = "--sink " + text_of(sink, "sink");
    const std::string trouble = text_of(sink, "trouble");
    const std::uint64_t lag = number_of(sink, "lagSeconds");
    if (!trouble.empty())
        check.findings.push_back(
            {Severity::error, "sink-trouble", where,
             fmt::format("its receiver takes nothing: {}; what waits is {} s old", trouble, lag),
             "mend the receiver or the options of --sink; topd tries again by itself"});
    else if (lag > kBehind)
        check.findings.push_back({Severity::warning, "sink-behind", where,
                                  fmt::format("what waits to be sent is {} s old", lag),
                                  "see whether the receiver keeps up; a longer interval= writes less"});
    const std::uint64_t lost = number_of(sink, "droppedPoints"), ticks = number_of(sink, "lostTicks");
    if (lost > 0 || ticks > 0)
        check.findings.push_back(
            {Severity::warning, "sink-lost", where,
             fmt::format("{} points and {} ticks were lost before they could be sent", lost, ticks),
             "give it a --sink-spool-dir, more --sink-spool-bytes or a longer --history-window"});
    const json& refused = kube::member(sink, "refusedPoints");
    if (!refused.is_object()) return;
    for (const auto& [reason, points] : refused.items())
        if (points.is_number_unsigned() && points.get<std::uint64_t>() > 0)
            check.findings.push_back({Severity::warning, "sink-refused", where,
                                      fmt::format("its receiver refused {} points: {}",
                                                  points.get<std::uint64_t>(), one_line(reason, 60)),
                                      "see docs/sinks.md for the words of receivers"});
}

}  // namespace

Check judge_sinks(const Answer& page) {
    Check check;
    check.title = "Sinks";
    if (!page) {
        check.notes.push_back("not looked at: " + one_line(page.error().text(), 200));
        return check;
    }
    const json read = json::parse(*page, nullptr, false);
    const json& sinks = kube::member(read, "sinks");
    if (!sinks.is_array()) {
        check.notes.push_back("not looked at: topd answered with something else");
        return check;
    }
    std::uint64_t sent = 0;
    for (const json& sink : sinks) {
        if (!sink.is_object()) continue;
        judge_sink(sink, check);
        sent += number_of(sink, "sentPoints");
    }
    check.well = fmt::format("{}, {} points sent",
                             sinks.size() == 1 ? "one sink" : fmt::format("{} sinks", sinks.size()), sent);
    return check;
}

}  // namespace topd::doctor

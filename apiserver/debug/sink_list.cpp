// SPDX-License-Identifier: Apache-2.0
#include "apiserver/debug/sink_list.hpp"

#include "apiserver/debug/text_table.hpp"
#include "apiserver/encode/json_object.hpp"

#include <string_view>

namespace apiserver {
namespace {

constexpr std::int64_t kNanos = 1'000'000'000;

std::string time_of(std::int64_t seconds) {
    return seconds == 0 ? std::string{} : time_text(seconds * kNanos);
}

std::string now_text(const Moments& now) {
    return time_text(std::chrono::nanoseconds{now.wall.time_since_epoch()}.count());
}

void append_sink(std::string& out, const SinkState& sink) {
    JsonObject object{out};
    object.text("sink", sink.name);
    object.text("told", time_of(sink.told));
    object.text("oldestWaiting", time_of(sink.oldest));
    object.number("lagSeconds", static_cast<std::uint64_t>(sink.lag));
    object.number("sentPoints", sink.sent);
    object.number("waitingPoints", sink.waiting);
    object.number("droppedPoints", sink.dropped);
    object.number("lostTicks", sink.lost_ticks);
    object.number("retries", sink.retries);
    JsonObject refused{object.member("refusedPoints")};
    for (const auto& [reason, points] : sink.refused) refused.number(reason, points);
    refused.end();
    object.text("trouble", sink.trouble);
    object.end();
}

constexpr Column kColumns[] = {{"TOLD", 24},    {"LAG", 8},      {"SENT", 14}, {"WAITING", 12},
                               {"DROPPED", 12}, {"REFUSED", 12}, {"SINK", 0}};

}  // namespace

std::string sinks_json(const std::vector<SinkState>& sinks, const Moments& now) {
    std::string out;
    JsonObject object{out};
    object.text("time", now_text(now));
    append_array(object.member("sinks"), sinks, [&](const SinkState& sink) { append_sink(out, sink); });
    object.end();
    return out;
}

std::string sinks_text(const std::vector<SinkState>& sinks, const Moments& now) {
    std::string out = now_text(now) + "\n";
    append_titles(out, kColumns);
    out.push_back('\n');
    for (const SinkState& sink : sinks) {
        std::uint64_t refused = 0;
        for (const auto& [reason, points] : sink.refused) refused += points;
        const std::string cells[] = {sink.told == 0 ? "-" : time_of(sink.told),
                                     std::to_string(sink.lag) + "s",
                                     std::to_string(sink.sent),
                                     std::to_string(sink.waiting),
                                     std::to_string(sink.dropped),
                                     std::to_string(refused),
                                     sink.trouble.empty() ? sink.name : sink.name + ": " + sink.trouble};
        append_cells(out, kColumns, cells);
        out.push_back('\n');
    }
    return out;
}

}  // namespace apiserver

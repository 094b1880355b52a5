// SPDX-License-Identifier: Apache-2.0
#include "apiserver/debug/sink_list.hpp"

#include "apiserver/debug/node_row.hpp"
#include "apiserver/encode/json_object.hpp"

#include <iterator>
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
    JsonObject refused{object.begin("refusedPoints")};
    for (const auto& [reason, points] : sink.refused) refused.number(reason, points);
    refused.end();
    object.text("trouble", sink.trouble);
    object.end();
}

constexpr struct {
    std::string_view title;
    std::size_t width;
} kColumns[] = {{"TOLD", 24},    {"LAG", 8},      {"SENT", 14}, {"WAITING", 12},
                {"DROPPED", 12}, {"REFUSED", 12}, {"SINK", 0}};

}  // namespace

std::string sinks_json(const std::vector<SinkState>& sinks, const Moments& now) {
    std::string out;
    JsonObject object{out};
    object.text("time", now_text(now));
    object.begin("sinks").push_back('[');
    for (const SinkState& sink : sinks) {
        if (&sink != &sinks.front()) out.push_back(',');
        append_sink(out, sink);
    }
    out.push_back(']');
    object.end();
    return out;
}

std::string sinks_text(const std::vector<SinkState>& sinks, const Moments& now) {
    std::string out = now_text(now) + "\n";
    for (const auto& column : kColumns) append_cell(out, column.title, column.width);
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
        for (std::size_t i = 0; i < std::size(kColumns); ++i) append_cell(out, cells[i], kColumns[i].width);
        out.push_back('\n');
    }
    return out;
}

}  // namespace apiserver

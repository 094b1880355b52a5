// SPDX-License-Identifier: Apache-2.0
#include "apiserver/debug/node_row.hpp"

#include "apiserver/debug/text_table.hpp"
#include "apiserver/debug/words.hpp"
#include "apiserver/encode/json_object.hpp"
#include "apiserver/encode/quantity.hpp"
#include "text/go_time.hpp"

namespace apiserver {
namespace {

using storage::Monotonic;

constexpr Column kColumns[] = {{"NODE", 32},   {"STATE", 11},      {"LAST SUCCESS", 12},
                               {"LATENCY", 7}, {"SAMPLE AGE", 10}, {"FAILURES", 8},
                               {"NEXT", 4},    {"PODS", 4},        {"URL", 44}};

std::string time_of(const Moments& now, Monotonic at) {
    return at == Monotonic{} ? std::string{} : time_text(now.wall_time(at));
}

// A table is ASCII, so it has no microseconds.
enum class Short { exact, ascii };

std::string latency_of(const NodeScrape& scrape, Short below_a_millisecond) {
    if (scrape.ended == Monotonic{}) return "";
    const std::chrono::nanoseconds took = scrape.ended - scrape.started;
    if (took >= std::chrono::milliseconds{1}) return milliseconds_text(took);
    if (below_a_millisecond == Short::ascii) return "<1ms";
    std::string text;
    text::append_duration(text, std::chrono::duration_cast<std::chrono::microseconds>(took));
    return text;
}

std::string ago(const Moments& now, Monotonic at) {
    return at == Monotonic{} ? "never" : seconds_text(now.monotonic - at) + " ago";
}

// What is wrong with it; empty: nothing.
std::string complaint(const NodeRow& row, std::chrono::nanoseconds bound) {
    std::string text = row.scrape.error;
    if (!row.scrape.hint.empty()) text.append("; hint: ").append(row.scrape.hint);
    return text.empty() ? why(row.figures, bound) : text;
}

}  // namespace

std::optional<NodeRow> node_row(const storage::Store& store, const ScrapeReports& reports,
                                std::string_view name, const Moments& now) {
    const auto figures = store.explain_node(name, now.monotonic);
    if (!figures) return std::nullopt;
    NodeRow row;
    row.name = name;
    row.figures = *figures;
    if (!reports.node(name, row.scrape)) row.scrape.state = "not scraped";
    return row;
}

void append_json(std::string& out, const NodeRow& row, const Moments& now, std::chrono::nanoseconds bound) {
    const NodeScrape& scrape = row.scrape;
    const storage::NodeExplanation& figures = row.figures;
    JsonObject object{out};
    object.text("node", row.name);
    object.text("state", scrape.state);
    object.text("url", scrape.url);
    object.text("lastScrape", time_of(now, scrape.started));
    object.text("latency", latency_of(scrape, Short::exact));
    object.text("lastSuccess", time_of(now, scrape.last_success));
    object.text("nextScrape", time_of(now, scrape.next));
    object.number("failures", scrape.failures);
    object.text("reason", scrape.reason);
    object.text("error", scrape.error);
    object.text("hint", scrape.hint);
    if (!figures.points.empty()) {
        object.text("sample", time_text(figures.points.last.at));
        object.text("sampleAge", milliseconds_text(now.age(figures.points.last.at)));
    }
    if (figures.usage) {
        object.text("window", milliseconds_text(figures.usage->window));
        object.text("cpu", QuantityText::of_nanocores(figures.usage->cpu).view());
        object.text("memory", QuantityText::of_bytes(figures.usage->memory).view());
    }
    object.number("pods", figures.pods);
    object.boolean("served", figures.usage.has_value());
    object.text("lack", figures.usage ? std::string_view{} : label(figures.lack));
    object.text("why", why(figures, bound));
    object.end();
}

void append_node_header(std::string& out) {
    append_titles(out, kColumns);
    append_last(out, "WHY");
}

void append_line(std::string& out, const NodeRow& row, const Moments& now, std::chrono::nanoseconds bound) {
    const NodeScrape& scrape = row.scrape;
    const bool sampled = !row.figures.points.empty();
    const std::string cells[] = {
        std::string{row.name},
        std::string{scrape.state},
        ago(now, scrape.last_success),
        latency_of(scrape, Short::ascii),
        sampled ? seconds_text(now.age(row.figures.points.last.at)) : std::string{},
        std::to_string(scrape.failures),
        scrape.next == Monotonic{} ? std::string{} : seconds_text(scrape.next - now.monotonic),
        std::to_string(row.figures.pods),
        scrape.url};
    append_cells(out, kColumns, cells);
    append_last(out, complaint(row, bound));
}

}  // namespace apiserver

// SPDX-License-Identifier: Apache-2.0
#include "apiserver/debug/application_page.hpp"

#include "apiserver/debug/text_table.hpp"
#include "apiserver/encode/json_object.hpp"
#include "apiserver/encode/quantity.hpp"
#include "apiserver/groups/custom_metrics/missing_figures.hpp"

namespace apiserver {
namespace {

using storage::applications::Explanation;
using storage::applications::Requirement;

constexpr Column kColumns[] = {{"METRIC", 32}, {"SELECTOR", 24}, {"SERIES", 6}, {"VALUE", 14}, {"WINDOW", 8}};

// Of titles of lines.
constexpr std::size_t kTitle = 12;

std::string joined(const std::vector<std::string>& values) {
    std::string text;
    for (const std::string& value : values) text.append(text.empty() ? "" : ",").append(value);
    return text;
}

std::string selector_text(const std::vector<Requirement>& requirements) {
    std::string text;
    for (const Requirement& each : requirements) {
        if (!text.empty()) text.push_back(',');
        switch (each.op) {
            case Requirement::Op::exists:
                text.append(each.label);
                break;
            case Requirement::Op::does_not_exist:
                text.append("!").append(each.label);
                break;
            case Requirement::Op::in:
                text.append(each.label).append(" in (").append(joined(each.values)).append(")");
                break;
            case Requirement::Op::not_in:
                text.append(each.label).append(" notin (").append(joined(each.values)).append(")");
                break;
        }
    }
    return text;
}

// Empty: it has a figure.
std::string why(const Explanation::Of& of, const storage::PodKey& pod, std::string_view prefix) {
    if (of.known.figure) return {};
    MissingFigures missing;
    missing.count(pod.name, of.known);
    return missing.words(of.since, prefix);
}

// Of the whole application; empty: it is scraped.
std::string why(const Explanation& told, std::string_view prefix) {
    if (!told.annotated) return "it has no annotation " + std::string{prefix} + "/scrape: \"true\"";
    if (told.demands.empty()) return "no metric of it is asked for";
    return told.trouble;
}

struct Page {
    Page(const ApplicationReports& reports, const storage::PodKey& pod, const Moments& now)
        : told{reports.applications->explain(pod, now.monotonic)}, reason{why(told, reports.annotations)} {
        if (reports.scrape) reports.scrape(pod, scrape);
    }
    Explanation told;
    std::string reason;
    ApplicationScrape scrape;
};

std::string window_of(const Explanation::Of& of) {
    const auto& figure = of.known.figure;
    return figure && figure->window.count() > 0 ? milliseconds_text(figure->window) : std::string{};
}

std::string value_of(const Explanation::Of& of) {
    if (!of.known.figure) return {};
    return std::string{QuantityText::of_milli(of.known.figure->milli).view()};
}

void append_metric(std::string& out, const Explanation::Of& of, const storage::PodKey& pod,
                   std::string_view prefix) {
    JsonObject object{out};
    object.text("metric", of.demand.metric);
    object.text("selector", selector_text(of.demand.series));
    object.number("series", of.series);
    object.text("value", value_of(of));
    object.text("window", window_of(of));
    object.text("why", why(of, pod, prefix));
    object.end();
}

}  // namespace

void append_application_json(std::string& out, const ApplicationReports& reports, const storage::PodKey& pod,
                             const Moments& now) {
    const Page page{reports, pod, now};
    const Explanation& told = page.told;
    JsonObject object{out};
    object.boolean("annotated", told.annotated);
    object.text("port", told.annotations.port);
    object.text("path", told.annotations.path);
    object.text("scheme", told.annotations.scheme);
    object.text("url", page.scrape.url);
    object.text("lastResult", page.scrape.outcome);
    if (told.page_age) object.text("lastPage", time_text(now.wall_time(now.monotonic - *told.page_age)));
    if (page.scrape.next != storage::Monotonic{})
        object.text("nextScrape", time_text(now.wall_time(page.scrape.next)));
    object.text("why", page.reason);
    append_array(object.member("metrics"), told.demands,
                 [&](const Explanation::Of& of) { append_metric(out, of, pod, reports.annotations); });
    object.end();
}

std::string application_text(const ApplicationReports& reports, const storage::PodKey& pod,
                             const Moments& now) {
    const Page page{reports, pod, now};
    const Explanation& told = page.told;
    std::string out;
    append_named(out, "APPLICATION", kTitle, told.annotated ? page.scrape.url : "");
    append_named(out, "LAST RESULT", kTitle, page.scrape.outcome);
    append_named(out, "LAST PAGE", kTitle, told.page_age ? seconds_text(*told.page_age) + " ago" : "");
    append_named(out, "NOT SCRAPED", kTitle, page.reason);
    if (told.demands.empty()) return out;
    append_titles(out, kColumns);
    append_last(out, "WHY");
    for (const Explanation::Of& of : told.demands) {
        const std::string cells[] = {of.demand.metric, selector_text(of.demand.series),
                                     std::to_string(of.series), value_of(of), window_of(of)};
        append_cells(out, kColumns, cells);
        append_last(out, why(of, pod, reports.annotations));
    }
    return out;
}

}  // namespace apiserver

// SPDX-License-Identifier: Apache-2.0
#include "topd/scrape_reports.hpp"

#include <string_view>
#include <utility>

namespace topd {

apiserver::ScrapeReports scrape_reports(const scraper::Scraper& scraper) {
    apiserver::ScrapeReports reports;
    reports.node = [&scraper](std::string_view name, apiserver::NodeScrape& out) {
        auto report = scraper.report(name);
        if (!report) return false;
        const scraper::NodeHealth& health = *report->health;
        out.state = label(health.state());
        out.url = std::move(report->url);
        out.started = health.started();
        out.ended = health.ended();
        out.last_success = health.last_success();
        out.next = report->next;
        out.failures = health.failures();
        out.reason = health.reason() == scraper::Reason::ok ? std::string_view{} : label(health.reason());
        out.error = health.error();
        out.hint = health.hint();
        return true;
    };
    reports.summary = [&scraper] { return scraper.summary(); };
    return reports;
}

}  // namespace topd

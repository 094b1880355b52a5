// SPDX-License-Identifier: Apache-2.0
// What an operator reads who asks why a pod's application is not scraped, or has no figure.
#include "apiserver/debug/application_page.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace apiserver;
using namespace storage::applications;
using namespace std::chrono_literals;

namespace {

struct Debugged {
    Debugged() {
        reports.applications = &applications;
        reports.annotations = "prometheus.io";
        reports.scrape = [](const storage::PodKey&, ApplicationScrape& out) {
            out.url = "http://10.1.2.3:8080/metrics";
            out.outcome = "ok";
        };
        applications.put_pod(pod, "uid", {"8080", "", ""});
    }

    Known ask(const std::string& metric, std::vector<Requirement> series = {}) {
        return applications.known(applications.ask({"default", metric, std::move(series)}, now.monotonic),
                                  "web", now.monotonic);
    }
    std::string json() const {
        std::string out;
        append_application_json(out, reports, pod, now);
        return out;
    }
    std::string table() const { return application_text(reports, pod, now); }
    // A page with these gauges.
    void page(const std::vector<std::pair<std::string, double>>& gauges) {
        auto wanted = applications.wanted(pod, now.monotonic, 0);
        const LabelViews none;
        for (const auto& [name, value] : gauges) wanted->reading.sample({name, Type::gauge, none, value, 0});
        applications.commit(pod, "uid", std::move(wanted->reading));
    }

    Applications applications{{}};
    ApplicationReports reports;
    storage::PodKey pod{"default", "web"};
    Moments now{std::chrono::system_clock::time_point{1'795'361'486s}, storage::Monotonic{1h}};
};

}  // namespace

TEST_CASE("it is said why an application is not scraped") {
    Debugged debugged;
    CHECK(debugged.table() ==
          "APPLICATION   http://10.1.2.3:8080/metrics\nLAST RESULT   ok\nNOT SCRAPED   no metric of it is "
          "asked "
          "for\n");
    debugged.ask("depth");
    debugged.applications.fail(debugged.pod, "uid", Missing::unreachable, "it answered 302",
                               debugged.now.monotonic, 0);
    CHECK(debugged.json() ==
          R"({"annotated":true,"port":"8080","url":"http://10.1.2.3:8080/metrics","lastResult":"ok",)"
          R"("why":"it answered 302","metrics":[{"metric":"depth","series":0,)"
          R"("why":"pod web could not be scraped: it answered 302"}]})");
    debugged.applications.remove_pod(debugged.pod);
    debugged.reports.scrape = {};
    CHECK(debugged.json() ==
          R"({"annotated":false,"why":"it has no annotation prometheus.io/scrape: \"true\"","metrics":[]})");
}

TEST_CASE("an application's page has a row for each metric that is asked for") {
    Debugged debugged;
    debugged.ask("depth");
    debugged.ask("other", {{"verb", Requirement::Op::in, {"GET", "PUT"}},
                           {"code", Requirement::Op::not_in, {"500"}},
                           {"a", Requirement::Op::exists, {}},
                           {"b", Requirement::Op::does_not_exist, {}}});
    debugged.page({{"depth", 12.5}});
    debugged.now.monotonic += 3s;
    debugged.now.wall += 3s;
    CHECK(
        debugged.json() ==
        R"({"annotated":true,"port":"8080","url":"http://10.1.2.3:8080/metrics","lastResult":"ok",)"
        R"("lastPage":"2026-11-22T15:31:26.000Z","metrics":[{"metric":"depth","series":1,"value":"12500m"},)"
        R"({"metric":"other","selector":"verb in (GET,PUT),code notin (500),a,!b","series":0,)"
        R"("why":"the page of pod web has no such metric"}]})");
    const std::string table = debugged.table();
    CHECK(table.find("LAST PAGE     3s ago\n") != std::string::npos);
    CHECK(table.find("METRIC                            SELECTOR") != std::string::npos);
    CHECK(table.find("depth ") != std::string::npos);
    CHECK(table.find("12500m") != std::string::npos);
    CHECK(table.find("NOT SCRAPED") == std::string::npos);
}

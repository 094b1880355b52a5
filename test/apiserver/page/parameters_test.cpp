// SPDX-License-Identifier: Apache-2.0
// What is wrong with a question is said, by the parameter's name.
#include "test/apiserver/page/asking.hpp"

#include <string>

#include <catch2/catch.hpp>

using test::header;
using test::page::asked_ui;

TEST_CASE("bad parameters of the page's data are named") {
    test::graphs::Scene scene;
    scene.run(5);
    apiserver::Ui ui{test::page::sources(scene)};
    const std::string long_search(257, 'x');
    const std::string long_name(513, 'x');
    struct Case {
        std::string target;
        std::string error;
    };
    const Case cases[] = {
        {"rows", "missing parameter \"kind\""},
        {"rows?kind=", "missing parameter \"kind\""},
        {"rows?kind=pods",
         "invalid parameter \"kind\": not one of node, namespace, workload, pod, container"},
        {"rows?kind=pod&sort=size",
         "invalid parameter \"sort\": not one of name, namespace, node, cpu, memory, cpuShare, memoryShare, "
         "restarts, pods, age"},
        {"rows?kind=pod&order=up", "invalid parameter \"order\": not one of asc, desc"},
        {"rows?kind=pod&limit=2001", "invalid parameter \"limit\": not a whole number from 0 to 2000"},
        {"rows?kind=pod&limit=-1", "invalid parameter \"limit\": not a whole number from 0 to 2000"},
        {"rows?kind=pod&limit=1e3", "invalid parameter \"limit\": not a whole number from 0 to 2000"},
        {"rows?kind=pod&limit=", "invalid parameter \"limit\": not a whole number from 0 to 2000"},
        {"rows?kind=pod&limit=99999999999999999999",
         "invalid parameter \"limit\": not a whole number from 0 to 2000"},
        {"rows?kind=pod&offset=+1", "invalid parameter \"offset\": not a whole number from 0 to 4294967295"},
        {"rows?kind=pod&range=60", "invalid parameter \"range\": not one of 900, 3600, 21600, 86400"},
        {"rows?kind=pod&curves=yes", "invalid parameter \"curves\": not one of 0, 1"},
        {"rows?kind=pod&search=" + long_search, "invalid parameter \"search\": longer than 256 bytes"},
        {"rows?kind=pod&namespace=" + long_name, "invalid parameter \"namespace\": longer than 512 bytes"},
        {"series", "missing parameter \"kind\""},
        {"series?kind=planet",
         "invalid parameter \"kind\": not one of cluster, namespace, node, workload, pod, container"},
        {"series?kind=node", "missing parameter \"name\""},
        {"series?kind=pod&name=web-0", "missing parameter \"namespace\""},
        {"series?kind=container&namespace=shop&name=app", "missing parameter \"pod\""},
        {"series?kind=cluster&from=20&to=10", "invalid parameter \"from\": it is after \"to\""},
        {"series?kind=cluster&from=-5",
         "invalid parameter \"from\": not a whole number from 0 to 253402300799"},
        {"series?kind=cluster&parts=2", "invalid parameter \"parts\": not one of 0, 1"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.target);
        const net::Response response = asked_ui(ui, "/ui/api/" + c.target);
        CHECK(response.status == 400);
        CHECK(header(response, "Content-Type") == "application/json");
        std::string body = "{\"error\":\"";
        for (const char each : c.error) body.append(each == '"' ? "\\\"" : std::string(1, each));
        CHECK(response.body == body + "\"}");
    }
    CHECK(asked_ui(ui, "/ui/api/rows?kind=pod&search=" + std::string(256, 'x')).status == 200);
    CHECK(asked_ui(ui, "/ui/api/rows?kind=pod&limit=0&offset=4294967295").status == 200);
    CHECK(asked_ui(ui, "/ui/api/nothing").status == 404);
    CHECK(asked_ui(ui, "/ui/api/").status == 404);
    CHECK(asked_ui(ui, "/ui/api/series?kind=node&name=nobody").status == 404);
    CHECK(asked_ui(ui, "/ui/api/series?kind=pod&namespace=shop&name=nobody").body ==
          R"({"error":"nothing is known of it"})");
}

// SPDX-License-Identifier: Apache-2.0
// What an operator reads who asks how far a sink is.
#include "apiserver/debug/sink_list.hpp"
#include "test/apiserver/debug/lab.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace test::debug;

namespace {

std::vector<apiserver::SinkState> two_sinks() {
    apiserver::SinkState well;
    well.name = "remote-write:http://prometheus:9090/api/v1/write";
    well.told = 1'795'361'460;
    well.sent = 4200;
    well.refused = {{"out_of_bounds", 3}, {"other", 4}};
    apiserver::SinkState away;
    away.name = "influxdb:http://influxdb:8086";
    away.oldest = 1'795'361'400;
    away.lag = 86;
    away.waiting = 70;
    away.dropped = 5;
    away.lost_ticks = 2;
    away.retries = 9;
    away.trouble = "connection refused";
    return {well, away};
}

}  // namespace

TEST_CASE("the page of sinks says how far each is, and why not farther") {
    ThreeNodes cluster;
    cluster.options.debug.sinks = two_sinks;
    const std::string expected =
        R"({"time":"2026-11-22T15:31:26.000Z","sinks":[)"
        R"({"sink":"remote-write:http://prometheus:9090/api/v1/write","told":"2026-11-22T15:31:00.000Z",)"
        R"("lagSeconds":0,"sentPoints":4200,"waitingPoints":0,"droppedPoints":0,"lostTicks":0,"retries":0,)"
        R"("refusedPoints":{"out_of_bounds":3,"other":4}},)"
        R"({"sink":"influxdb:http://influxdb:8086","oldestWaiting":"2026-11-22T15:30:00.000Z","lagSeconds":86,)"
        R"("sentPoints":0,"waitingPoints":70,"droppedPoints":5,"lostTicks":2,"retries":9,"refusedPoints":{},)"
        R"("trouble":"connection refused"}]})"
        "\n";
    CHECK(cluster.body("/debug/sinks") == expected);
    CHECK(cluster.body("/apis/metrics.k8s.io/v1beta1/debug/sinks") == expected);
    CHECK(cluster.body("/debug/sinks?format=table") ==
          "2026-11-22T15:31:26.000Z\n"
          "TOLD                      LAG       SENT            WAITING       DROPPED       REFUSED       "
          "SINK  \n"
          "2026-11-22T15:31:00.000Z  0s        4200            0             0             7             "
          "remote-write:http://prometheus:9090/api/v1/write  \n"
          "-                         86s       0               70            5             0             "
          "influxdb:http://influxdb:8086: connection refused  \n");
}

TEST_CASE("without sinks their page is empty") {
    ThreeNodes cluster;
    CHECK(cluster.body("/debug/sinks") == "{\"time\":\"2026-11-22T15:31:26.000Z\",\"sinks\":[]}\n");
}

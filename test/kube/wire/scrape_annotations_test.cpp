// SPDX-License-Identifier: Apache-2.0
// Which annotations of a pod are read, however it is encoded; and where one is reached.
#include "kube/full_objects.hpp"
#include "kube/json/decode_full.hpp"
#include "kube/pod_network.hpp"
#include "kube/wire/decode_full.hpp"
#include "test/kube/bytes.hpp"

#include <catch2/catch.hpp>

using namespace kube;
using namespace kube::test;

namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

std::string as_protobuf(const Entries& annotations) {
    std::string meta = bytes(1, "web-0");
    for (const auto& [name, value] : annotations) meta += entry(12, name, value);
    return bytes(1, meta);
}

std::string as_json(const Entries& annotations) {
    std::string text = R"({"metadata":{"name":"web-0","annotations":{)";
    for (const auto& [name, value] : annotations)
        text += (text.back() == '{' ? "\"" : ",\"") + name + "\":\"" + value + "\"";
    return text + "}}}";
}

std::string shown_annotations(const Pod& pod) {
    const ScrapeAnnotations& scrape = pod.scrape;
    return std::string{scrape.wanted ? "wanted" : "-"} + " " + scrape.port + " " + scrape.path + " " +
           scrape.scheme;
}

template <class SomePod>
std::string read_annotations(const Entries& annotations, const std::string& prefix, SomePod pod = {}) {
    pod.scrape.prefix = prefix;
    REQUIRE(decode(as_protobuf(annotations), pod));
    const std::string shown = shown_annotations(pod);
    CHECK(pod.scrape.prefix == prefix);
    REQUIRE(decode_json(as_json(annotations), pod));
    CHECK(shown_annotations(pod) == shown);
    // Nothing is left of the one before.
    REQUIRE(decode(as_protobuf({}), pod));
    CHECK(shown_annotations(pod) == "-   ");
    REQUIRE(decode_json(as_json({}), pod));
    CHECK(shown_annotations(pod) == "-   ");
    return shown;
}

}  // namespace

TEST_CASE("annotations of a pod are read by their prefix") {
    struct Case {
        Entries annotations;
        std::string expected;
    };
    const auto each = GENERATE(values<Case>({
        {{{"prometheus.io/scrape", "true"},
          {"prometheus.io/port", "8080"},
          {"prometheus.io/path", "/m"},
          {"prometheus.io/scheme", "https"}},
         "wanted 8080 /m https"},
        {{{"prometheus.io/scrape", "false"}, {"prometheus.io/port", "8080"}}, "- 8080  "},
        {{{"prometheus.io/scrape", "True"}}, "-   "},
        {{{"prometheus.io/scrape", "1"}}, "-   "},
        {{{"prometheus.io/scrape", ""}}, "-   "},
        {{{"xprometheus.io/scrape", "true"}}, "-   "},
        {{{"prometheus.io/scrape2", "true"}}, "-   "},
        {{{"prometheus.ioscrape", "true"}}, "-   "},
        {{{"example.io/scrape", "true"}, {"other", "x"}}, "-   "},
    }));
    CAPTURE(each.expected, each.annotations.front().first);
    CHECK(read_annotations<Pod>(each.annotations, "prometheus.io") == each.expected);
    CHECK(read_annotations<FullPod>(each.annotations, "prometheus.io") == each.expected);
    CHECK(read_annotations<Pod>(each.annotations, "") == "-   ");
}

TEST_CASE("values of annotations are cut where nothing is of use any more") {
    Pod pod;
    pod.scrape.prefix = "a.b";
    REQUIRE(decode(as_protobuf({{"a.b/path", "/" + std::string(5000, 'x')}}), pod));
    CHECK(pod.scrape.path.size() == ScrapeAnnotations::kValueBytes);
}

TEST_CASE("where a pod is reached is read of the whole object") {
    const std::string container = bytes(1, "app") +
                                  bytes(6, bytes(1, "http") + number(3, 8080) + bytes(4, "TCP")) +
                                  bytes(6, bytes(1, "metrics") + number(2, 1) + number(3, 9090));
    // Init containers: one that stays beside the others, and those that are over.
    const std::string spec = bytes(2, container) + number(11, 1) +
                             bytes(20, bytes(6, bytes(1, "side") + number(3, 15020)) + bytes(24, "Always")) +
                             bytes(20, bytes(6, bytes(1, "metrics") + number(3, 15021))) +
                             bytes(20, bytes(24, "Never") + bytes(6, bytes(1, "metrics") + number(3, 15022)));
    const std::string status = bytes(1, "Running") + bytes(5, "10.0.0.7") + bytes(6, "10.1.0.9") +
                               bytes(16, bytes(1, "10.0.0.7")) + bytes(16, bytes(1, "fd00::7"));
    const std::string pod = bytes(1, bytes(5, "u7")) + bytes(2, spec) + bytes(3, status);
    PodNetwork network;
    REQUIRE(decode_answer(envelope("v1", "Pod", pod), network));
    CHECK(network.uid == "u7");
    CHECK(network.phase == "Running");
    CHECK(network.host_ip == "10.0.0.7");
    CHECK(network.pod_ip == "10.1.0.9");
    CHECK(network.host_network);
    REQUIRE(network.ports.size() == 3);
    CHECK(network.ports[0].name == "http");
    CHECK(network.ports[0].number == 8080);
    CHECK(network.ports[0].protocol == "TCP");
    CHECK(network.ports[1].name == "metrics");
    CHECK(network.ports[1].number == 9090);
    CHECK(network.ports[1].protocol.empty());
    CHECK(network.ports[2].number == 15020);
    CHECK(network.host_ips == std::vector<std::string>{"10.0.0.7", "fd00::7"});

    CHECK(decode_answer(envelope("v1", "Status", pod), network).error() == Errc::malformed);
    CHECK(decode_answer(pod, network).error() == Errc::malformed);
    CHECK(decode_answer(R"({"kind":"Status"})", network).error() == Errc::malformed);
    CHECK(decode_answer(R"({"kind":"Pod",)", network).error() == Errc::malformed);
    CHECK(decode_answer(envelope("v1", "Pod", pod.substr(0, pod.size() - 1)), network).error() ==
          Errc::malformed);
    REQUIRE(decode_answer(envelope("v1", "Pod", ""), network));
    CHECK(network.uid.empty());
    CHECK(network.ports.empty());
    CHECK_FALSE(network.host_network);
}

TEST_CASE("and of the same in JSON") {
    PodNetwork network;
    network.ports.resize(3);
    REQUIRE(decode_answer(R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"web-0","uid":"u7"},"spec":{
        "hostNetwork":true,
        "containers":[{"name":"app","ports":[{"name":"http","containerPort":8080,"protocol":"TCP"},
                                             {"containerPort":99999999999}]},{"name":"bare"}],
        "initContainers":[{"ports":[{"containerPort":15020}],"restartPolicy":"Always"},
                          {"ports":[{"containerPort":15021}]},
                          {"ports":[{"containerPort":15022}],"restartPolicy":"OnFailure"}]},
        "status":{"phase":"Running","hostIP":"10.0.0.7","podIP":"10.1.0.9","podIPs":[{"ip":"10.1.0.9"}],
                   "hostIPs":[{"ip":"10.0.0.7"},{"ip":"fd00::7"}]}})",
                          network));
    CHECK(network.uid == "u7");
    CHECK(network.phase + " " + network.host_ip + " " + network.pod_ip == "Running 10.0.0.7 10.1.0.9");
    CHECK(network.host_network);
    REQUIRE(network.ports.size() == 3);
    CHECK(network.ports[0].name + "/" + network.ports[0].protocol == "http/TCP");
    CHECK(network.ports[0].number == 8080);
    CHECK(network.ports[1].name.empty());
    CHECK(network.ports[1].number == 2147483647);
    CHECK(network.ports[2].number == 15020);
    CHECK(network.host_ips == std::vector<std::string>{"10.0.0.7", "fd00::7"});
}

TEST_CASE("what is read of where a pod is reached is bounded") {
    std::string container;
    for (int i = 0; i < 1000; ++i) container += bytes(6, number(3, 80));
    const std::string status = bytes(6, std::string(kIpBytes + 1, '1'));
    PodNetwork network;
    REQUIRE(decode_answer(envelope("v1", "Pod", bytes(2, bytes(2, container)) + bytes(3, status)), network));
    CHECK(network.ports.size() == PodNetwork::kMostPorts);
    CHECK(network.pod_ip.empty());
}

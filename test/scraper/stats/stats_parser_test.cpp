// SPDX-License-Identifier: Apache-2.0
#include "scraper/stats/stats_parser.hpp"

#include "test/checkout.hpp"
#include "test/scraper/page_text.hpp"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace storage::stats;
using scraper::StatsParser;

namespace {

std::string text_of(const Number& number) {
    return number ? std::to_string(*number) : "-";
}

std::string text_of(const Network& network) {
    return "net@" + std::to_string(network.at) + " " + text_of(network.rx_bytes) + " " +
           text_of(network.tx_bytes) + " " + text_of(network.rx_errors) + " " + text_of(network.tx_errors);
}

std::string text_of(const Memory& memory) {
    return "mem@" + std::to_string(memory.at) + " " + text_of(memory.usage) + " " + text_of(memory.rss) +
           " " + text_of(memory.page_faults) + " " + text_of(memory.major_page_faults);
}

std::string text_of(const Filesystem& filesystem) {
    return text_of(filesystem.used) + " " + text_of(filesystem.capacity) + " " +
           text_of(filesystem.available) + " " + text_of(filesystem.inodes) + " " +
           text_of(filesystem.inodes_free);
}

std::string text_of(const Container& container) {
    return "  " + container.name + " " + std::to_string(container.started) + " cpu " +
           text_of(container.cpu) + " " + text_of(container.memory) + " disk " +
           text_of(container.rootfs_used) + " " + text_of(container.logs_used) + "\n";
}

std::string text_of(const Pod& pod) {
    std::string text = pod.name_space + "/" + pod.name + " " + std::to_string(pod.started) + " " +
                       text_of(pod.network) + " " + text_of(pod.memory) + " disk " +
                       text_of(pod.ephemeral_storage_used) + "\n";
    for (const Container& each : pod.containers) text += text_of(each);
    for (const Volume& each : pod.volumes)
        text += "  volume " + each.name + (each.claim.empty() ? "" : " of " + each.claim) + " " +
                text_of(each.filesystem) + "\n";
    return text;
}

std::string text_of(const StatsPage& page) {
    const Node& node = page.node;
    std::string text = "node " + std::to_string(node.started) + " " + text_of(node.network) + " " +
                       text_of(node.memory) + "\n fs " + text_of(node.filesystem) + "\n image " +
                       text_of(node.image_filesystem) + "\n container " + text_of(node.container_filesystem) +
                       "\n";
    for (const Container& each : node.system_containers) text += text_of(each);
    for (const Pod& each : page.pods) text += text_of(each);
    return text;
}

struct Parsed {
    StatsPage page;
    bool good = false;
};

Parsed parse(std::string_view text, std::size_t piece = std::string_view::npos) {
    Parsed parsed;
    StatsParser parser{parsed.page};
    bool good = true;
    for (std::size_t at = 0; good && at < text.size(); at += std::min(piece, text.size() - at)) {
        // Memory of its own: a view that is kept too long is found.
        const std::string part{text.substr(at, piece)};
        good = parser.feed(part);
    }
    parsed.good = parser.finish() && good;
    return parsed;
}

// A page with these pods, each as JSON.
std::string page_of(const std::string& pods) {
    return R"({"node":{"nodeName":"n1"},"pods":[)" + pods + "]}";
}

std::string pod_of(const std::string& members) {
    return R"({"podRef":{"name":"p","namespace":"ns"},)" + members + "}";
}

const std::string kEmptyPod = "ns/p 0 net@0 - - - - mem@0 - - - - disk -\n";

// The only pod's text, without its names, which are p of ns.
std::string read_pod(const std::string& members) {
    const Parsed parsed = parse(page_of(pod_of(members)));
    REQUIRE(parsed.good);
    REQUIRE(parsed.page.pods.size() == 1);
    return text_of(parsed.page.pods.front());
}

}  // namespace

TEST_CASE("StatsParser reads the page of a kubelet 1.34") {
    const Parsed parsed = parse(scraper::read_file(checkout::fixtures() / "kubelet-1.34/stats_summary.json"));
    CHECK(parsed.good);
    CHECK(parsed.page.bad_fields == 0);
    CHECK(parsed.page.bad_things == 0);
    CHECK(
        text_of(parsed.page) ==
        "node 1795404792 net@1795408254 537913749 2746140 0 0 mem@1795408254 6403014656 1176027136 49710 0\n"
        " fs 28299419648 270553174016 69493874688 16777216 16169136\n"
        " image 1060864 270553174016 69493874688 16777216 16169136\n"
        " container 1060864 270553174016 69493874688 16777216 16169136\n"
        "  pods 1795408214 cpu 20968163551 mem@1795408255 52822016 50843648 0 0 disk - -\n"
        "default/burn-127.0.2.1 1795408214 net@1795408244 537913749 2746140 0 0 mem@1795408252 442368 98304 "
        "0 0 disk 24576\n"
        "  main 1795408215 cpu 8963350574 mem@1795408246 208896 45056 818 0 disk 20480 0\n"
        "kube-system/multi-127.0.2.1 1795408214 net@1795408241 537913749 2746140 0 0 mem@1795408249 51834880 "
        "50532352 0 0 disk 69632\n"
        "  sidecar 1795408216 cpu 513746423 mem@1795408243 204800 40960 815 0 disk 20480 0\n"
        "  cpu 1795408217 cpu 1683672243 mem@1795408253 212992 45056 716 0 disk 20480 0\n"
        "  mem 1795408217 cpu 39861778 mem@1795408246 50814976 50393088 13099 0 disk 20480 4096\n"
        "default/idle-127.0.2.1 1795408214 net@1795408246 537913749 2746140 0 0 mem@1795408250 454656 102400 "
        "0 0 disk 28672\n"
        "  main 1795408215 cpu 10926326 mem@1795408245 225280 53248 832 0 disk 20480 4096\n"
        "default/flappy-127.0.2.1 1795408214 net@1795408242 537913749 2746140 0 0 mem@1795408242 921600 "
        "155648 0 0 disk 28672\n"
        "  steady 1795408215 cpu 10836753 mem@1795408247 225280 57344 722 0 disk 20480 4096\n");
}

TEST_CASE("StatsParser reads the page of a kubelet 1.37") {
    const Parsed parsed = parse(scraper::read_file(checkout::fixtures() / "kubelet-1.37/stats_summary.json"));
    CHECK(parsed.good);
    CHECK(text_of(parsed.page) ==
          "node 1795404792 net@1795408123 537913749 2746140 0 0 mem@1795408123 5988618240 592723968 49665 0\n"
          " fs 28298440704 270553174016 69494853632 16777216 16169227\n"
          " image 1060864 270553174016 69494853632 16777216 16169227\n"
          " container 1060864 270553174016 69494853632 16777216 16169227\n"
          "  pods 1795408013 cpu 55556336342 mem@1795408123 52981760 50851840 0 0 disk - -\n"
          "default/burn-127.0.2.1 1795408013 net@1795408112 537913749 2746140 0 0 mem@1795408122 466944 "
          "102400 0 0 disk 24576\n"
          "  main 1795408014 cpu 31314294089 mem@1795408123 217088 45056 770 0 disk 20480 0\n"
          "default/idle-127.0.2.1 1795408013 net@1795408122 537913749 2746140 0 0 mem@1795408117 479232 "
          "110592 0 0 disk 28672\n"
          "  main 1795408014 cpu 12117577 mem@1795408100 233472 53248 831 0 disk 20480 4096\n"
          "kube-system/multi-127.0.2.1 1795408013 net@1795408116 537913749 2746140 0 0 mem@1795408121 "
          "51408896 50532352 0 0 disk 69632\n"
          "  sidecar 1795408015 cpu 2069698559 mem@1795408121 229376 40960 718 0 disk 20480 0\n"
          "  cpu 1795408015 cpu 4580947209 mem@1795408112 212992 45056 835 0 disk 20480 0\n"
          "  mem 1795408015 cpu 40767876 mem@1795408123 50675712 50393088 13125 0 disk 20480 4096\n"
          "default/flappy-127.0.2.1 1795408013 net@1795408114 537913749 2746140 0 0 mem@1795408123 561152 "
          "106496 0 0 disk 28672\n"
          "  steady 1795408014 cpu 11254347 mem@1795408114 229376 53248 891 0 disk 20480 4096\n");
}

TEST_CASE("StatsParser reads the same in any split, and without blanks") {
    const std::string text = scraper::read_file(checkout::fixtures() / "kubelet-1.37/stats_summary.json");
    const std::string expected = text_of(parse(text).page);
    for (const std::size_t piece : {1U, 2U, 7U, 1460U, 16'384U}) {
        CAPTURE(piece);
        const Parsed parsed = parse(text, piece);
        CHECK(parsed.good);
        CHECK(text_of(parsed.page) == expected);
    }
    CHECK(text_of(parse(nlohmann::json::parse(text).dump()).page) == expected);
}

TEST_CASE("StatsParser reads volumes, with the claim they are of") {
    CHECK(read_pod(R"("volume":[
        {"time":"2026-11-23T04:30:55Z","availableBytes":5,"capacityBytes":8,"usedBytes":3,"inodesFree":6,
         "inodes":9,"inodesUsed":3,"name":"data","pvcRef":{"name":"data-p","namespace":"ns"}},
        {"usedBytes":7,"name":"cache"}])") ==
          kEmptyPod + "  volume data of data-p 3 8 5 9 6\n  volume cache 7 - - - -\n");
}

TEST_CASE("StatsParser sums a pod's interfaces, and takes a node's default one") {
    const std::string network = R"("network":{"time":"2026-11-23T04:30:55Z","name":"eth0","rxBytes":5,
        "txBytes":6,"rxErrors":1,"txErrors":2,"interfaces":[
        {"name":"eth0","rxBytes":5,"txBytes":6,"rxErrors":1,"txErrors":2},{"name":"net1","rxBytes":100}]})";
    CHECK(read_pod(network) == "ns/p 0 net@1795408255 105 6 1 2 mem@0 - - - - disk -\n");
    CHECK(text_of(parse(R"({"node":{)" + network + "}}").page.node.network) == "net@1795408255 5 6 1 2");
    CHECK(read_pod(R"("network":{"rxBytes":4,"txBytes":3})") ==
          "ns/p 0 net@0 4 3 - - mem@0 - - - - disk -\n");
    // No interface is called eth0: the kubelet names no default.
    const std::string others = R"("network":{"interfaces":[{"rxBytes":1},{"rxBytes":2,"txBytes":9}]})";
    CHECK(text_of(parse(R"({"node":{)" + others + "}}").page.node.network) == "net@0 3 9 - -");
}

TEST_CASE("StatsParser has a bad field cost the field") {
    struct Case {
        const char* name;
        std::string members;
        std::string text;
        std::uint32_t bad;
    };
    const std::string good = R"("rssBytes":7)";
    const auto memory = [&](const std::string& field) { return "\"memory\":{" + field + "," + good + "}"; };
    const std::string left = "ns/p 0 net@0 - - - - mem@0 - 7 - - disk -\n";
    const Case cases[] = {
        {"text for a number", memory(R"("usageBytes":"5")"), left, 1},
        {"below zero", memory(R"("usageBytes":-5)"), left, 1},
        {"a fraction", memory(R"("usageBytes":5.5)"), left, 1},
        {"more than 64 bits", memory(R"("usageBytes":18446744073709551616)"), left, 1},
        {"an object", memory(R"("usageBytes":{"rssBytes":9})"), left, 1},
        {"a list", memory(R"("usageBytes":[9])"), left, 1},
        {"null is none", memory(R"("usageBytes":null)"), left, 0},
        {"no time", memory(R"("time":"yesterday")"), left, 1},
        {"no day", memory(R"("time":"2026-02-30T04:30:55Z")"), left, 1},
        {"no hour", memory(R"("time":"2026-02-20T24:30:55Z")"), left, 1},
        {"a number for an object", R"("network":5,)" + memory(R"("x":[[{"usageBytes":1}]])"), left, 1},
        {"unknown members", memory(R"("psi":{"full":{"total":1}},"usagebytes":3,"a":[1,{"b":2}])"), left, 0},
    };
    for (const Case& each : cases) {
        DYNAMIC_SECTION(each.name) {
            CHECK(read_pod(each.members) == each.text);
            CHECK(parse(page_of(pod_of(each.members))).page.bad_fields == each.bad);
        }
    }
}

TEST_CASE("StatsParser has a bad thing cost itself") {
    const std::string good = pod_of(R"("startTime":"1970-01-01T00:00:09Z")");
    const std::string kept = "ns/p 9 net@0 - - - - mem@0 - - - - disk -\n";
    const std::string deep(StatsParser::kDeepest, '[');
    const std::string bad_pods[] = {
        R"({"podRef":{"name":"","namespace":"ns"}})",
        R"({"podRef":{"name":"a b","namespace":"ns"}})",
        R"({"podRef":{"name":"p","namespace":"a/b"}})",
        R"({"podRef":{"name":"p"}})",
        R"({"podRef":{"name":")" + std::string(254, 'x') + R"(","namespace":"ns"}})",
        R"({"podRef":5})",
        R"({"podRef" "x"})",
        R"({"podRef":{"name":"p","namespace":"ns"}"x":1})",
        "5",
        R"({"podRef":{"name":"p","namespace":"ns"},"x":)" + deep + std::string(deep.size(), ']') + "}",
    };
    for (const std::string& bad : bad_pods) {
        CAPTURE(bad);
        const Parsed parsed = parse(page_of(good + "," + bad + "," + good));
        CHECK(parsed.good);
        CHECK(parsed.page.bad_things == 1);
        REQUIRE(parsed.page.pods.size() == 2);
        CHECK(text_of(parsed.page.pods[0]) + text_of(parsed.page.pods[1]) == kept + kept);
    }
    CHECK(read_pod(R"("containers":[{"name":"a","cpu":{"usageCoreNanoSeconds":1}},{"name":"b c"},5,{"x":1},
                     {"name":"d","logs":{"usedBytes":2,"capacityBytes":9}}],
                     "volume":[{"usedBytes":1},{"name":"v","usedBytes":2}])") ==
          kEmptyPod +
              "  a 0 cpu 1 mem@0 - - - - disk - -\n  d 0 cpu - mem@0 - - - - disk - 2\n"
              "  volume v 2 - - - -\n");
}

TEST_CASE("StatsParser takes a bounded number of things") {
    std::string containers;
    for (std::size_t i = 0; i < StatsParser::kMostThings / 2; ++i)
        containers += (containers.empty() ? "" : ",") + std::string{R"({"name":"c"})"};
    const std::string pod = pod_of("\"containers\":[" + containers + "]");
    const Parsed parsed = parse(page_of(pod + "," + pod + "," + pod));
    CHECK(parsed.good);
    REQUIRE(parsed.page.pods.size() == 2);
    CHECK(parsed.page.pods[0].containers.size() == StatsParser::kMostThings / 2);
    CHECK(parsed.page.pods[1].containers.size() == StatsParser::kMostThings / 2 - 2);
    CHECK(parsed.page.bad_things == 3);
}

TEST_CASE("StatsParser refuses what is no page") {
    const std::string rubbish[] = {"",
                                   "{}",
                                   "[]",
                                   "null",
                                   "<html></html>",
                                   "container_cpu 1 2\n",
                                   R"({"kind":"Status","code":403})",
                                   R"({"pods":{}})",
                                   R"({"node":{},"pods":[)",
                                   R"({"node":{}} x)",
                                   page_of("\"" + std::string(StatsParser::kLongestThing, 'x') + "\"")};
    for (const std::string& text : rubbish) {
        CAPTURE(text.substr(0, 80));
        CHECK(!parse(text).good);
    }
    CHECK(parse(R"({"node":{}})").good);
    CHECK(parse(R"({"pods":null,"node":{"x":1}})").good);
}

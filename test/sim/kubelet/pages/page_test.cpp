// SPDX-License-Identifier: Apache-2.0
#include "test/sim/kubelet/pages/page.hpp"

#include "test/checkout.hpp"
#include "test/sim/cluster/workloads.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include <catch2/catch.hpp>

namespace sim {
namespace {

constexpr Nanos kNow = 1'795'408'000 * kSecond;
constexpr Sampling kCadvisor{Sampling::Mode::cadvisor, 0};

std::string read_fixture(const std::string& name) {
    std::ifstream file{checkout::fixtures() / name};
    REQUIRE(file);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

// Lines with their numbers and times replaced by what kind they are; names stay.
std::string masked(const std::string& page) {
    std::istringstream lines{page};
    std::string result;
    for (std::string line; std::getline(lines, line);) {
        const std::size_t closing = line.find("} ");
        const std::size_t end = closing == std::string::npos ? line.find(' ') : closing + 1;
        if (!line.starts_with('#')) {
            const std::string rest = line.substr(end + 1);
            const std::size_t space = rest.find(' ');
            const std::string number = rest.substr(0, space);
            const bool digits = number.find_first_not_of("0123456789.e+") == std::string::npos;
            line.resize(end);
            line += number == "0" ? " 0" : (digits ? " V" : " ?");
            if (space != std::string::npos)
                line += rest.size() - space == 14 &&
                                rest.find_first_not_of("0123456789", space + 1) == std::string::npos
                            ? " T"
                            : " ?";
        }
        result += line + "\n";
    }
    return result;
}

// The node of the fixtures: four static pods, of which one has a memory limit.
Node fixture_node() {
    struct Static {
        const char *name_space, *name;
        std::vector<std::string> containers;
    };
    const Static pods[] = {{"kube-system", "multi-127.0.2.1", {"cpu", "mem", "sidecar"}},
                           {"default", "burn-127.0.2.1", {"main"}},
                           {"default", "idle-127.0.2.1", {"main"}},
                           {"default", "flappy-127.0.2.1", {"main", "steady"}}};
    Node node;
    node.name = "127.0.2.1";
    node.booted = kNow - 3600 * kSecond;
    node.system.start = node.booted;
    node.system.cpu.base = 0.3;
    node.system.memory.base = 2e9;
    for (const Static& s : pods) {
        auto workload = std::make_shared<Workload>();
        workload->name_space = s.name_space;
        workload->containers = s.containers;
        auto pod = make_pod(workload, s.name, 1, 0, kNow - 600 * kSecond, kNow - 600 * kSecond);
        for (Container& container : pod->containers)
            container.memory_limit_bytes = pod->name == "burn-127.0.2.1" ? 67'108'864 : 0;
        node.pods.push_back(pod);
    }
    return node;
}

struct Line {
    double value = 0;
    Millis at = 0;
};

std::map<std::string, Line> lines_of(const std::string& page) {
    std::map<std::string, Line> result;
    std::istringstream lines{page};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with('#')) continue;
        const std::size_t closing = line.find('}');
        const std::size_t space = closing == std::string::npos ? line.find(' ') : closing + 1;
        Line parsed;
        std::istringstream numbers{line.substr(space)};
        numbers >> parsed.value >> parsed.at;
        result[line.substr(0, space)] = parsed;
    }
    return result;
}

std::string series(const std::string& family, const Pod& pod, const Container* container) {
    std::string text = family + "{";
    if (container) text += "container=\"" + container->name + "\",";
    return text + "namespace=\"" + pod.name_space + "\",pod=\"" + pod.name + "\"}";
}

std::string text_of(Page& page, Nanos at, Nanos counters_since = 0) {
    std::string text;
    page.append(text, at, counters_since);
    return text;
}

}  // namespace

TEST_CASE("A page is what a real kubelet with the same pods prints but for numbers and times") {
    Node node = fixture_node();
    // At the captures of one file flappy/main was between two lives.
    const auto flappy_ends = [&] {
        Container& main = node.pods[3]->containers[0];
        main.lives[0].end = kNow + 30 * kSecond;
    };
    SECTION("kubelet 1.37, a container is away") {
        flappy_ends();
        node.pods[3]->containers[0].restarts = 4;
        Page page{node, kCadvisor, 1, kNow};
        CHECK(masked(text_of(page, kNow + 60 * kSecond)) ==
              masked(read_fixture("kubelet-1.37/metrics_resource.txt")));
    }
    SECTION("kubelet 1.37, all are there") {
        node.pods[3]->containers[0].restarts = 4;
        Page page{node, kCadvisor, 1, kNow};
        CHECK(masked(text_of(page, kNow + 60 * kSecond)) ==
              masked(read_fixture("kubelet-1.37/metrics_resource.15s-later.txt")));
    }
}

TEST_CASE("Every line holds the truth at its own time") {
    Model model{{2, 30, 7}, kNow};
    const Node& node = model.nodes()[1];
    for (const Sampling sampling :
         {kCadvisor, Sampling{Sampling::Mode::cri, 0}, Sampling{Sampling::Mode::fixed, 10'000}}) {
        Page page{node, sampling, 7, kNow};
        const auto lines = lines_of(text_of(page, kNow + 61 * kSecond + 123'456));
        std::size_t checked = 0;
        for (const auto& pod : node.pods) {
            for (const Container& container : pod->containers) {
                const Line& cpu = lines.at(series("container_cpu_usage_seconds_total", *pod, &container));
                CHECK(std::llround(cpu.value * 1e9) ==
                      static_cast<long long>(container.lives[0].cpu_nanos(cpu.at * kMilli)));
                const Line& memory = lines.at(series("container_memory_working_set_bytes", *pod, &container));
                CHECK(memory.at == cpu.at);
                CHECK(memory.value ==
                      static_cast<double>(container.lives[0].memory_bytes(memory.at * kMilli)));
                const Line& start = lines.at(series("container_start_time_seconds", *pod, &container));
                CHECK(start.value == static_cast<double>(container.lives[0].start) / 1e9);
                ++checked;
            }
            const Line& cpu = lines.at(series("pod_cpu_usage_seconds_total", *pod, nullptr));
            CHECK(std::llround(cpu.value * 1e9) == static_cast<long long>(pod->cpu_nanos(cpu.at * kMilli)));
        }
        CHECK(checked >= 30);
        const Line& cpu = lines.at("node_cpu_usage_seconds_total");
        CHECK(cpu.value == static_cast<double>(node.cpu_nanos(cpu.at * kMilli)) / 1e9);
    }
}

TEST_CASE("The difference of two pages is what was burned between their samples") {
    Model model{{1, 20, 3}, kNow};
    const Node& node = model.nodes()[0];
    Page page{node, kCadvisor, 3, kNow};
    const auto first = lines_of(text_of(page, kNow + 20 * kSecond));
    const auto second = lines_of(text_of(page, kNow + 80 * kSecond));
    for (const auto& pod : node.pods)
        for (const Container& container : pod->containers) {
            const std::string name = series("container_cpu_usage_seconds_total", *pod, &container);
            const Line a = first.at(name), b = second.at(name);
            const Life& life = container.lives[0];
            const auto seconds = [&](Millis at) {
                return static_cast<double>(at * kMilli - life.start) / 1e9;
            };
            const double truth = life.cpu.integral(seconds(b.at)) - life.cpu.integral(seconds(a.at));
            CHECK(b.value - a.value == Approx(truth).epsilon(1e-5).margin(2e-9));
        }
}

TEST_CASE("A page from the cache is the page from scratch") {
    Model model{{1, 30, 5}, kNow};
    Page kept{model.nodes()[0], kCadvisor, 5, kNow};
    for (int i = 0; i < 50; ++i) {
        const Nanos at = kNow + i * 1'700'000'000LL;
        const Pod like = *model.nodes()[0].pods[static_cast<std::size_t>(i) % 20];
        if (i % 7 == 3 && like.removed == kNever) model.replace(like, 0, at, at + kSecond);
        if (i % 5 == 2) model.restart({like.name_space, like.name}, "", at, 3 * kSecond);
        model.advance(at);
        Page fresh{model.nodes()[0], kCadvisor, 5, kNow};
        CHECK(text_of(kept, at) == text_of(fresh, at));
    }
}

TEST_CASE("Pods and containers are shown while they live") {
    Model model{{2, 10, 1}, kNow};
    Page page{model.nodes()[0], kCadvisor, 1, kNow};
    const Pod& pod =
        **std::find_if(model.nodes()[0].pods.begin(), model.nodes()[0].pods.end(),
                       [](const auto& p) { return p->workload->kind == Workload::Kind::stateful_set; });
    const Model::PodKey key{pod.name_space, pod.name};
    const std::string cpu = series("container_cpu_usage_seconds_total", pod, &pod.containers[0]);
    const std::string pod_cpu = series("pod_cpu_usage_seconds_total", pod, nullptr);
    Nanos at = kNow + 60 * kSecond;
    const auto before = lines_of(text_of(page, at));
    REQUIRE(before.contains(cpu));

    SECTION("a container between two lives is absent while its pod is there") {
        REQUIRE(model.restart(key, pod.containers[0].name, at, 4 * kSecond));
        const auto away = lines_of(text_of(page, at + 3 * kSecond));
        CHECK_FALSE(away.contains(cpu));
        CHECK(away.contains(pod_cpu));
        const auto back = lines_of(text_of(page, at + 6 * kSecond));
        REQUIRE(back.contains(cpu));
        CHECK(back.at(cpu).value < before.at(cpu).value);
        CHECK(back.at(series("container_start_time_seconds", pod, &pod.containers[0])).value ==
              static_cast<double>(at + 4 * kSecond) / 1e9);
        CHECK(back.at(pod_cpu).value >= before.at(pod_cpu).value);
    }
    SECTION("a pod that moved is shown by both nodes for as long as asked") {
        Page other{model.nodes()[1], kCadvisor, 1, kNow};
        REQUIRE(model.move(key, "node-0002", at, 10 * kSecond));
        CHECK(lines_of(text_of(page, at + 9 * kSecond)).contains(cpu));
        CHECK(lines_of(text_of(other, at + 9 * kSecond)).contains(cpu));
        CHECK_FALSE(lines_of(text_of(page, at + 10 * kSecond)).contains(cpu));
    }
    SECTION("a removed pod is gone") {
        REQUIRE(model.remove(key, at));
        CHECK_FALSE(lines_of(text_of(page, at)).contains(pod_cpu));
    }
}

TEST_CASE("Reset counters begin near zero and the start time stays") {
    Model model{{1, 5, 1}, kNow};
    const Node& node = model.nodes()[0];
    Page page{node, kCadvisor, 1, kNow};
    const Pod& pod = *node.pods[0];
    const std::string cpu = series("container_cpu_usage_seconds_total", pod, &pod.containers[0]);
    const std::string start = series("container_start_time_seconds", pod, &pod.containers[0]);
    const Nanos reset = kNow + 60 * kSecond;
    const auto before = lines_of(text_of(page, reset));
    const auto after = lines_of(text_of(page, reset + 60 * kSecond, reset));
    CHECK(after.at(cpu).value < before.at(cpu).value);
    CHECK(after.at(cpu).value < 60 * 2);
    CHECK(after.at("node_cpu_usage_seconds_total").value < before.at("node_cpu_usage_seconds_total").value);
    CHECK(after.at(start).value == before.at(start).value);
    const auto whole = lines_of(text_of(page, reset + 61 * kSecond));
    CHECK(whole.at(cpu).value > before.at(cpu).value);
}

TEST_CASE("The samples that lines showed are remembered") {
    Model model{{1, 5, 1}, kNow};
    Page page{model.nodes()[0], kCadvisor, 1, kNow};
    const auto lines = lines_of(text_of(page, kNow + 60 * kSecond));
    const auto records = page.samples();
    REQUIRE(records.size() >= 10);
    for (const SampleRecord& record : records) {
        const char* family =
            record.container ? "container_cpu_usage_seconds_total" : "pod_cpu_usage_seconds_total";
        CHECK(lines.at(series(family, *record.pod, record.container)).at == record.taken[0]);
        CHECK(record.taken[0] > record.taken[1]);
    }
    CHECK(lines.at("node_cpu_usage_seconds_total").at == page.node_sample());
}

}  // namespace sim

// SPDX-License-Identifier: Apache-2.0
#include "test/sim/cluster/model.hpp"

#include "test/sim/cluster/names.hpp"
#include "test/sim/cluster/workloads.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sim {
namespace {

constexpr Nanos kNow = 1'795'408'000 * kSecond;

struct Recorder final : ModelObserver {
    void pod_changed(const Pod& pod) override {
        seen.push_back((pod.phase == Pod::Phase::running ? "running " : "pending ") + pod.name);
    }
    void pod_deleted(const Pod& pod) override { seen.push_back("deleted " + pod.name); }
    void node_changed(const Node& node) override {
        seen.push_back((node.ready ? "ready " : "unready ") + node.name);
    }
    std::vector<std::string> seen;
};

const Pod& pod_of_kind(const Model& model, Workload::Kind kind) {
    const auto it = std::find_if(model.pods().begin(), model.pods().end(),
                                 [&](const auto& entry) { return entry.second->workload->kind == kind; });
    REQUIRE(it != model.pods().end());
    return *it->second;
}

// The trapezoid rule, which knows nothing of the closed form.
double integrate(const Wave& wave, double from, double to) {
    constexpr int kSteps = 200'000;
    const double step = (to - from) / kSteps;
    double sum = (wave.value(from) + wave.value(to)) / 2;
    for (int i = 1; i < kSteps; ++i) sum += wave.value(from + i * step);
    return sum * step;
}

}  // namespace

TEST_CASE("The integral of a wave is the sum of its values") {
    const Wave waves[] = {{1, 0, 60, 0}, {0.25, 0.5, 60, 1}, {2, 0.9, 333, 4}, {0.001, 0.3, 17, 6}};
    for (const Wave& wave : waves) {
        CAPTURE(wave.base, wave.period_s);
        CHECK(wave.integral(400) - wave.integral(37) == Approx(integrate(wave, 37, 400)).epsilon(1e-9));
        CHECK(wave.integral(0) == Approx(0).margin(1e-12));
    }
}

TEST_CASE("A life burns from its start to its end and never goes back") {
    Life life{kNow, kNow + 100 * kSecond, {0.5, 0.6, 60, 1}, {50e6, 0.1, 60, 0}};
    CHECK(life.cpu_nanos(kNow - kSecond) == 0);
    std::uint64_t last = 0;
    for (Nanos at = kNow; at <= life.end; at += kSecond / 4) {
        CHECK(life.cpu_nanos(at) >= last);
        last = life.cpu_nanos(at);
        CHECK(life.memory_bytes(at) % 4096 == 0);
    }
    CHECK(life.cpu_nanos(life.end + 50 * kSecond) == last);
}

TEST_CASE("Pods have as many containers on average as asked for") {
    struct Case {
        double asked;
        std::size_t fewest, most;
        double low, high;
    };
    const Case cases[] = {{1, 1, 1, 1, 1}, {3, 3, 3, 3, 3}, {1.6, 1, 2, 1.5, 1.7}, {0, 1, 3, 1.1, 1.4}};
    for (const Case& c : cases) DYNAMIC_SECTION(c.asked << " containers") {
            const Model model{{200, 30, 1, c.asked}, kNow};
            std::size_t containers = 0, pods = 0, fewest = 100, most = 0;
            for (const auto& [key, pod] : model.pods()) {
                if (pod->workload->kind == Workload::Kind::daemon_set) continue;
                ++pods;
                containers += pod->containers.size();
                fewest = std::min(fewest, pod->containers.size());
                most = std::max(most, pod->containers.size());
            }
            CHECK(fewest == c.fewest);
            CHECK(most == c.most);
            const double mean = static_cast<double>(containers) / static_cast<double>(pods);
            CHECK(mean >= c.low);
            CHECK(mean <= c.high);
        }
}

TEST_CASE("The cluster has as many pods as asked for on every node") {
    struct Case {
        std::uint32_t nodes, pods;
    };
    const Case cases[] = {{1, 1}, {3, 30}, {10, 4}, {7, 70}, {100, 30}, {5000, 12}};
    for (const Case& c : cases) DYNAMIC_SECTION(c.nodes << " nodes with " << c.pods) {
            const Model model{{c.nodes, c.pods, 1}, kNow};
            CHECK(model.pods().size() == std::size_t{c.nodes} * c.pods);
            for (const Node& node : model.nodes()) CHECK(node.pods.size() == c.pods);
        }
}

TEST_CASE("A namespace holds 200 pods at most and a small cluster has several") {
    const auto count = [](const ModelOptions& options) {
        std::map<std::string, std::size_t> sizes;
        const Model model{options, kNow};
        for (const auto& [key, pod] : model.pods())
            if (pod->workload->kind != Workload::Kind::daemon_set) ++sizes[key.first];
        return sizes;
    };
    CHECK(count({3, 30, 1}).size() >= 4);
    for (const auto& [name, size] : count({100, 30, 1})) CHECK(size <= 200);
    CHECK(count({100, 30, 1})["shop"] == 200);
}

TEST_CASE("As many pods are annotated to be scraped as asked for, each at an address of its own") {
    ModelOptions options{20, 5, 1};
    options.applications = 30;
    options.applications_port = 8080;
    const Model model{options, kNow};
    std::set<std::string> addresses;
    for (const auto& [key, pod] : model.pods()) {
        if (pod->annotations.empty()) continue;
        CHECK(pod->workload->kind != Workload::Kind::daemon_set);
        CHECK(pod->annotations == Labels{{"prometheus.io/port", "8080"}, {"prometheus.io/scrape", "true"}});
        addresses.insert(pod->ip);
    }
    CHECK(addresses.size() == 30);
    CHECK(addresses.contains("127.128.0.1"));
    CHECK(addresses.contains("127.128.0.30"));
    CHECK(node_index((127U << 24) | (128U << 16) | 1U) == -1);
    // There are no more than it has.
    options.applications = 1000;
    std::size_t annotated = 0;
    const Model all{options, kNow};
    for (const auto& [key, pod] : all.pods()) annotated += !pod->annotations.empty();
    CHECK(annotated == 80);
}

TEST_CASE("The seed alone makes the cluster") {
    const auto names = [](std::uint64_t seed, Nanos made = kNow, Nanos now = kNow) {
        const Model model{{5, 20, seed, 0, made}, now};
        std::vector<std::string> result;
        for (const auto& [key, pod] : model.pods())
            result.push_back(key.first + "/" + key.second + "@" + model.nodes()[pod->node].name + " " +
                             pod->uid + " " + std::to_string(pod->cpu_nanos(kNow)));
        return result;
    };
    CHECK(names(1) == names(1));
    CHECK(names(1) != names(2));
    CHECK(names(1, kNow, kNow + 77 * kSecond) == names(1));
    CHECK(names(1, kNow - kSecond) != names(1));
    CHECK(names(1, 0, kNow) == names(1));
}

TEST_CASE("Pods are named and labelled as their controllers do") {
    const Model model{{3, 30, 1}, kNow};
    const auto label = [](const Pod& pod, const std::string& key) {
        for (const auto& [k, v] : pod.labels)
            if (k == key) return v;
        return std::string{"none"};
    };
    const Pod& web = pod_of_kind(model, Workload::Kind::deployment);
    CHECK(web.name.starts_with(web.workload->name + "-" + label(web, "pod-template-hash") + "-"));
    CHECK(web.workload->owner_name() == web.workload->name + "-" + label(web, "pod-template-hash"));
    CHECK(label(web, "app") == web.workload->name);
    const Pod& data = pod_of_kind(model, Workload::Kind::stateful_set);
    CHECK(label(data, "statefulset.kubernetes.io/pod-name") == data.name);
    CHECK(data.name == data.workload->name + "-" + label(data, "apps.kubernetes.io/pod-index"));
    const Pod& daemon = pod_of_kind(model, Workload::Kind::daemon_set);
    CHECK(label(daemon, "pod-template-generation") == "1");
    CHECK(std::is_sorted(web.labels.begin(), web.labels.end()));
}

TEST_CASE("A node uses what its containers and its system use") {
    Model model{{2, 10, 1}, kNow};
    const Node& node = model.nodes()[0];
    const auto sum = [&](Nanos at) {
        std::uint64_t cpu = node.system.cpu_nanos(at);
        for (const auto& pod : node.pods) cpu += pod->cpu_nanos(std::min(at, pod->removed));
        return cpu;
    };
    CHECK(node.cpu_nanos(kNow + 30 * kSecond) == sum(kNow + 30 * kSecond));
    // Whatever comes and goes, the node's counter does not fall.
    std::uint64_t last = 0;
    for (int i = 0; i < 400; ++i) {
        const Nanos at = kNow + i * kSecond;
        if (i % 10 == 0) {
            const Pod& leaving = **std::find_if(node.pods.begin(), node.pods.end(),
                                                [](const auto& pod) { return pod->removed == kNever; });
            const Pod like = leaving;
            model.remove({leaving.name_space, leaving.name}, at);
            model.replace(like, 0, at, at + kSecond);
        }
        model.advance(at);
        CHECK(node.cpu_nanos(at) > last);
        last = node.cpu_nanos(at);
    }
    CHECK(node.pods.size() < 10 + 14);
}

TEST_CASE("A restarted container is away and then begins anew while its pod goes on") {
    Model model{{1, 10, 1}, kNow};
    const Pod& pod = pod_of_kind(model, Workload::Kind::deployment);
    const Container& container = pod.containers[0];
    const std::uint64_t before = container.life_at(kNow)->cpu_nanos(kNow);
    const std::uint64_t pod_before = pod.cpu_nanos(kNow);
    REQUIRE(model.restart({pod.name_space, pod.name}, "", kNow, 4 * kSecond));
    CHECK(container.life_at(kNow + 2 * kSecond) == nullptr);
    CHECK_FALSE(model.restart({pod.name_space, pod.name}, "", kNow + kSecond, kSecond));
    const Life* life = container.life_at(kNow + 5 * kSecond);
    REQUIRE(life != nullptr);
    CHECK(life->start == kNow + 4 * kSecond);
    CHECK(life->cpu_nanos(kNow + 5 * kSecond) < before);
    CHECK(pod.cpu_nanos(kNow + 5 * kSecond) > pod_before);
    CHECK(container.restarts == 1);
    for (int i = 1; i < 20; ++i)
        model.restart({pod.name_space, pod.name}, "", kNow + i * 10 * kSecond, kSecond);
    CHECK(container.lives.size() == 8);
    CHECK(pod.cpu_nanos(kNow + 400 * kSecond) > pod_before);
}

TEST_CASE("Changes reach the observer in the order an API server would show them") {
    Model model{{2, 10, 1}, kNow};
    Recorder recorder;
    model.set_observer(&recorder);
    const Pod web = pod_of_kind(model, Workload::Kind::deployment);

    SECTION("a new pod is pending and then running") {
        model.remove({web.name_space, web.name}, kNow);
        const auto key = model.replace(web, 1, kNow, kNow + kSecond);
        model.advance(kNow + kSecond / 2);
        CHECK(recorder.seen == std::vector<std::string>{"deleted " + web.name, "pending " + key.second});
        model.advance(kNow + kSecond);
        CHECK(recorder.seen.back() == "running " + key.second);
        CHECK(recorder.seen.size() == 3);
        CHECK(model.pod(key)->node == 1);
        CHECK(model.pods().size() == 20);
    }
    SECTION("a pod that moves is another one of the same name") {
        const Node& from = model.nodes()[web.node];
        const Node& to = model.nodes()[1 - web.node];
        REQUIRE(model.move({web.name_space, web.name}, to.name, kNow, 5 * kSecond));
        CHECK(recorder.seen == std::vector<std::string>{"deleted " + web.name, "running " + web.name});
        CHECK(model.pod({web.name_space, web.name})->uid != web.uid);
        CHECK(model.pod({web.name_space, web.name})->node == to.index);
        const auto old = std::find_if(from.pods.begin(), from.pods.end(),
                                      [&](const auto& p) { return p->uid == web.uid; });
        REQUIRE(old != from.pods.end());
        CHECK((*old)->removed == kNow + 5 * kSecond);
    }
    SECTION("a node that is not ready") {
        CHECK(model.set_ready("node-0002", false));
        CHECK(recorder.seen == std::vector<std::string>{"unready node-0002"});
        CHECK_FALSE(model.set_ready("node-9999", false));
    }
    SECTION("what is unknown changes nothing") {
        CHECK_FALSE(model.remove({"default", "nope"}, kNow));
        CHECK_FALSE(model.move({web.name_space, web.name}, "node-9999", kNow, 0));
        CHECK_FALSE(model.restart({web.name_space, web.name}, "nope", kNow, 0));
        CHECK(recorder.seen.empty());
    }
}

TEST_CASE("Node addresses are loopback and tell the node") {
    CHECK(node_ip(0) == "127.16.0.1");
    CHECK(node_ip(254) == "127.16.0.255");
    CHECK(node_ip(14'999) == "127.16.58.152");
    CHECK(node_index(0x7f100001) == 0);
    CHECK(node_index(0x7f103a98) == 14'999);
    CHECK(node_index(0x7f000001) == -1);
    CHECK(node_index(0x08080808) == -1);
    CHECK(node_index(0xffffffff) == -1);
}

TEST_CASE("Generated names and ids have the form of Kubernetes'") {
    CHECK(name_suffix(12345, 5).size() == 5);
    CHECK(name_suffix(12345, 10).find_first_not_of("bcdfghjklmnpqrstvwxz2456789") == std::string::npos);
    const std::string uid = make_uid(1);
    CHECK(uid.size() == 36);
    CHECK(uid[14] == '4');
    CHECK(std::string{"89ab"}.find(uid[19]) != std::string::npos);
    CHECK(make_uid(1) != make_uid(2));
    CHECK(rfc3339(1'795'408'112 * kSecond + 170'000'000) == "2026-11-23T04:28:32Z");
}

}  // namespace sim

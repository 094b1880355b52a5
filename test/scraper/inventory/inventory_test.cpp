// SPDX-License-Identifier: Apache-2.0
#include "scraper/inventory/inventory.hpp"

#include "scraper/kubelet/failure.hpp"

#include <map>
#include <vector>

#include <catch2/catch.hpp>

namespace {

struct FakeTargets final : scraper::TargetSet {
    void put_target(const kube::Node& node, const net::Result<scraper::Target>& target) override {
        hosts[node.name] = target ? target->addresses.at(0) : target.error().message();
        if (node.ready) ++ready_puts;
    }
    void remove_target(const std::string& name) override {
        hosts.erase(name);
        removed.push_back(name);
    }

    std::map<std::string, std::string> hosts;
    std::vector<std::string> removed;
    int ready_puts = 0;
};

kube::Node node(const std::string& name, const std::string& address) {
    kube::Node n;
    n.name = name;
    n.labels = {{"zone", "a"}};
    n.addresses = {{"InternalIP", address}};
    n.ready = true;
    return n;
}

kube::Pod pod(const std::string& name) {
    kube::Pod p;
    p.name_space = "default";
    p.name = name;
    return p;
}

using Hosts = std::map<std::string, std::string>;

struct Fixture {
    storage::Store store{storage::StoreOptions{}};
    FakeTargets targets;
    scraper::NodeInventory nodes{scraper::AddressOptions{}, store, targets};
    scraper::PodInventory pods{store};

    bool knows(const std::string& name) { return store.node(name, storage::Monotonic{}).has_value(); }
    bool knows_pod(const std::string& name) {
        storage::PodView view;
        return store.pod("default", name, storage::Monotonic{}, view);
    }
};

}  // namespace

TEST_CASE("the watch of nodes makes the targets and the store's nodes") {
    Fixture f;
    f.nodes.begin_list();
    f.nodes.put(node("n1", "10.0.0.1"));
    f.nodes.put(node("n2", "10.0.0.2"));
    f.nodes.end_list();
    CHECK(f.targets.hosts == Hosts{{"n1", "10.0.0.1"}, {"n2", "10.0.0.2"}});
    CHECK(f.targets.ready_puts == 2);
    CHECK(f.nodes.listed());
    CHECK(f.knows("n1"));
    const auto view = f.store.node("n1", storage::Monotonic{});
    CHECK(f.store.labels(view->labels) == storage::Labels{{"zone", "a"}});

    f.nodes.put(node("n3", "10.0.0.3"));
    f.nodes.put(node("n1", "10.0.0.9"));
    f.nodes.removed(node("n2", "10.0.0.2"));
    CHECK(f.targets.hosts == Hosts{{"n1", "10.0.0.9"}, {"n3", "10.0.0.3"}});
    CHECK(f.store.node_count() == 2);
    CHECK(!f.knows("n2"));
}

TEST_CASE("a new list ends the nodes that are not in it") {
    Fixture f;
    f.nodes.begin_list();
    f.nodes.put(node("n1", "10.0.0.1"));
    f.nodes.put(node("n2", "10.0.0.2"));
    f.nodes.end_list();
    f.nodes.put(node("n3", "10.0.0.3"));

    // One that fails half-way ends nothing.
    f.nodes.begin_list();
    f.nodes.put(node("n2", "10.0.0.2"));
    CHECK(f.targets.removed.empty());

    f.nodes.begin_list();
    f.nodes.put(node("n2", "10.0.0.2"));
    f.nodes.end_list();
    CHECK(f.targets.hosts == Hosts{{"n2", "10.0.0.2"}});
    CHECK(f.targets.removed.size() == 2);
    CHECK(f.store.node_count() == 1);
    CHECK(f.knows("n2"));
}

TEST_CASE("a node without an address is known and has an error for a target") {
    Fixture f;
    kube::Node bare = node("n1", "10.0.0.1");
    bare.addresses.clear();
    f.nodes.put(bare);
    CHECK(f.targets.hosts == Hosts{{"n1", scraper::make_error_code(scraper::Errc::no_address).message()}});
    CHECK(f.knows("n1"));
}

TEST_CASE("the watch of pods makes the store's pods") {
    Fixture f;
    f.pods.begin_list();
    f.pods.put(pod("a"));
    f.pods.put(pod("b"));
    f.pods.end_list();
    CHECK(f.store.pod_count() == 2);
    f.pods.removed(pod("a"));
    f.pods.put(pod("c"));
    CHECK(!f.knows_pod("a"));
    CHECK(f.knows_pod("c"));
    f.pods.begin_list();
    f.pods.put(pod("c"));
    f.pods.end_list();
    CHECK(f.store.pod_count() == 1);
    CHECK(f.knows_pod("c"));
}

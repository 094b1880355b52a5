// SPDX-License-Identifier: Apache-2.0
// What the watches say, on their way to who scrapes applications.
#include "scraper/applications/annotated_inventory.hpp"
#include "scraper/applications/node_addresses.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace scraper;

namespace {

template <class Object>
class Calls final : public kube::Observer<Object> {
  public:
    void begin_list() override { said += "begin "; }
    void end_list() override { said += "end "; }
    void put(const Object& object) override { said += "put " + object.name + " "; }
    void removed(const Object& object) override { said += "removed " + object.name + " "; }
    std::string said;
};

kube::Node node_at(const std::string& name, const std::vector<std::string>& addresses) {
    kube::Node node;
    node.name = name;
    for (const std::string& address : addresses) node.addresses.push_back({"InternalIP", address});
    return node;
}

kube::Pod annotated_pod(const std::string& name, bool wanted = true) {
    kube::Pod pod;
    pod.name_space = "ns";
    pod.name = name;
    pod.uid = "uid-" + name;
    pod.scrape.wanted = wanted;
    pod.scrape.port = "80";
    return pod;
}

}  // namespace

TEST_CASE("the addresses of nodes are known as long as the nodes are") {
    Calls<kube::Node> next;
    NodeAddresses addresses{next};
    const auto has = [&](const char* text) { return addresses.has(boost::asio::ip::make_address(text)); };
    addresses.begin_list();
    addresses.put(node_at("a", {"10.0.0.1", "fd00::1", "a.example"}));
    addresses.put(node_at("b", {"10.0.0.2", "10.0.0.1"}));
    addresses.end_list();
    CHECK(has("10.0.0.1"));
    CHECK(has("10.0.0.2"));
    CHECK(has("fd00::1"));
    CHECK_FALSE(has("10.0.0.3"));
    addresses.put(node_at("a", {"10.0.0.3"}));
    CHECK(has("10.0.0.3"));
    CHECK(has("10.0.0.1"));
    CHECK_FALSE(has("fd00::1"));
    addresses.removed(node_at("b", {}));
    CHECK_FALSE(has("10.0.0.1"));
    addresses.begin_list();
    addresses.put(node_at("c", {"10.0.0.4"}));
    addresses.end_list();
    CHECK_FALSE(has("10.0.0.3"));
    CHECK(has("10.0.0.4"));
    CHECK(next.said == "begin put a put b end put a removed b begin put c end ");
}

TEST_CASE("pods are known to be scraped as long as their annotations say so") {
    storage::applications::Applications applications{{}};
    Calls<kube::Pod> next;
    AnnotatedInventory inventory{applications, next};
    const auto annotated = [&] {
        std::string names;
        applications.visit_annotated("ns", [&](std::string_view pod) { names.append(pod).append(" "); });
        return names;
    };
    inventory.begin_list();
    inventory.put(annotated_pod("a"));
    inventory.put(annotated_pod("b"));
    inventory.put(annotated_pod("c", false));
    inventory.end_list();
    CHECK(annotated() == "a b ");
    // That one of them has changed is known.
    const std::uint64_t before = applications.revision({"ns", "a"});
    kube::Pod changed = annotated_pod("a");
    changed.resource_version = "2";
    inventory.put(changed);
    CHECK(applications.revision({"ns", "a"}) != before);
    inventory.put(annotated_pod("a", false));
    CHECK(annotated() == "b ");
    inventory.removed(annotated_pod("b"));
    CHECK(annotated().empty());
    CHECK(next.said == "begin put a put b put c end put a put a removed b ");
}

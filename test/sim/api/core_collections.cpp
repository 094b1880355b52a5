// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/core_collections.hpp"

#include "test/sim/api/objects/core_objects.hpp"

#include <set>

namespace sim {
namespace {

std::vector<ResourceType> core_types() {
    return {{"nodes", "node", "no", {"Node", "v1"}, false, {"metadata.name", "spec.unschedulable"}},
            {"pods",
             "pod",
             "po",
             {"Pod", "v1"},
             true,
             {"metadata.name", "metadata.namespace", "spec.nodeName", "spec.restartPolicy", "status.phase",
              "status.podIP"}},
            {"namespaces", "namespace", "ns", {"Namespace", "v1"}, false, {"metadata.name", "status.phase"}},
            {"configmaps",
             "configmap",
             "cm",
             {"ConfigMap", "v1"},
             true,
             {"metadata.name", "metadata.namespace"}}};
}

}  // namespace

CoreObjects::CoreObjects(Model& model, std::uint16_t kubelet_port, std::size_t history, Nanos now)
    : model_{model}, kubelet_port_{kubelet_port} {
    for (ResourceType& type : core_types())
        collections_.push_back(std::make_unique<Collection>(std::move(type), versions_, history));
    std::set<std::string> namespaces{"default", "kube-system", "kube-public"};
    Nanos created = now;
    for (const Node& node : model.nodes()) {
        find("nodes")->load(std::make_shared<NodeObject>(node, kubelet_port, node.booted));
        created = std::min(created, node.booted);
    }
    for (const auto& [key, pod] : model.pods()) {
        find("pods")->load(std::make_shared<PodObject>(*pod, model.nodes()[pod->node]));
        namespaces.insert(key.first);
    }
    for (const std::string& name : namespaces)
        find("namespaces")->load(std::make_shared<NamespaceObject>(name, created));
    model.set_observer(this);
}

CoreObjects::~CoreObjects() {
    model_.set_observer(nullptr);
}

void CoreObjects::pod_changed(const Pod& pod) {
    find("pods")->put(std::make_shared<PodObject>(pod, model_.nodes()[pod.node]));
}

void CoreObjects::pod_deleted(const Pod& pod) {
    find("pods")->remove({pod.name_space, pod.name});
}

void CoreObjects::node_changed(const Node& node) {
    find("nodes")->put(std::make_shared<NodeObject>(node, kubelet_port_, node.booted));
}

Collection* CoreObjects::find(std::string_view plural) {
    for (const auto& collection : collections_)
        if (collection->type().plural == plural) return collection.get();
    return nullptr;
}

std::vector<const Collection*> CoreObjects::all() const {
    std::vector<const Collection*> result;
    for (const auto& collection : collections_) result.push_back(collection.get());
    return result;
}

void CoreObjects::add_config_map(std::string name_space, std::string name, Labels data, Nanos now) {
    find("configmaps")
        ->load(
            std::make_shared<ConfigMapObject>(std::move(name_space), std::move(name), std::move(data), now));
}

void CoreObjects::close() {
    for (const auto& collection : collections_) collection->close();
}

}  // namespace sim

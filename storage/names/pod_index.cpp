// SPDX-License-Identifier: Apache-2.0
#include "storage/names/pod_index.hpp"

#include <cassert>

#include <boost/container_hash/hash.hpp>

namespace storage {

std::size_t PodIndex::Hash::operator()(PodKey key) const {
    std::size_t seed = std::hash<std::string_view>{}(key.name_space);
    boost::hash_combine(seed, std::hash<std::string_view>{}(key.name));
    return seed;
}

std::size_t PodIndex::Hash::operator()(const std::unique_ptr<Pod>& pod) const {
    return (*this)(PodKey{pod->name_space->name, pod->name});
}

bool PodIndex::Equal::operator()(PodKey key, const std::unique_ptr<Pod>& pod) const {
    return key.name == pod->name && key.name_space == pod->name_space->name;
}

Pod* PodIndex::find(PodKey key) const {
    const auto found = pods_.find(key);
    return found == pods_.end() ? nullptr : found->get();
}

Pod& PodIndex::add(PodKey key) {
    auto pod = std::make_unique<Pod>();
    pod->name = key.name;
    pod->name_space = &hold_namespace(key.name_space);
    return **pods_.insert(std::move(pod)).first;
}

void PodIndex::erase(Pod& pod) {
    Namespace& home = *pod.name_space;
    if (pod.known) {
        erase_by_name(home.known, pod);
        --known_;
    }
    const auto place = pods_.find(PodKey{home.name, pod.name});
    assert(place != pods_.end() && place->get() == &pod);
    pods_.erase(place);
    if (--home.pods == 0) namespaces_.erase(namespaces_.find(home.name));
}

void PodIndex::make_known(Pod& pod) {
    assert(!pod.known);
    insert_by_name(pod.name_space->known, pod);
    pod.known = true;
    ++known_;
}

std::vector<Pod*> PodIndex::take_unlisted(std::uint32_t list) {
    std::vector<Pod*> taken;
    for (auto& [name, home] : namespaces_) {
        const std::vector<Pod*> here = storage::take_unlisted(home.known, list);
        taken.insert(taken.end(), here.begin(), here.end());
    }
    return taken;
}

Namespace& PodIndex::hold_namespace(std::string_view name) {
    auto found = namespaces_.find(name);
    if (found == namespaces_.end()) {
        found = namespaces_.emplace(std::string{name}, Namespace{}).first;
        found->second.name = found->first;
    }
    ++found->second.pods;
    return found->second;
}

}  // namespace storage

// SPDX-License-Identifier: Apache-2.0
// Points from before a restart, until the watch shows whose they are.
#pragma once

#include "storage/saved_points.hpp"
#include "storage/store.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <boost/unordered/unordered_flat_map.hpp>

namespace storage {

class Restored {
  public:
    // More are left out.
    static constexpr std::size_t kMostContainers = 2'000'000;

    struct Place {
        // Null: it does not wait.
        const SavedNode* node = nullptr;
        SavedPod* pod = nullptr;
    };

    // The first of a name counts, of nodes and of pods. Null: it is not kept.
    SavedNode* add(SavedNode&& node) {
        for (const SavedPod& pod : node.pods) containers_ += pod.containers.size();
        if (containers_ > kMostContainers) return nullptr;
        std::string name = node.name;
        const auto [at, is_new] = nodes_.try_emplace(std::move(name), std::move(node));
        if (!is_new) return nullptr;
        for (SavedPod& pod : at->second.pods)
            pods_.try_emplace(key_of({pod.name_space, pod.name}), Place{&at->second, &pod});
        return &at->second;
    }
    void clear() { *this = {}; }
    bool empty() const { return nodes_.empty(); }

    // Null: it does not wait.
    SavedNode* node(std::string_view name) {
        const auto at = nodes_.find(name);
        return at == nodes_.end() ? nullptr : &at->second;
    }
    Place pod(PodKey key) const {
        const auto at = pods_.find(key_of(key));
        return at == pods_.end() ? Place{} : at->second;
    }
    void take_pod(PodKey key) { pods_.erase(key_of(key)); }

  private:
    // No name holds a '/'.
    static std::string key_of(PodKey key) {
        return std::string{key.name_space}.append(1, '/').append(key.name);
    }

    // Nodes never move.
    std::map<std::string, SavedNode, std::less<>> nodes_;
    boost::unordered_flat_map<std::string, Place> pods_;
    std::size_t containers_ = 0;
};

}  // namespace storage

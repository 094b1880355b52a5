// SPDX-License-Identifier: Apache-2.0
// On which node each pod was at the tick that was told before: history knows that of its last figures alone,
// and the label would go on without an end.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <boost/container_hash/hash.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

namespace sink::remote_write {

// By a hash of its names.
class NodesBefore {
  public:
    void next_tick() {
        std::swap(before_, now_);
        now_.pods.clear();
        now_.nodes.clear();
    }
    void note(std::string_view name_space, std::string_view pod, std::string_view node) {
        const std::size_t place = boost::hash<std::string_view>{}(node);
        if (std::string& name = now_.nodes[place]; name.empty()) name = node;
        now_.pods[key(name_space, pod)] = place;
    }
    // Empty: it was not told of.
    std::string_view of(std::string_view name_space, std::string_view pod) const {
        const auto at = before_.pods.find(key(name_space, pod));
        return at == before_.pods.end() ? std::string_view{} : before_.nodes.find(at->second)->second;
    }

  private:
    struct Tick {
        // To the place in `nodes`.
        boost::unordered_flat_map<std::size_t, std::size_t> pods;
        boost::unordered_flat_map<std::size_t, std::string> nodes;
    };
    static std::size_t key(std::string_view name_space, std::string_view pod) {
        std::size_t hash = 0;
        boost::hash_combine(hash, name_space);
        boost::hash_combine(hash, pod);
        return hash;
    }
    Tick before_;
    Tick now_;
};

}  // namespace sink::remote_write

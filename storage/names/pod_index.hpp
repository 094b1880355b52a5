// SPDX-License-Identifier: Apache-2.0
// All pods by (namespace, name): a hash for the pages' rows, and the kept order of the known ones for the
// lists.
#pragma once

#include "storage/names/by_name.hpp"
#include "storage/objects.hpp"
#include "storage/store.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

namespace storage {

// Owns the pods. They never move.
class PodIndex {
  public:
    // Null: not there.
    Pod* find(PodKey key) const;
    // Adds an unknown pod. REQUIRES: it is not there.
    Pod& add(PodKey key);
    void erase(Pod& pod);

    // Puts an unknown pod among the known ones.
    void make_known(Pod& pod);
    // Takes the known pods that the watch list `list` has not shown out of the order, and returns them, for
    // the caller to erase. (Erasing them one by one would move the rest each time.)
    std::vector<Pod*> take_unlisted(std::uint32_t list);
    std::size_t known_count() const { return known_; }

    // Known pods in order, those greater than `after`; name_space empty: of all namespaces. `visit(Pod&)`
    // returns false to stop.
    template <class Visit>
    void walk(std::string_view name_space, PodKey after, Visit&& visit) const;

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(PodKey key) const;
        std::size_t operator()(const std::unique_ptr<Pod>& pod) const;
    };
    struct Equal {
        using is_transparent = void;
        bool operator()(const std::unique_ptr<Pod>& a, const std::unique_ptr<Pod>& b) const { return a == b; }
        bool operator()(PodKey key, const std::unique_ptr<Pod>& pod) const;
        bool operator()(const std::unique_ptr<Pod>& pod, PodKey key) const { return (*this)(key, pod); }
    };
    using Namespaces = std::map<std::string, Namespace, std::less<>>;

    Namespace& hold_namespace(std::string_view name);

    Namespaces namespaces_;
    boost::unordered_flat_set<std::unique_ptr<Pod>, Hash, Equal> pods_;
    std::size_t known_ = 0;
};

template <class Visit>
void PodIndex::walk(std::string_view name_space, PodKey after, Visit&& visit) const {
    const bool all = name_space.empty();
    auto at = namespaces_.lower_bound(all ? after.name_space : std::max(name_space, after.name_space));
    for (; at != namespaces_.end() && (all || at->first == name_space); ++at) {
        const std::vector<Pod*>& known = at->second.known;
        // Only the namespace where the walk stopped is entered in its middle.
        auto pod = at->first == after.name_space ? first_after(known, after.name) : known.begin();
        for (; pod != known.end(); ++pod) {
            // Pods lie scattered: those that come next are fetched while this one is dealt with.
            if (known.end() - pod > 16) __builtin_prefetch(*(pod + 16));
            if (known.end() - pod > 8) __builtin_prefetch((*(pod + 8))->containers.data());
            if (!visit(**pod)) return;
        }
    }
}

}  // namespace storage

// SPDX-License-Identifier: Apache-2.0
// What pods of one owner have in common, stored once: owner, containers, requests, limits.
#pragma once

#include "storage/names/names.hpp"
#include "storage/watched/watched_objects.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

namespace storage {

// Never moves: its views are into itself and into the names that it holds.
struct PodShape {
    std::string_view created_by_kind;
    std::string_view created_by_name;
    std::string_view workload_kind;
    std::string_view workload_name;
    std::vector<ContainerObject> containers;
    ResourceList requests;
    ResourceList limits;
    Reserved requested;
    Reserved limited;

    std::vector<Quantity> quantities;
    std::vector<Names::Name> names;
    std::uint32_t holders = 0;
};

class PodShapes {
  public:
    // names must outlive it.
    explicit PodShapes(Names& names) : names_{names} {}

    // One more holder of the shape of a pod. Each hold() needs its release().
    PodShape& hold(const PodObject& pod);
    void release(PodShape& shape);
    std::size_t size() const { return shapes_.size(); }

  private:
    using Owned = std::unique_ptr<PodShape>;
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(const PodObject& pod) const;
        std::size_t operator()(const PodShape& shape) const;
        std::size_t operator()(const Owned& shape) const { return (*this)(*shape); }
    };
    struct Equal {
        using is_transparent = void;
        bool operator()(const Owned& a, const Owned& b) const { return a == b; }
        bool operator()(const PodShape& a, const Owned& b) const { return &a == b.get(); }
        bool operator()(const Owned& a, const PodShape& b) const { return a.get() == &b; }
        bool operator()(const PodObject& pod, const Owned& shape) const;
        bool operator()(const Owned& shape, const PodObject& pod) const { return (*this)(pod, shape); }
    };
    Owned make(const PodObject& pod);

    Names& names_;
    boost::unordered_flat_set<Owned, Hash, Equal> shapes_;
};

// Keeps a list: its quantities go behind those that are in `into`, whose room must be enough, its names into
// `held`.
ResourceList keep(ResourceList list, std::vector<Quantity>& into, Names& names,
                  std::vector<Names::Name>& held);

}  // namespace storage

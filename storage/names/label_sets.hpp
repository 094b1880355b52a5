// SPDX-License-Identifier: Apache-2.0
// Keeps each label set once, however many pods of one ReplicaSet carry it.
#pragma once

#include "storage/names/labels.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

namespace storage {

class LabelSets {
  public:
    LabelSets();
    LabelSets(const LabelSets&) = delete;
    LabelSets& operator=(const LabelSets&) = delete;

    // One more holder of the set. Each hold() needs its release(), but for the empty set, which always stays.
    LabelSetId hold(const Labels& labels);
    void release(LabelSetId id);

    // REQUIRES: the id was given out by hold(). The reference is valid until the set's last release().
    const Labels& labels(LabelSetId id) const { return sets_[id].labels; }
    std::uint32_t generation(LabelSetId id) const { return sets_[id].generation; }
    // Sets that are held, the empty one included.
    std::size_t size() const { return ids_.size(); }

  private:
    struct Set {
        Labels labels;
        std::uint32_t holders = 0;
        std::uint32_t generation = 0;
    };
    // By content, not by address.
    struct Hash {
        std::size_t operator()(const Labels* labels) const;
    };
    struct Equal {
        bool operator()(const Labels* a, const Labels* b) const { return *a == *b; }
    };

    // Sets never move.
    std::deque<Set> sets_;
    std::vector<LabelSetId> free_;
    boost::unordered_flat_map<const Labels*, LabelSetId, Hash, Equal> ids_;
};

}  // namespace storage

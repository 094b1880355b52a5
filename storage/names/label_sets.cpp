// SPDX-License-Identifier: Apache-2.0
#include "storage/names/label_sets.hpp"

#include <cassert>
#include <functional>
#include <string_view>

#include <boost/container_hash/hash.hpp>

namespace storage {

std::size_t LabelSets::Hash::operator()(const Labels* labels) const {
    std::size_t seed = labels->size();
    for (const auto& [key, value] : *labels) {
        boost::hash_combine(seed, std::hash<std::string_view>{}(key));
        boost::hash_combine(seed, std::hash<std::string_view>{}(value));
    }
    return seed;
}

LabelSets::LabelSets() {
    const LabelSetId empty = hold({});
    assert(empty == kNoLabels);
    static_cast<void>(empty);
}

LabelSetId LabelSets::hold(const Labels& labels) {
    if (auto found = ids_.find(&labels); found != ids_.end()) {
        ++sets_[found->second].holders;
        return found->second;
    }
    if (free_.empty()) {
        free_.push_back(static_cast<LabelSetId>(sets_.size()));
        sets_.emplace_back();
    }
    const LabelSetId id = free_.back();
    free_.pop_back();
    Set& set = sets_[id];
    set.labels = labels;
    set.holders = 1;
    ++set.generation;
    ids_.emplace(&set.labels, id);
    return id;
}

void LabelSets::release(LabelSetId id) {
    if (id == kNoLabels) return;
    Set& set = sets_[id];
    assert(set.holders > 0);
    if (--set.holders > 0) return;
    ids_.erase(&set.labels);
    set.labels = {};
    free_.push_back(id);
}

}  // namespace storage

// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/resources/collection.hpp"

#include <algorithm>

namespace sim {
namespace {

ObjectKey key_of(const Object& object) {
    return {object.meta().name_space, object.meta().name};
}

}  // namespace

bool Selection::matches(const Object& object) const {
    if (!name_space.empty() && object.meta().name_space != name_space) return false;
    const bool fits = std::all_of(fields.begin(), fields.end(), [&](const FieldTerm& term) {
        return (object.field(term.field) == term.value) == term.equal;
    });
    return fits && labels.matches(object.meta().labels);
}

Collection::Collection(ResourceType type, Versions& versions, std::size_t history)
    : type_{std::move(type)}, versions_{versions}, history_{history}, oldest_{versions.current()} {}

void Collection::load(ObjectPtr object) {
    const std::uint64_t version = versions_.next();
    oldest_ = version;
    ObjectKey key = key_of(*object);
    objects_[std::move(key)] = {std::move(object), version};
}

void Collection::put(ObjectPtr object) {
    const std::uint64_t version = versions_.next();
    Stored& stored = objects_[key_of(*object)];
    ObjectPtr before = std::exchange(stored.object, object);
    stored.version = version;
    record(std::move(before), std::move(object), version);
}

void Collection::remove(const ObjectKey& key) {
    const auto it = objects_.find(key);
    if (it == objects_.end()) return;
    ObjectPtr before = std::move(it->second.object);
    objects_.erase(it);
    record(std::move(before), nullptr, versions_.next());
}

void Collection::record(ObjectPtr before, ObjectPtr after, std::uint64_t version) {
    changes_.push_back({version, std::move(before), std::move(after)});
    if (changes_.size() > history_) {
        oldest_ = changes_.front().version;
        changes_.pop_front();
    }
    changed_.notify();
}

std::optional<Stored> Collection::get(const ObjectKey& key) const {
    const auto it = objects_.find(key);
    if (it == objects_.end()) return std::nullopt;
    return it->second;
}

std::vector<Stored> Collection::list(const Selection& selection, const std::optional<ObjectKey>& after,
                                     std::size_t limit) const {
    std::vector<Stored> result;
    auto it = after ? objects_.upper_bound(*after) : objects_.lower_bound({selection.name_space, ""});
    for (; it != objects_.end() && (limit == 0 || result.size() < limit); ++it) {
        if (!selection.name_space.empty() && it->first.first != selection.name_space) break;
        if (selection.matches(*it->second.object)) result.push_back(it->second);
    }
    return result;
}

const Change* Collection::next_change(std::uint64_t version) const {
    const auto it =
        std::upper_bound(changes_.begin(), changes_.end(), version,
                         [](std::uint64_t v, const Change& change) { return v < change.version; });
    return it == changes_.end() ? nullptr : &*it;
}

void Collection::compact() {
    changes_.clear();
    oldest_ = versions_.next();
    changed_.notify();
}

void Collection::close() {
    closed_ = true;
    changed_.notify();
}

}  // namespace sim

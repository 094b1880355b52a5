// SPDX-License-Identifier: Apache-2.0
// The objects of one resource, with the history of their changes that watches are served from.
#pragma once

#include "net/event.hpp"
#include "test/sim/api/objects/object.hpp"
#include "test/sim/api/resources/selector.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sim {

// One counter for all collections, as in etcd.
class Versions {
  public:
    std::uint64_t current() const { return current_; }
    std::uint64_t next() { return ++current_; }

  private:
    std::uint64_t current_ = 1000;
};

// (namespace, name).
using ObjectKey = std::pair<std::string, std::string>;

struct Stored {
    ObjectPtr object;
    std::uint64_t version = 0;
};

// `before` is empty for an object that is new, `after` for one that is gone.
struct Change {
    std::uint64_t version = 0;
    ObjectPtr before;
    ObjectPtr after;
};

struct ResourceType {
    std::string plural;
    std::string singular;
    std::string short_name;
    TypeName type;
    bool namespaced = true;
    // That field selectors may name.
    std::vector<std::string> selectable_fields;
};

// Which objects of a collection somebody asked for.
struct Selection {
    // Empty: all namespaces.
    std::string name_space;
    LabelSelector labels;
    std::vector<FieldTerm> fields;

    bool matches(const Object& object) const;
    bool everything() const { return name_space.empty() && labels.empty() && fields.empty(); }
};

// Not thread safe.
class Collection {
  public:
    // Keeps the last `history` changes.
    Collection(ResourceType type, Versions& versions, std::size_t history);

    const ResourceType& type() const { return type_; }

    void put(ObjectPtr object);
    void remove(const ObjectKey& key);
    // For the start: no history.
    void load(ObjectPtr object);

    std::optional<Stored> get(const ObjectKey& key) const;
    // In order of (namespace, name), beginning after `after` when that is given; at most `limit` (0: all).
    std::vector<Stored> list(const Selection& selection, const std::optional<ObjectKey>& after,
                             std::size_t limit) const;

    // Changes after this version can no longer be told apart from none: asking for them is 410 Gone.
    std::uint64_t oldest() const { return oldest_; }
    // Of the last change of any collection.
    std::uint64_t current() const { return versions_.current(); }
    // The first change after `version`; nullptr: none yet.
    const Change* next_change(std::uint64_t version) const;
    // Forgets all history, as an API server that compacted it.
    void compact();

    // Notified of changes and of the end.
    net::Event& changed() { return changed_; }
    bool closed() const { return closed_; }
    // Watches end.
    void close();

  private:
    void record(ObjectPtr before, ObjectPtr after, std::uint64_t version);

    ResourceType type_;
    Versions& versions_;
    std::size_t history_;
    std::map<ObjectKey, Stored> objects_;
    std::deque<Change> changes_;
    std::uint64_t oldest_;
    net::Event changed_;
    bool closed_ = false;
};

}  // namespace sim

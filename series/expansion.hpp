// SPDX-License-Identifier: Apache-2.0
// The series that a family has of a thing, and their labels.
#pragma once

#include "query/source/labels.hpp"
#include "series/catalog.hpp"
#include "series/extras.hpp"
#include "series/subjects.hpp"
#include "storage/watched/watched_objects.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace series {

// The label that all have.
inline constexpr std::string_view kJob = "topd";

struct Item {
    // Which of the things.
    std::size_t thing = 0;
    // Labels that it has beside those of its thing, by name.
    std::vector<std::pair<std::string_view, std::string>> labels{};
    // Of families whose values the watches tell: the one of now, at all times at which the thing has figures
    // (of node_memory_available the capacity).
    double value = 0;
    // Of the volume that it is about.
    std::string volume{};
};

// Appends them. REQUIRES: has(extras, family).
void expand(const Family& family, const Thing& thing, std::size_t index, const Extras& extras,
            std::vector<Item>& out);

void append_labels(const Family& family, const Thing& thing, const Item& item, query::Labels& out);

// The same for who writes all series of a thing at once, without a copy of any text.

// What the extras know of a thing, looked up once; views as theirs.
struct Known {
    std::optional<storage::PodObject> pod;
    std::optional<storage::NodeObject> node;
    std::size_t pods_of_node = 0;
    // Those with a claim.
    std::vector<storage::stats::KnownVolume> volumes;
};

// All of it, or a part, which alone is looked for. Replaces `out`.
enum class Look { at_objects, at_volumes, at_all };
void look_up(const Thing& thing, Kind kind, const Extras& extras, Look look, Known& out);

struct ItemView {
    std::array<query::Label, 5> labels{};
    std::size_t count = 0;
    double value = 0;
    // Of the volume that it is about.
    std::string_view volume{};

    std::span<const query::Label> own() const { return std::span{labels}.first(count); }
};

// Views are valid during the call.
using VisitItem = std::function<void(const ItemView&)>;
void visit_items(const Family& family, const Thing& thing, const Known& known, const VisitItem& visit);

// `own` is by name.
void append_labels(const Family& family, const Thing& thing, std::span<const query::Label> own,
                   query::Labels& out);

}  // namespace series

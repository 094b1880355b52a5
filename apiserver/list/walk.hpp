// SPDX-License-Identifier: Apache-2.0
// A walk over the store's nodes or pods that encodes what is wanted, and stops and resumes by key.
#pragma once

#include "apiserver/encode/encoder.hpp"
#include "apiserver/list/freshness.hpp"
#include "apiserver/request/field_selector.hpp"
#include "apiserver/request/label_selector.hpp"
#include "apiserver/request/metrics_objects.hpp"
#include "storage/store.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include <boost/unordered/unordered_flat_map.hpp>

namespace apiserver {

// A selector's verdict on label sets, each of them asked once.
class LabelFilter {
  public:
    explicit LabelFilter(LabelSelector selector) : selector_{std::move(selector)} {}
    bool accepts(const storage::Store& store, storage::LabelSetId id);

  private:
    struct Verdict {
        std::uint32_t generation = 0;
        bool accepted = false;
    };
    LabelSelector selector_;
    boost::unordered_flat_map<storage::LabelSetId, Verdict> verdicts_;
};

// The objects of a resource that are wanted.
struct ListScope {
    decltype(MetricsList::of) of;
    LabelSelector labels;
    FieldSelector fields;
    // Also applied to nodes; --node-selector.
    LabelSelector node_selector;
};

// Rows are taken from the store at the time they are encoded: each object at most once, in order; one that is
// there throughout appears. The store must outlive it, and so must `freshness`, which is told of each object.
class ListWalk {
  public:
    ListWalk(const storage::Store& store, ListScope scope, std::unique_ptr<Encoder> encoder,
             std::function<storage::Monotonic()> clock, Freshness* freshness = nullptr);

    // Appends the next elements, possibly none, until `out` holds about `size` bytes. False: those were the
    // last.
    bool advance(std::string& out, std::size_t size);

    Encoder& encoder() { return *encoder_; }

  private:
    bool is_of_nodes() const { return std::holds_alternative<AllNodes>(scope_.of); }
    bool advance_nodes(std::string& out, std::size_t size);
    bool advance_pods(std::string& out, std::size_t size);

    const storage::Store& store_;
    ListScope scope_;
    std::unique_ptr<Encoder> encoder_;
    std::function<storage::Monotonic()> clock_;
    Freshness* freshness_;
    LabelFilter labels_;
    LabelFilter node_selector_;
    // The last row seen.
    std::string after_namespace_;
    std::string after_name_;
};

}  // namespace apiserver

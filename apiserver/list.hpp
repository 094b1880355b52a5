// SPDX-License-Identifier: Apache-2.0
// Lists of nodes or pods: a walk over the store that stops and resumes by key, and the answers made of it
// (docs/decisions/0005-protobuf-lists.md).
#pragma once

#include "apiserver/encode/encoder.hpp"
#include "apiserver/request/field_selector.hpp"
#include "apiserver/request/label_selector.hpp"
#include "apiserver/request/negotiate.hpp"
#include "net/http.hpp"
#include "storage/store.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>

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

// What of a resource is wanted.
struct ListScope {
    Resource resource = kNodes;
    // Of pods; empty: of all namespaces.
    std::string name_space;
    LabelSelector labels;
    FieldSelector fields;
    // Also applied; --node-selector.
    LabelSelector node_selector;
};

// Rows are taken from the store at the time they are encoded: each object at most once, in order; one that is
// there throughout appears. The store must outlive it.
class ListWalk {
  public:
    ListWalk(const storage::Store& store, ListScope scope, std::unique_ptr<Encoder> encoder,
             std::function<storage::Monotonic()> clock);

    // Appends the next elements, possibly none, until `out` holds about `size` bytes. False: those were the
    // last.
    bool advance(std::string& out, std::size_t size);

    Encoder& encoder() { return *encoder_; }
    const Resource& resource() const { return scope_.resource; }

  private:
    bool advance_nodes(std::string& out, std::size_t size);
    bool advance_pods(std::string& out, std::size_t size);

    const storage::Store& store_;
    ListScope scope_;
    std::unique_ptr<Encoder> encoder_;
    std::function<storage::Monotonic()> clock_;
    LabelFilter labels_;
    LabelFilter node_selector_;
    // The last row seen.
    std::string after_namespace_;
    std::string after_name_;
};

// How much memory answers that must be complete before they are sent may take together. One is always let
// through, whatever its size. Must outlive its leases.
class ByteBudget {
  public:
    explicit ByteBudget(std::size_t limit) : limit_{limit} {}

    class Lease {
      public:
        explicit Lease(ByteBudget& budget) : budget_{&budget} { ++budget.leases_; }
        Lease(Lease&& other) noexcept
            : budget_{std::exchange(other.budget_, nullptr)}, bytes_{std::exchange(other.bytes_, 0)} {}
        Lease& operator=(Lease&&) = delete;
        ~Lease() {
            if (budget_ != nullptr) budget_->used_ -= bytes_, --budget_->leases_;
        }
        // False: over the limit, nothing taken.
        bool take(std::size_t bytes);
        void give_back(std::size_t bytes);

      private:
        ByteBudget* budget_;
        std::size_t bytes_ = 0;
    };

    std::size_t used() const { return used_; }

  private:
    std::size_t limit_;
    std::size_t used_ = 0;
    std::size_t leases_ = 0;
};

// Lists over about this many bytes are sent in pieces of this size, without Content-Length.
inline constexpr std::size_t kPieceBytes = 64 * 1024;

// The answer 200 with the list, or 429 when the budget does not allow it. Lets other work run between pieces.
net::Task<net::Response> answer_list(ListWalk walk, Representation form, ByteBudget& budget);

}  // namespace apiserver

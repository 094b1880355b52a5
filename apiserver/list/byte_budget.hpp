// SPDX-License-Identifier: Apache-2.0
// A bound on memory that several answers share.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>

namespace apiserver {

// How much memory the holders of leases may take together. One is always let through, whatever its size, and
// so are small ones: what the HPA asks for must not wait for somebody's list of everything. Must outlive its
// leases.
class ByteBudget {
  public:
    // There are no more of these than connections.
    static constexpr std::size_t kSmall = std::size_t{128} * 1024;

    explicit ByteBudget(std::size_t limit) : limit_{limit} {}

    class Lease {
      public:
        explicit Lease(ByteBudget& budget) : budget_{&budget} { ++budget.leases_; }
        Lease(Lease&& other) noexcept
            : budget_{std::exchange(other.budget_, nullptr)}, bytes_{std::exchange(other.bytes_, 0)} {}
        Lease& operator=(Lease&& other) noexcept {
            std::swap(budget_, other.budget_);
            std::swap(bytes_, other.bytes_);
            return *this;
        }
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

    // A lease of so many bytes; nullopt: over the limit.
    std::optional<Lease> lease(std::size_t bytes);

    std::size_t used() const { return used_; }

  private:
    std::size_t limit_;
    std::size_t used_ = 0;
    std::size_t leases_ = 0;
};

}  // namespace apiserver

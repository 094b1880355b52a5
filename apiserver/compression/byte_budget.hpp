// SPDX-License-Identifier: Apache-2.0
// A bound on memory that several answers share.
#pragma once

#include "net/event.hpp"

#include <cstddef>
#include <optional>
#include <utility>

namespace apiserver {

// How much memory the holders of leases may take together. A large one beside which there is no other is
// always let through, whatever its size, and so are small ones: what the HPA asks for must not wait for
// somebody's list of everything. Must outlive its leases.
class ByteBudget {
  public:
    // There are no more of these than connections.
    static constexpr std::size_t kSmall = std::size_t{128} * 1024;

    explicit ByteBudget(std::size_t limit) : limit_{limit} {}

    class Lease {
      public:
        explicit Lease(ByteBudget& budget) : budget_{&budget} {}
        Lease(Lease&& other) noexcept
            : budget_{std::exchange(other.budget_, nullptr)},
              bytes_{std::exchange(other.bytes_, 0)},
              large_{std::exchange(other.large_, false)} {}
        Lease& operator=(Lease&& other) noexcept {
            std::swap(budget_, other.budget_);
            std::swap(bytes_, other.bytes_);
            std::swap(large_, other.large_);
            return *this;
        }
        ~Lease();
        // Whether it is small with so many bytes more.
        bool stays_small(std::size_t bytes) const { return bytes_ + bytes <= kSmall; }
        // False: over the limit, nothing taken.
        bool take(std::size_t bytes);
        void give_back(std::size_t bytes);

      private:
        ByteBudget* budget_;
        std::size_t bytes_ = 0;
        // It was once.
        bool large_ = false;
    };

    // A lease of so many bytes; nullopt: over the limit.
    std::optional<Lease> lease(std::size_t bytes);

    std::size_t used() const { return used_; }
    // Something was given back.
    net::Event& eased() { return eased_; }

  private:
    std::size_t limit_;
    std::size_t used_ = 0;
    // Leases that are large.
    std::size_t large_ = 0;
    net::Event eased_;
};

}  // namespace apiserver

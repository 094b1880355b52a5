// SPDX-License-Identifier: Apache-2.0
#include "apiserver/compression/byte_budget.hpp"

namespace apiserver {

ByteBudget::Lease::~Lease() {
    if (budget_ == nullptr) return;
    if (large_) --budget_->large_;
    give_back(bytes_);
}

bool ByteBudget::Lease::take(std::size_t bytes) {
    const bool alone = budget_->large_ == (large_ ? 1U : 0U);
    if (!stays_small(bytes)) {
        if (!alone && budget_->used_ + bytes > budget_->limit_) return false;
        if (!std::exchange(large_, true)) ++budget_->large_;
    }
    budget_->used_ += bytes;
    bytes_ += bytes;
    return true;
}

void ByteBudget::Lease::give_back(std::size_t bytes) {
    budget_->used_ -= bytes;
    bytes_ -= bytes;
    budget_->eased_.notify();
}

std::optional<ByteBudget::Lease> ByteBudget::lease(std::size_t bytes) {
    std::optional<Lease> lease{std::in_place, *this};
    if (!lease->take(bytes)) lease.reset();
    return lease;
}

}  // namespace apiserver

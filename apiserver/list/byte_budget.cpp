// SPDX-License-Identifier: Apache-2.0
#include "apiserver/list/byte_budget.hpp"

namespace apiserver {

bool ByteBudget::Lease::take(std::size_t bytes) {
    const bool small = bytes_ + bytes <= kSmall;
    if (!small && budget_->leases_ > 1 && budget_->used_ + bytes > budget_->limit_) return false;
    budget_->used_ += bytes;
    bytes_ += bytes;
    return true;
}

void ByteBudget::Lease::give_back(std::size_t bytes) {
    budget_->used_ -= bytes;
    bytes_ -= bytes;
}

std::optional<ByteBudget::Lease> ByteBudget::lease(std::size_t bytes) {
    std::optional<Lease> lease{std::in_place, *this};
    if (!lease->take(bytes)) lease.reset();
    return lease;
}

}  // namespace apiserver

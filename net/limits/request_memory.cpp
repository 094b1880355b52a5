// SPDX-License-Identifier: Apache-2.0
#include "net/limits/request_memory.hpp"

#include <algorithm>
#include <utility>

namespace net {

RequestMemory::Holder::~Holder() {
    if (memory_) memory_->release(*this);
}

bool RequestMemory::hold(Holder& holder, std::size_t bytes, bool proven) {
    const std::size_t counted = bytes > free_ ? bytes - free_ : 0;
    if (counted == holder.bytes_) return true;
    holder.memory_ = this;
    holder.proven_ = proven;
    held_ = held_ - holder.bytes_ + counted;
    holder.bytes_ = counted;
    if (counted == 0) {
        holder.unlink();
        return true;
    }
    if (!holder.is_linked()) reading_.push_back(holder);
    while (held_ > limit_) {
        const auto worst =
            std::max_element(reading_.begin(), reading_.end(), [](const Holder& a, const Holder& b) {
                return std::pair{!a.proven_, a.bytes_} < std::pair{!b.proven_, b.bytes_};
            });
        Holder& refused = *worst;
        release(refused);
        if (&refused == &holder) return false;
        refused.on_shortage();
    }
    return true;
}

void RequestMemory::settle(Holder& holder) {
    if (holder.is_linked()) holder.unlink();
}

void RequestMemory::release(Holder& holder) {
    held_ -= holder.bytes_;
    holder.bytes_ = 0;
    if (holder.is_linked()) holder.unlink();
}

}  // namespace net

// SPDX-License-Identifier: Apache-2.0
#include "sink/memory_queue.hpp"

#include <utility>

namespace sink {
namespace {

std::size_t size_of(const Batch& batch) {
    return sizeof(Batch) + batch.body.capacity();
}

}  // namespace

net::Task<> MemoryQueue::push(Batch batch) {
    if (batch.last) newest_tick_ = batch.tick;
    if (batch.tick == lost_tick_) {
        dropped_ += batch.points;
        co_return;
    }
    batch.body.shrink_to_fit();
    bytes_ += size_of(batch);
    points_ += batch.points;
    batches_.push_back(std::move(batch));
    while (bytes_ > most_bytes_ && !batches_.empty()) drop_oldest();
}

net::Task<const Batch*> MemoryQueue::front() {
    const bool is_whole = !batches_.empty() && batches_.front().tick <= newest_tick_;
    shown_ = is_whole;
    co_return is_whole ? &batches_.front() : nullptr;
}

net::Task<> MemoryQueue::pop() {
    if (std::exchange(shown_, false)) remove_front();
    co_return;
}

Waiting MemoryQueue::waiting() const {
    return {batches_.size(), points_, bytes_, batches_.empty() ? 0 : batches_.front().tick, dropped_, 0};
}

void MemoryQueue::remove_front() {
    bytes_ -= size_of(batches_.front());
    points_ -= batches_.front().points;
    batches_.pop_front();
}

void MemoryQueue::drop_oldest() {
    const Seconds tick = batches_.front().tick;
    if (tick > newest_tick_) lost_tick_ = tick;
    while (!batches_.empty() && batches_.front().tick == tick) {
        dropped_ += batches_.front().points;
        remove_front();
    }
    shown_ = false;
}

}  // namespace sink

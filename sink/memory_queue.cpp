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
    batch.body.shrink_to_fit();
    bytes_ += size_of(batch);
    points_ += batch.points;
    batches_.push_back(std::move(batch));
    co_return;
}

net::Task<const Batch*> MemoryQueue::front() {
    co_return batches_.empty() ? nullptr : &batches_.front();
}

net::Task<> MemoryQueue::pop() {
    if (batches_.empty()) co_return;
    bytes_ -= size_of(batches_.front());
    points_ -= batches_.front().points;
    batches_.pop_front();
}

Waiting MemoryQueue::waiting() const {
    return {batches_.size(), points_, bytes_, batches_.empty() ? 0 : batches_.front().tick, 0, 0};
}

}  // namespace sink

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sink/queue.hpp"

#include <deque>

namespace sink {

class MemoryQueue final : public Queue {
  public:
    explicit MemoryQueue(std::size_t most_bytes) : most_bytes_{most_bytes} {}

    net::Task<> push(Batch batch) override;
    net::Task<const Batch*> front() override;
    net::Task<> pop() override;
    Seconds newest_tick() const override { return newest_tick_; }
    Waiting waiting() const override;

  private:
    void remove_front();
    // All of its tick.
    void drop_oldest();

    std::size_t most_bytes_;
    std::deque<Batch> batches_;
    std::size_t bytes_ = 0;
    std::uint64_t points_ = 0;
    std::uint64_t dropped_ = 0;
    Seconds newest_tick_ = 0;
    // The tick that is being pushed has been dropped: so is what comes of it.
    Seconds lost_tick_ = 0;
    // What front() gave is still the front.
    bool shown_ = false;
};

}  // namespace sink

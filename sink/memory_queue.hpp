// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sink/queue.hpp"

#include <deque>

namespace sink {

// Loses nothing: what does not fit has to wait elsewhere.
class MemoryQueue final : public Queue {
  public:
    // Full from so many bytes on.
    explicit MemoryQueue(std::size_t most_bytes) : most_bytes_{most_bytes} {}

    net::Task<> push(Batch batch) override;
    bool full() const override { return bytes_ >= most_bytes_; }
    net::Task<const Batch*> front() override;
    net::Task<> pop() override;
    Waiting waiting() const override;

  private:
    std::size_t most_bytes_;
    std::deque<Batch> batches_;
    std::size_t bytes_ = 0;
    std::uint64_t points_ = 0;
};

}  // namespace sink

// SPDX-License-Identifier: Apache-2.0
// Who takes batches.
#pragma once

#include "net/task.hpp"
#include "sink/batch.hpp"

#include <optional>
#include <utility>

namespace sink {

class Receiver {
  public:
    virtual ~Receiver() = default;

    // Offers it, once. `repeated`: it may have been offered before, and taken. `batch` must outlive the task.
    virtual net::Task<Verdict> deliver(const Batch& batch, bool repeated) = 0;

    // See Protocol::halves().
    virtual std::optional<std::pair<Batch, Batch>> halves(const Batch& batch) const {
        (void)batch;
        return std::nullopt;
    }
};

}  // namespace sink

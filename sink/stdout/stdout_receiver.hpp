// SPDX-License-Identifier: Apache-2.0
// Writes batches to a file descriptor, in a thread of its own: who reads them may be slow, or gone.
#pragma once

#include "sink/receiver.hpp"

#include <boost/asio/thread_pool.hpp>

namespace sink {

class StdoutReceiver final : public Receiver {
  public:
    // The descriptor stays the caller's.
    explicit StdoutReceiver(int descriptor) : descriptor_{descriptor} {}
    // Waits for a write that is under way.
    ~StdoutReceiver() override { thread_.join(); }

    net::Task<Verdict> deliver(const Batch& batch, bool repeated) override;

  private:
    int descriptor_;
    boost::asio::thread_pool thread_{1};
};

}  // namespace sink

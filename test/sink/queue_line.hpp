// SPDX-License-Identifier: Apache-2.0
// A queue that is asked without a loop of one's own.
#pragma once

#include "sink/queue.hpp"
#include "test/net/run.hpp"

#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>

namespace sink_test {

template <class Queue>
struct QueueLine {
    boost::asio::io_context loop;
    Queue queue;

    template <class Options>
    explicit QueueLine(const Options& options) : queue{options} {}
    std::string open() { return run(queue.open()); }
    void push(sink::Batch batch) { run(queue.push(std::move(batch))); }
    const sink::Batch* front() { return run(queue.front()); }
    void pop() { run(queue.pop()); }

  private:
    template <class T>
    T run(net::Task<T> task) {
        loop.restart();
        return test::run(loop, std::move(task));
    }
};

}  // namespace sink_test

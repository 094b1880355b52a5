// SPDX-License-Identifier: Apache-2.0
// Asks topd for the rows, page by page.
#pragma once

#include "kube/client.hpp"
#include "kube/failure.hpp"
#include "net/task.hpp"
#include "topd/top/client/place.hpp"
#include "topd/top/client/rows.hpp"
#include "topd/top/options.hpp"

#include <chrono>
#include <string>

namespace topd::top {

class Reader {
  public:
    // `place` must outlive it. `longest_wait`: how long it waits before it asks a topd again that says to
    // (503 with Retry-After), a few times.
    Reader(net::Executor executor, const Place& place,
           std::chrono::milliseconds longest_wait = std::chrono::seconds{2});

    // All rows that are wanted, of one tick: when history ticks between two pages it begins again. A failure
    // with kube::Errc::malformed: the answer was not of this API, and says why.
    net::Task<kube::Outcome<Rows>> read(const Options& options);

  private:
    net::Task<kube::Outcome<Rows>> try_read(const Options& options);
    net::Task<kube::Outcome<std::string>> ask(std::string target);
    net::Task<kube::Outcome<std::string>> ask_once(std::string target);

    const Place& place_;
    kube::Client client_;
    std::chrono::milliseconds longest_wait_;
};

}  // namespace topd::top

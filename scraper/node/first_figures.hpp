// SPDX-License-Identifier: Apache-2.0
// After a start, what is still missing of a node: a second sample of all that its page shows.
#pragma once

#include "net/task.hpp"
#include "storage/usage.hpp"

#include <chrono>
#include <cstddef>

namespace storage {
class Store;
class NodePage;
}  // namespace storage

namespace scraper {

struct ScrapedNode;

// How far the scraped nodes are on the way to their first figures.
struct FirstFigures {
    // When there was first one; Time{}: never.
    net::Clock::time_point since{};
    std::size_t nodes = 0;
    // Had two samples of all that their pages showed.
    std::size_t complete = 0;
    // Have not, and may yet.
    std::size_t awaited = 0;

    void add(const ScrapedNode& node);
};

// Whether a pod of the page that was just committed lacks figures which a second sample will bring. Pods that
// the watch does not show, containers too young for figures and pods with a container that is not measured
// are not waited for.
bool lacks_second_sample(const storage::Store& store, const storage::NodePage& page, storage::Monotonic now);

// How long after `wall`, our clock, the kubelet can have a newer sample than the newest of its page. The
// clocks may differ, so this is a guess.
std::chrono::nanoseconds to_next_sample(const storage::NodePage& page,
                                        std::chrono::system_clock::time_point wall);

// Whether somebody who waits for all first figures waits for this node's. A node that does not answer is not
// waited for: it failed twice (a restarted kubelet answers the second question), or had all the time of a
// request, or is not Ready and failed once.
bool is_awaited(const ScrapedNode& node);

}  // namespace scraper

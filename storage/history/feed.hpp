// SPDX-License-Identifier: Apache-2.0
// The store's side of history: links for what it knows, and figures for the tick that has just ended.
#pragma once

#include "storage/history/series.hpp"
#include "storage/history/time.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace storage::history {

class History;

// What the store keeps to find a thing again. kNowhere: there is no room for it, and no link is needed.
using Link = std::uint32_t;

struct ContainerFigures {
    std::string_view name;
    Figures figures;
    Life life;
};

class Feed {
  public:
    explicit Feed(History& history) : history_{history} {}

    // A name that is known goes on with its history. Unlinked things stay until their points have fallen out.
    Link link_node(std::string_view name);
    void unlink_node(Link node);
    Link link_pod(std::string_view name_space, std::string_view name);
    void unlink_pod(Link pod);

    // The tick that ends at `now` (Unix time) is over. What was served at its end follows, each thing once at
    // most, and then end_tick(). A tick that was not ended is.
    void begin_tick(Seconds now);
    // These pods come next: fetches what is touched then, since misses of the cache that overlap cost a
    // fraction.
    void expect(std::span<const Link> pods) const;
    // `node`: where the pod is; kNowhere: it is gone. Containers by name.
    void put_pod(Link pod, std::string_view name_space, Link node,
                 std::span<const ContainerFigures> containers);
    void put_node(Link node, const Figures& figures, Life life);
    void end_tick();

  private:
    History& history_;
};

}  // namespace storage::history

// SPDX-License-Identifier: Apache-2.0
// One page of a kubelet's /metrics/resource as values: the parser fills it, the store commits it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace storage {

// Nanoseconds since the Unix epoch, by the kubelet's clock. Lines carry milliseconds; start times carry more.
using Nanos = std::int64_t;

// One figure of a line and the line's own time.
struct Reading {
    // CPU: nanoseconds used since the start, truncated. Memory, swap: bytes, truncated.
    std::uint64_t value = 0;
    Nanos at = 0;
};

// The lines of one container, or of the node itself.
struct PageRow {
    // Views into the page's own text; unescaped. Empty for the node.
    std::string_view name_space;
    std::string_view pod;
    std::string_view container;
    std::optional<Reading> cpu;
    std::optional<Reading> memory;
    std::optional<Reading> swap;
    // container_start_time_seconds; 0: not reported.
    Nanos started = 0;
    // The page holds lines of it that contradict each other.
    bool twice = false;
};

// Reused from page to page: clear() keeps the memory that a usual page needs.
class NodePage {
  public:
    PageRow node;
    std::vector<PageRow> containers;
    // Lines that were skipped because they are malformed.
    std::uint32_t bad_lines = 0;
    // False: some lines are known to be missing (bad lines, or the kubelet says resource_scrape_error), so a
    // container that is absent from the page may well be alive.
    bool complete = true;
    // The answer's Date, to the second; 0: it had none. And how long the request took until the page was
    // there.
    Nanos kubelet_time = 0;
    std::chrono::nanoseconds request_time{0};

    // Copies text into the page and returns a view that stays valid until clear().
    std::string_view keep(std::string_view text);
    void clear();

  private:
    char* room_for(std::size_t size);

    // Blocks of kBlockBytes never move once they hold text; [block_] has `used_` bytes of it.
    std::vector<std::unique_ptr<char[]>> blocks_;
    std::size_t block_ = 0;
    std::size_t used_ = 0;
    // Texts that are too long for a block, one each.
    std::vector<std::unique_ptr<char[]>> long_;
};

}  // namespace storage

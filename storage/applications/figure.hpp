// SPDX-License-Identifier: Apache-2.0
// What is known of a pod for a demand: a figure, or why there is none.
#pragma once

#include "storage/node_page.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace storage::applications {

// The metric that every pod has: whether its page came, 1 or 0.
inline constexpr std::string_view kUp = "up";

// A value of one pod: all its series that count, added up.
struct Figure {
    // Thousandths. Within +-9.2e15.
    std::int64_t milli = 0;
    // When its page was asked for: Unix time.
    Nanos at = 0;
    // Over how long a rate was taken; zero: it is none.
    std::chrono::nanoseconds window{0};
};

// Why a pod has no figure for a demand; the first that applies.
enum class Missing : std::uint8_t {
    nothing,        // it has one
    no_room,        // there are too many demands, pods or series
    not_annotated,  // the pod does not ask to be scraped, or what it says of itself does not let it be asked
    waiting,        // its first page since it was asked for has not come yet
    unreachable,    // no page came for too long, for the reason in `detail`
    no_family,      // its pages have no such metric
    no_series,      // none of its series meets the requirements
    one_page,       // a rate needs two pages
    no_events,      // a mean of nothing: none was counted
    not_a_number,   // NaN or infinite, or older than the page
};

struct Known {
    std::optional<Figure> figure;
    Missing missing = Missing::waiting;
    // For people: what the annotations lack, what the last scrape ended with. May be empty.
    std::string detail;
};

}  // namespace storage::applications

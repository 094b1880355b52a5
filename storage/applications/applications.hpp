// SPDX-License-Identifier: Apache-2.0
// What pods say of themselves (--custom-metrics): the metrics that somebody asks for, and their newest figures
// by pod (docs/decisions/0030-custom-metrics.md).
//
// The API asks: it is answered with what is known, and what it asked for is in demand from then on, for a
// while. Who scrapes reads which pods are in demand and hands in their pages. Values and time only, as in
// storage/store.hpp; not thread safe. Everything is bounded (ApplicationsOptions).
#pragma once

#include "storage/names/labels.hpp"
#include "storage/store.hpp"
#include "storage/usage.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace storage::applications {

// Which series of a family count: all that meet every requirement. An absent label is "".
struct Requirement {
    enum class Op : std::uint8_t { exists, does_not_exist, in, not_in };
    std::string label;
    Op op = Op::exists;
    // Sorted and unique.
    std::vector<std::string> values;
    bool operator==(const Requirement&) const = default;
};

// A metric of the pods of a namespace, as it was asked for.
struct Demand {
    std::string name_space;
    std::string metric;
    // In the order in which they were written.
    std::vector<Requirement> series;
    bool operator==(const Demand&) const = default;
};

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
    nothing,       // it has one
    no_room,       // there are too many demands, pods or series
    not_annotated, // the pod does not ask to be scraped, or its annotations say nothing that can be used
    waiting,       // its first page has not come yet
    unreachable,   // no page came for too long, for the reason in `detail`
    no_family,     // its pages have no such metric
    no_series,     // none of its series meets the requirements
    one_page,      // a rate needs two pages
    not_a_number,  // NaN or infinite
};

struct Known {
    std::optional<Figure> figure;
    Missing missing = Missing::waiting;
    // For people: what the annotations lack, what the last scrape ended with. May be empty.
    std::string detail;
};

class Applications;  // storage/applications/ has the rest.

}  // namespace storage::applications

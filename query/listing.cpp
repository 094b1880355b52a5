// SPDX-License-Identifier: Apache-2.0
#include "query/listing.hpp"

#include <utility>

namespace query {
namespace {

// What a node of a set takes beside what is in it.
constexpr std::size_t kNodeBytes = 64;

Limits limits_of_listing(Limits limits) {
    limits.series = limits.listed_series;
    return limits;
}

}  // namespace

Listing::Listing(ListingOf what, std::string label, std::vector<std::vector<Matcher>> selectors,
                 const SeriesSource& source, const ListingOptions& options)
    : what_{what},
      label_{std::move(label)},
      selectors_{std::move(selectors)},
      source_{source},
      options_{options},
      work_{limits_of_listing(options.limits), options.deadline} {
    if (selectors_.empty()) selectors_.emplace_back();
}

bool Listing::add_text(std::string_view text) {
    if (text.empty() || texts_.find(text) != texts_.end()) return true;
    if (!work_.hold(text.size() + sizeof(std::string) + kNodeBytes)) return false;
    texts_.emplace(text);
    return true;
}

bool Listing::add(const Labels& labels) {
    switch (what_) {
        case ListingOf::label_values:
            return add_text(labels.get(label_));
        case ListingOf::label_names:
            for (std::size_t i = 0; i < labels.size(); ++i)
                if (!add_text(labels[i].name)) return false;
            return true;
        case ListingOf::series:
            break;
    }
    if (!series_.insert(labels).second) return true;
    return work_.hold(labels.bytes() + sizeof(Labels) + kNodeBytes);
}

Listing::Progress Listing::step(std::size_t budget, Clock::time_point now) {
    if (!work_.refill(budget, now)) return Progress::failed;
    for (; selector_ < selectors_.size(); ++selector_, walk_.reset()) {
        if (!walk_) walk_.emplace(source_, selectors_[selector_], options_.range);
        Pull pulled;
        while ((pulled = walk_->next(work_)) == Pull::row)
            if (!add(walk_->labels())) return Progress::failed;
        if (pulled != Pull::end) return pulled == Pull::pause ? Progress::more : Progress::failed;
    }
    // The first in order count, so all had to be seen.
    while (options_.limit > 0 && series_.size() > options_.limit) {
        series_.erase(std::prev(series_.end()));
        is_cut_ = true;
    }
    while (options_.limit > 0 && texts_.size() > options_.limit) {
        texts_.erase(std::prev(texts_.end()));
        is_cut_ = true;
    }
    return Progress::done;
}

}  // namespace query

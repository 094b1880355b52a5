// SPDX-License-Identifier: Apache-2.0
// Which series there are, which labels and which values: the API's series, labels and label/NAME/values.
#pragma once

#include "query/error.hpp"
#include "query/evaluation.hpp"
#include "query/operations/operation.hpp"
#include "query/operations/series_walk.hpp"
#include "query/source/matcher.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace query {

struct ListingOptions {
    // Series are listed if they have, or may have, samples in it.
    MillisRange range;
    // 0: all there are.
    std::size_t limit = 0;
    Limits limits;
    Clock::time_point deadline = Clock::time_point::max();
};

enum class ListingOf { series, label_names, label_values };

class Listing {
  public:
    // Of series that match any of the selectors (parse_selector()); of all series, if there is none. `label`:
    // whose values are wanted. The source must outlive it.
    Listing(ListingOf what, std::string label, std::vector<std::vector<Matcher>> selectors,
            const SeriesSource& source, const ListingOptions& options);

    using Progress = Evaluation::Progress;
    // As Evaluation::step().
    Progress step(std::size_t budget, Clock::time_point now);

    // Sorted, each once. After done; may be moved from.
    std::set<Labels>& series() { return series_; }
    std::set<std::string, std::less<>>& texts() { return texts_; }
    // Whether there were more than the limit.
    bool is_cut() const { return is_cut_; }
    // After failed.
    const Error& error() const { return *work_.error(); }
    const Usage& usage() const { return work_.usage(); }

  private:
    bool add(const Labels& labels);
    bool add_text(std::string_view text);

    ListingOf what_;
    std::string label_;
    std::vector<std::vector<Matcher>> selectors_;
    const SeriesSource& source_;
    ListingOptions options_;
    Work work_;
    std::size_t selector_ = 0;
    std::optional<SeriesWalk> walk_;
    std::set<Labels> series_;
    std::set<std::string, std::less<>> texts_;
    bool is_cut_ = false;
};

}  // namespace query

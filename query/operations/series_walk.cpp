// SPDX-License-Identifier: Apache-2.0
#include "query/operations/series_walk.hpp"

namespace query {
namespace {

// To find a series and to read its labels costs as much as some samples.
constexpr std::size_t kSeriesUnits = 16;

}  // namespace

Pull SeriesWalk::next(Work& work) {
    if (!cursor_) cursor_ = source_.select(matchers_, range_);
    for (;;) {
        if (work.is_spent()) return Pull::pause;
        switch (cursor_->next()) {
            case Advance::end:
                return Pull::end;
            case Advance::pause:
                return Pull::pause;
            case Advance::series:
                break;
        }
        work.spend(kSeriesUnits);
        if (!work.count_series()) return Pull::failed;
        cursor_->labels(labels_);
        if (matches_all(matchers_, labels_)) return Pull::row;
    }
}

bool SeriesWalk::read_samples(Work& work) {
    cursor_->samples(samples_);
    work.spend(samples_.size());
    return work.count_samples(samples_.size());
}

}  // namespace query

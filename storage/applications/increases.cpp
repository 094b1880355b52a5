// SPDX-License-Identifier: Apache-2.0
#include "storage/applications/increases.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace storage::applications {
namespace {

bool before(const SeriesValue& a, const SeriesValue& b) {
    return a.series < b.series;
}

}  // namespace

void settle(std::vector<SeriesValue>& page) {
    std::stable_sort(page.begin(), page.end(), before);
    auto end = page.begin();
    for (const SeriesValue& each : page) {
        if (end == page.begin() || std::prev(end)->series != each.series)
            *end++ = each;
        else if (!std::isnan(each.value))
            std::prev(end)->value = each.value;
    }
    page.erase(end, page.end());
}

double Increases::take(const std::vector<SeriesValue>& page, std::size_t most) {
    double increase = 0;
    std::vector<SeriesValue> merged;
    merged.reserve(std::max(page.size(), last_.size()));
    auto old = last_.begin();
    for (const SeriesValue& now : page) {
        for (; old != last_.end() && before(*old, now); ++old) merged.push_back(*old);
        const bool is_old = old != last_.end() && old->series == now.series;
        const double from = is_old ? old++->value : 0;
        const bool is_known = !std::isnan(now.value);
        if (is_known && !std::isnan(from)) increase += now.value >= from ? now.value - from : now.value;
        merged.push_back(is_known || !is_old ? now : SeriesValue{now.series, from});
    }
    merged.insert(merged.end(), old, last_.end());
    // Those that are absent have to go.
    if (merged.size() > most)
        last_ = page;
    else
        last_.swap(merged);
    return std::exchange(begun_, true) ? increase : 0;
}

void Increases::forget() {
    last_ = std::vector<SeriesValue>{};
    begun_ = false;
}

}  // namespace storage::applications

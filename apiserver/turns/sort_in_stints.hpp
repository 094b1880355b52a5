// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apiserver/turns/stint.hpp"
#include "net/task.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace apiserver {

// Sorts `all` as std::stable_sort does, with others' turns in between: runs are sorted, then merged pair by
// pair. Takes as much memory again. All must outlive the task.
template <class T, class Before>
net::Task<> sort_in_stints(std::vector<T>& all, const Before& before, Stint& stint) {
    // Sorted, or merged, between two looks at the clock.
    constexpr std::size_t kRun = 512;
    const std::size_t count = all.size();
    const auto at = [&all](std::size_t place) { return all.begin() + static_cast<std::ptrdiff_t>(place); };
    for (std::size_t from = 0; from < count; from += kRun) {
        std::stable_sort(at(from), at(std::min(from + kRun, count)), before);
        if (stint.is_over()) co_await stint.rest();
    }
    if (count <= kRun) co_return;
    std::vector<T> merged(count);
    for (std::size_t width = kRun; width < count; width *= 2) {
        for (std::size_t from = 0; from < count; from += 2 * width) {
            const std::size_t middle = std::min(from + width, count);
            const std::size_t end = std::min(middle + width, count);
            std::size_t left = from, right = middle;
            for (std::size_t out = from; out < end; ++out) {
                const bool take_right = left == middle || (right < end && before(all[right], all[left]));
                merged[out] = all[take_right ? right++ : left++];
                if (out % kRun == 0 && stint.is_over()) co_await stint.rest();
            }
        }
        std::swap(all, merged);
    }
}

}  // namespace apiserver
